import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryHome } from '../../../fixtures/home.ts';
import { installStethos } from '../../../fixtures/installed-stethos.ts';
import { HOSTILE_PLUGINS } from '../../../fixtures/plugins/load.ts';
import { runNode, stethos } from '../../../fixtures/run.ts';
import { builtInChecks } from '../../../checks/index.ts';

/* `stethos checks` as a process. */

const checks = (args: readonly string[], cwd: string) =>
  stethos(['checks', ...args], { cwd, env: { HOME: cwd } });

test('a new check is made with its test, which passes, and the doctor runs it', async () => {
  const project = temporaryHome();
  const made = await checks(['new', 'acme.vpn'], project);
  expect(made).toMatchObject({ exitCode: 0, stderr: '' });
  expect(made.stdout).toContain('  node --test ./checks/acme.vpn.test.ts\n');
  expect(made.stdout).toContain('  stethos doctor --plugin ./checks/acme.vpn.ts --only acme.vpn\n');

  await installStethos(project);
  const tested = await runNode(['--test', '--test-reporter=tap', './checks/acme.vpn.test.ts'], {
    cwd: project,
  });
  expect(tested).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('# pass 2') as string });

  const examined = await stethos(
    [
      'doctor',
      '--offline',
      '--home',
      project,
      '--plugin',
      './checks/acme.vpn.ts',
      '--only',
      'acme.vpn',
      '--summary',
    ],
    { cwd: project, env: { HOME: project } },
  );
  expect(examined).toMatchObject({ exitCode: 0, stderr: '' });
  expect(examined.stdout).toContain('the home is there');

  const before = readFileSync(join(project, 'checks/acme.vpn.ts'), 'utf8');
  const again = await checks(['new', 'acme.vpn'], project);
  expect(again).toMatchObject({ exitCode: 1, stdout: '' });
  expect(again.stderr).toContain('exists already, and nothing was written. Another folder: --dir FOLDER');
  expect(readFileSync(join(project, 'checks/acme.vpn.ts'), 'utf8')).toBe(before);
});

test('a declarative check is a new stethos.toml, or words to be added to one; both are followed', async () => {
  const project = temporaryHome({ 'package.json': '{}' });
  expect(await checks(['new', 'acme.lock', '--declarative'], project)).toMatchObject({
    exitCode: 0,
    stderr: '',
  });
  const settings = readFileSync(join(project, 'stethos.toml'), 'utf8');
  const second = await checks(['new', 'acme.other', '--declarative'], project);
  expect(second).toMatchObject({ exitCode: 0, stdout: settings.replace('acme.lock', 'acme.other') });
  expect(second.stderr).toContain('exists and stays as it is: add this to it');
  expect(readFileSync(join(project, 'stethos.toml'), 'utf8')).toBe(settings);

  const listed = await checks(['list', '--trust-project', '--json'], project);
  const { checks: rows } = JSON.parse(listed.stdout) as {
    checks: { id: string; kind: string; from: string }[];
  };
  expect(rows.slice(0, builtInChecks.length).map(({ id }) => id)).toEqual(builtInChecks.map(({ id }) => id));
  expect(rows.slice(builtInChecks.length)).toEqual([
    expect.objectContaining({
      id: 'acme.lock',
      kind: 'declared',
      from: expect.stringContaining('stethos.toml') as string,
    }),
  ]);
});

test('checks of plugins are listed with where they come from, and what was refused on standard error', async () => {
  const { exitCode, stdout, stderr } = await checks(
    ['list', '--plugin', join(HOSTILE_PLUGINS, 'names.ts'), '--plugin', './not-there.ts'],
    temporaryHome(),
  );
  expect(exitCode).toBe(1);
  expect(stdout).toMatch(/^names\.good +names\.good stands still +plugin: names \(--plugin\)$/m);
  expect(stdout).toMatch(/^config\.load .* built-in$/m);
  expect(stdout).not.toContain('plugin.names');
  expect(stderr).toContain('stethos: names offers a check config.load, which exists already.\n');
  expect(stderr).toMatch(/^stethos: \.\/not-there\.ts failed: Cannot find module/m);
});

test.each<[readonly string[], string]>([
  [[], 'checks lists or makes'],
  [['run'], 'checks has no run'],
  [['new'], 'takes the id of the check'],
  [['new', 'VPN'], 'VPN is no id of a check'],
  [['new', 'config.load'], 'There is a check config.load already'],
  [['new', 'acme.vpn', 'more'], 'takes no more'],
  [['new', 'acme.vpn', '--json'], '--json goes with the other verb'],
  [['list', '--dir', 'x'], '--dir goes with the other verb'],
])('exit code 2: %j', async (args, words) => {
  const folder = temporaryHome();
  const { exitCode, stdout, stderr } = await checks(args, folder);
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  expect(stderr).toContain(words);
  expect(existsSync(join(folder, 'checks'))).toBe(false);
});
