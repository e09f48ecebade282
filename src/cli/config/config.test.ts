import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryHome } from '../../../fixtures/home.ts';
import { stethos } from '../../../fixtures/run.ts';
import { newParser } from '../command-line.ts';
import { runConfig } from './config.ts';
import { buildConfigOptions, configOptions } from './options.ts';
import type { ConfigView } from './view.ts';

const TOKEN = `sk-proj-${'a1B2c3D4'.repeat(6)}`;
const NOW = Date.parse('2026-11-20T22:00:00Z');

interface Machine {
  readonly project?: string;
  readonly user?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** `stethos config` in a project below the user's home. */
function configIn({ project, user, env = {} }: Machine): (...argv: string[]) => ReturnType<typeof runConfig> {
  const home = temporaryHome({
    'work/.git/HEAD': 'x',
    ...(project !== undefined && { 'work/stethos.toml': project }),
    ...(user !== undefined && { '.config/stethos/stethos.toml': user }),
  });
  mkdirSync(join(home, 'work/a'));
  return (...argv) =>
    runConfig(buildConfigOptions(newParser(argv, 'stethos config', configOptions)).parseSync(), {
      env: { HOME: home, ...env },
      cwd: join(home, 'work/a'),
      nowMs: NOW,
    });
}

const PROJECT = `[doctor]
fail_on = "warn"
baseline = "baseline.json"
[plugins]
load = ["./evil.ts"]
[[waiver]]
check = "mcp.config"
class = "missing"
reason = "optional here"
expires = 2026-12-31
[[waiver]]
check = "auth.*"
reason = "until the move"
expires = "2026-11-19"
`;
const USER = `[doctor]
fail_on = "never"
timeout = "60s"
[plugins]
load = ["acme"]
[[check]]
id = "acme.vpn"
kind = "env"
variable = "ACME"
`;

test('every key, its value and who says so; waivers with their days; what is not followed', async () => {
  const config = configIn({ project: PROJECT, user: USER, env: { STETHOS_ONLY: 'state.*,config.*' } });
  const { text, exitCode } = await config();
  expect(exitCode).toBe(0);
  expect(text).toBe(
    `KEY                 VALUE                 FROM
doctor.target       auto                  default
doctor.only         state.*, config.*     STETHOS_ONLY
doctor.skip         (none)                default
doctor.fail_on      warn                  ../stethos.toml, line 2
doctor.timeout      60s                   ~/.config/stethos/stethos.toml, line 3
doctor.format       human                 default
doctor.offline      false                 default
doctor.no_exec      false                 default
doctor.baseline     ~/work/baseline.json  ../stethos.toml, line 3
doctor.anchor_file  (not set)             default
plugins.load        acme                  ~/.config/stethos/stethos.toml, line 5
history.enabled     false                 default
history.keep        200                   default

Waivers
  mcp.config (missing)  until 2026-12-31, 41 days left  ../stethos.toml, line 6   optional here
  auth.*                expired on 2026-11-19           ../stethos.toml, line 11  until the move

Plugins
  acme  ~/.config/stethos/stethos.toml, line 5

Declared checks
  acme.vpn  ~/.config/stethos/stethos.toml, line 6

Not followed, since the project is not trusted (--trust-project)
  plugins.load

Files
  project  ~/work/stethos.toml             read
  user     ~/.config/stethos/stethos.toml  read
`,
  );
  expect((await config('--trust-project')).text).toContain('./evil.ts, acme');
});

test('for programs: the same as data, with types', async () => {
  const { text } = await configIn({ project: PROJECT })('--json');
  const view = JSON.parse(text) as ConfigView;
  expect(view.keys.find(({ key }) => key === 'history.keep')).toEqual({
    key: 'history.keep',
    value: 200,
    source: { kind: 'default', where: 'default' },
    variable: 'STETHOS_HISTORY_KEEP',
  });
  expect(view.waivers.map(({ daysLeft }) => daysLeft)).toEqual([41, -1]);
  expect(view.untrusted).toEqual(['plugins.load']);
});

test('secrets are hidden and control characters written out, in values as in reasons', async () => {
  const config = configIn({
    project: `[[waiver]]\ncheck = "a.b"\nreason = "key ${TOKEN} \\u001b[31m\\u202e"\nexpires = 2026-12-31\n`,
    env: { STETHOS_PLUGINS: `./${TOKEN}.ts` },
  });
  for (const argv of [[], ['--json']]) {
    const { text } = await config(...argv);
    expect(text).not.toContain(TOKEN);
    // oxlint-disable-next-line no-control-regex -- control characters are what this is about
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
    expect(text).toContain('<');
  }
});

test('which files there may be', async () => {
  const config = configIn({ user: '' });
  expect((await config('path')).text).toBe(
    'project  ~/work/stethos.toml             does not exist\nuser     ~/.config/stethos/stethos.toml  read\n',
  );
  expect(JSON.parse((await config('path', '--json')).text)).toEqual({
    schemaVersion: 1,
    files: [
      { kind: 'project', path: '~/work/stethos.toml', exists: false },
      { kind: 'user', path: '~/.config/stethos/stethos.toml', exists: true },
    ],
  });
});

test('check tells every fault with its place and ends with 1; what is sound ends with 0', async () => {
  expect(await configIn({ project: PROJECT, user: USER })('check')).toEqual({
    text: 'Every setting can be followed.\n',
    exitCode: 0,
  });
  const config = configIn({
    project: '[doctor]\nfail_on = "wran"\ntimout = "1s"\n',
    user: `${USER}kidn = "x"\n`,
  });
  const told =
    '../stethos.toml:2:1: doctor.fail_on is "wran"; known are warn, fail, never. Did you mean "warn"?\n' +
    '../stethos.toml:3:1: doctor.timout is not known; known are target, only, skip, fail_on, timeout, format, offline, no_exec, baseline, anchor_file. Did you mean timeout?\n';
  expect(await config('check')).toEqual({ text: told, exitCode: 1 });
  // What cannot be followed cannot be shown either.
  expect(await config()).toEqual({ text: told, exitCode: 1 });
  const { text } = await config('check', '--json');
  expect(JSON.parse(text)).toMatchObject({ valid: false, faults: [{ line: 2, column: 1 }, { line: 3 }] });
});

test('check looks into declared checks too, also of a project that is not trusted', async () => {
  const { text, exitCode } = await configIn({ project: '[[check]]\nid = "acme.vpn"\nkind = "comand"\n' })(
    'check',
  );
  expect(exitCode).toBe(1);
  expect(text).toContain('../stethos.toml:1:1: acme.vpn: ');
});

test('a single file is checked wherever it stands', async () => {
  const folder = temporaryHome({ 'sound.toml': PROJECT, 'broken.toml': 'x = \n' });
  const config = configIn({});
  expect((await config('check', join(folder, 'sound.toml'))).exitCode).toBe(0);
  expect((await config('check', join(folder, 'broken.toml'))).text).toContain('broken.toml:1:');
  expect((await config('check', join(folder, 'none.toml'))).text).toContain('none.toml: does not exist.');
});

test.each([['nothing'], ['path', 'x'], ['check', 'a', 'b'], ['--jsno']])(
  '%j %j is no command line',
  async (...argv) => {
    await expect(async () => configIn({})(...argv)).rejects.toMatchObject({ name: 'UsageError' });
  },
);

test('as a process: what is told, and how it ends', async () => {
  const home = temporaryHome({ 'stethos.toml': '[doctor]\nfail_on = "wran"\n' });
  const { exitCode, stdout, stderr } = await stethos(['config', 'check'], { cwd: home, env: { HOME: home } });
  expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: '' });
  expect(stdout).toContain('stethos.toml:2:1: doctor.fail_on is "wran"');
});
