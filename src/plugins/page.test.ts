import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryHome } from '../../fixtures/home.ts';
import { installStethos } from '../../fixtures/installed-stethos.ts';
import { runNode, stethos } from '../../fixtures/run.ts';

/* What stands in docs/plugins.md is run. */

const PAGE = readFileSync(join(import.meta.dirname, '../../docs/plugins.md'), 'utf8');

/** Each block of code by the name in its first line. */
const FILES = Object.fromEntries(
  [...PAGE.matchAll(/```ts\n\/\/ (\S+)\n(.*?)```/gs)].map(([, name = '', text = '']) => [name, text]),
);

/** Every command of the page, in its order, without what is said behind it. */
const COMMANDS = [...PAGE.matchAll(/```sh\n(.*?)```/gs)].flatMap(([, block = '']) =>
  block
    .trim()
    .split('\n')
    .map((line) => line.replace(/ +#.*$/, '')),
);

/** What the page takes for granted: a package that is installed, and a machine with a VPN. */
const PACKAGE = {
  'node_modules/stethos-plugin-acme/package.json': '{"type":"module","exports":"./index.js"}',
  'node_modules/stethos-plugin-acme/index.js': "export default { api: 1, name: 'installed' };",
  'home/config.toml': '',
  'state.txt': 'down\n',
};

test('the plugin of the page passes its own tests, and each command of it does what is said', async () => {
  expect(Object.keys(FILES)).toEqual(['vpn.ts', 'vpn.test.ts', 'index.ts']);
  const project = temporaryHome({ ...FILES, ...PACKAGE });
  await installStethos(project);
  const tested = await runNode(['--test', '--test-reporter=tap', 'vpn.test.ts'], { cwd: project });
  expect(tested).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('# pass 2') as string });

  const type = async (command = ''): Promise<string> => {
    const [program, name = '', ...words] = command.split(' ');
    expect(program).toBe('stethos');
    // The examined home is one of its own, and nobody is called but the VPN's check, which asks a file.
    const more = name === 'doctor' ? ['--home=home', '--only={acme,plugin}.*', '--all'] : [];
    const env = { HOME: project, ACME_VPN_STATE: join(project, 'state.txt') };
    const { stdout, stderr } = await stethos([name, ...words, ...more], { cwd: project, env });
    expect(stderr).toBe('');
    return stdout;
  };
  const [made, file, installed, listed, whole, ...rest] = COMMANDS;
  expect(rest).toEqual([]);
  expect(await type(made)).toContain('made ./checks/acme.vpn.test.ts');
  expect(await type(file)).toContain('acme.vpn is loaded');
  expect(await type(installed)).toContain('installed is loaded');
  expect(await type(listed)).toMatch(/^acme\.vpn +Say what is true.* plugin: acme\.vpn \(--plugin\)$/m);
  expect(await type(whole)).toContain('the VPN is down');
  expect(readFileSync(join(project, 'bad.txt'), 'utf8')).toBe('acme.vpn\n');
});
