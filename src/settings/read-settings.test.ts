import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryHome } from '../../fixtures/home.ts';
import { files } from '../host/files.ts';
import { settingsPlaces } from './files.ts';
import { readSettings } from './read-settings.ts';
import type { SettingsSurroundings } from './read-settings.ts';
import type { Settings } from './settings.ts';
import { faultText } from './words.ts';

interface Machine {
  readonly contents?: Readonly<Record<string, string | Uint8Array>>;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly trustProject?: boolean;
}

/** A user's home with everything in it. */
function machine({
  contents = {},
  cwd = '.',
  env = {},
  trustProject = false,
}: Machine): SettingsSurroundings & {
  readonly home: string;
} {
  const home = temporaryHome(contents);
  mkdirSync(join(home, cwd), { recursive: true });
  return { home, env: { HOME: home, ...env }, cwd: join(home, cwd), files, platform: 'linux', trustProject };
}

function settingsOf(surroundings: SettingsSurroundings): Settings {
  const read = readSettings(surroundings);
  if (read.kind === 'faulty') throw new Error(read.faults.map(faultText).join('\n'));
  return read.settings;
}

const faultsOf = (surroundings: SettingsSurroundings): readonly string[] => {
  const read = readSettings(surroundings);
  return read.kind === 'faulty' ? read.faults.map(faultText) : [];
};

const REPOSITORY = { 'work/.git/HEAD': 'ref: refs/heads/main\n' };
const never = '[doctor]\nfail_on = "never"\n';

test.each<[string, Machine, string | undefined]>([
  ['nothing anywhere', {}, undefined],
  ['in the working directory', { contents: { 'a/stethos.toml': never }, cwd: 'a' }, 'stethos.toml, line 2'],
  [
    'at the top of the repository',
    { contents: { ...REPOSITORY, 'work/stethos.toml': never }, cwd: 'work/a/b' },
    '../../stethos.toml, line 2',
  ],
  [
    'the nearest of two',
    { contents: { ...REPOSITORY, 'work/stethos.toml': '', 'work/a/stethos.toml': never }, cwd: 'work/a/b' },
    '../stethos.toml, line 2',
  ],
  ['above the repository', { contents: { ...REPOSITORY, 'stethos.toml': never }, cwd: 'work/a' }, undefined],
  ['above, without a repository', { contents: { 'a/stethos.toml': never }, cwd: 'a/b' }, undefined],
  [
    'a home under version control is no project',
    { contents: { '.git/HEAD': 'x', 'stethos.toml': never }, cwd: 'a/b' },
    undefined,
  ],
  [
    'of the user',
    { contents: { '.config/stethos/stethos.toml': never } },
    '~/.config/stethos/stethos.toml, line 2',
  ],
  [
    'of the project before that of the user',
    { contents: { 'stethos.toml': never, '.config/stethos/stethos.toml': '[doctor]\nfail_on="warn"' } },
    'stethos.toml, line 2',
  ],
  [
    'a variable before both',
    { contents: { 'stethos.toml': '[doctor]\nfail_on="warn"' }, env: { STETHOS_FAIL_ON: 'never' } },
    'STETHOS_FAIL_ON',
  ],
  ['an empty variable says nothing', { env: { STETHOS_FAIL_ON: '' } }, undefined],
  [
    'XDG passes over a relative folder',
    { contents: { 'c/stethos/stethos.toml': never }, env: { XDG_CONFIG_HOME: 'c' } },
    undefined,
  ],
])('%s', (_what, given, where) => {
  const { failOn } = settingsOf(machine(given)).doctor;
  expect(failOn && [failOn.value, failOn.source.where]).toEqual(where && ['never', where]);
});

test('Windows keeps settings in %APPDATA%', () => {
  const [, user] = settingsPlaces({
    env: { HOME: '/home/ann', APPDATA: 'C:\\Users\\Ann\\AppData\\Roaming' },
    cwd: '/w',
    files,
    platform: 'win32',
  });
  expect(user?.path).toContain('C:\\Users\\Ann\\AppData\\Roaming');
});

test('a machine without any stethos.toml pays for looks at paths only', () => {
  const { cwd, env } = machine({ contents: REPOSITORY, cwd: 'work/a' });
  const calls: string[] = [];
  const watched: SettingsSurroundings['files'] = {
    look: (path) => {
      calls.push('look');
      return files.look(path);
    },
    readText: () => {
      throw new Error('nothing is there to be read');
    },
    realpath: () => undefined,
  };
  expect(readSettings({ env, cwd, files: watched, trustProject: false }).kind).toBe('read');
  expect(calls.length).toBeLessThan(10);
});

test('whatever stands there that is no file of settings is a fault, and nothing waits for it', () => {
  const { cwd, env } = machine({
    contents: {
      'large/stethos.toml': ' '.repeat(256 * 1024 + 1),
      'binary/stethos.toml': new Uint8Array([0xff, 0xfe, 0]),
    },
  });
  const at = (folder: string): readonly string[] =>
    faultsOf({ env, cwd: join(cwd, folder), files, trustProject: false });
  mkdirSync(join(cwd, 'folder/stethos.toml'), { recursive: true });
  for (const folder of ['pipe', 'dangling', 'loop']) mkdirSync(join(cwd, folder));
  execFileSync('mkfifo', [join(cwd, 'pipe/stethos.toml')]);
  symlinkSync('nowhere', join(cwd, 'dangling/stethos.toml'));
  symlinkSync('stethos.toml', join(cwd, 'loop/stethos.toml'));
  expect(['large', 'binary', 'folder', 'pipe', 'dangling', 'loop'].map(at)).toEqual([
    ['stethos.toml: is larger than 256 KB.'],
    ['stethos.toml: is not text in UTF-8.'],
    ['stethos.toml: is a directory, not a file.'],
    ['stethos.toml: is a fifo, not a file.'],
    ['stethos.toml: is a link that leads nowhere.'],
    ['stethos.toml: is a link that leads back to itself.'],
  ]);
});

test('faults of both files and of variables are told together', () => {
  expect(
    faultsOf(
      machine({
        contents: { 'stethos.toml': 'x = 1\n', '.config/stethos/stethos.toml': '[doctor]\ntimeout = 1\n' },
        env: {
          STETHOS_OFFLINE: 'perhaps',
          STETHOS_TARGET: 'codx',
          STETHOS_HISTORY_KEEP: '0x10',
          STETHOS_TRUST_PROJECT: 'so',
        },
      }),
    ),
  ).toEqual([
    'STETHOS_TARGET is "codx"; known are auto, codex, stethos. Did you mean "codex"?',
    'STETHOS_OFFLINE is "perhaps"; 1 or 0 is expected.',
    'STETHOS_HISTORY_KEEP is a text; a whole number from 1 to 10000 is expected.',
    'STETHOS_TRUST_PROJECT is "so"; 1 or 0 is expected.',
    'stethos.toml:1:1: x is not known; known are doctor, waiver, plugins, check, history.',
    '~/.config/stethos/stethos.toml:2:1: doctor.timeout is the number 1; a text in quotes is expected. Did you mean "1"?',
  ]);
});

test('variables are read as options are', () => {
  const { cwd, ...surroundings } = machine({
    env: {
      STETHOS_ONLY: 'state.*, {config,auth}.*',
      STETHOS_NO_EXEC: 'TRUE',
      STETHOS_OFFLINE: '0',
      STETHOS_FORMAT: 'human,junit=out.xml',
      STETHOS_BASELINE: 'b.json',
      STETHOS_HISTORY: '1',
      STETHOS_HISTORY_KEEP: '7',
      STETHOS_PLUGINS: './a.ts,acme',
    },
  });
  const { doctor, history, plugins } = settingsOf({ cwd, ...surroundings });
  expect(Object.fromEntries(Object.entries(doctor).map(([name, { value }]) => [name, value]))).toEqual({
    only: ['state.*', '{config,auth}.*'],
    noExec: true,
    offline: false,
    format: ['human', `junit=${join(cwd, 'out.xml')}`],
    baseline: join(cwd, 'b.json'),
  });
  expect([history.enabled.value, history.keep.value]).toEqual([true, 7]);
  expect(plugins.map(({ specifier, from }) => [specifier, from])).toEqual([
    ['./a.ts', cwd],
    ['acme', cwd],
  ]);
});

const EVERYTHING = `[doctor]
only = ["state.*"]
format = ["human", "junit=doctor.xml"]
baseline = "../../b.json"
anchor_file = "README.md"
[[waiver]]
check = "mcp.config"
reason = "optional here"
expires = 2026-12-31
[plugins]
load = ["./evil.ts"]
[[check]]
id = "acme.vpn"
[history]
enabled = true
keep = 5
`;
const PROJECT = { contents: { ...REPOSITORY, 'work/a/stethos.toml': EVERYTHING }, cwd: 'work/a' };

test('a project says what is examined; code, commands and files to be written are for its owner to allow', () => {
  const { doctor, waivers, plugins, checks, history, untrusted } = settingsOf(machine(PROJECT));
  expect(Object.keys(doctor)).toEqual(['only', 'format', 'anchorFile']);
  expect(doctor.format?.value).toEqual(['human']);
  expect(waivers).toHaveLength(1);
  expect([plugins, checks, history.enabled.value]).toEqual([[], [], false]);
  expect(untrusted).toEqual([
    'doctor.format with a FILE',
    'doctor.baseline',
    'plugins.load',
    'history.enabled',
    'history.keep',
    'check acme.vpn',
  ]);
});

test.each<[string, Machine]>([
  ['--trust-project', { ...PROJECT, trustProject: true }],
  ['STETHOS_TRUST_PROJECT', { ...PROJECT, env: { STETHOS_TRUST_PROJECT: '1' } }],
])('with %s everything counts', (_how, given) => {
  const surroundings = machine(given);
  const { cwd, home } = surroundings;
  const { doctor, plugins, checks, history, untrusted } = settingsOf(surroundings);
  expect(doctor.format?.value).toEqual(['human', `junit=${join(cwd, 'doctor.xml')}`]);
  expect(doctor.baseline?.value).toBe(join(home, 'b.json'));
  expect(plugins).toEqual([
    { specifier: './evil.ts', from: cwd, source: { kind: 'project', where: 'stethos.toml, line 11' } },
  ]);
  expect(checks.map(({ table, from }) => [table['id'], from])).toEqual([['acme.vpn', cwd]]);
  expect([history.enabled.value, history.keep.value, untrusted]).toEqual([true, 5, []]);
});

test('what the file of the user says, the user has allowed', () => {
  const { plugins, history, untrusted } = settingsOf(
    machine({ contents: { '.config/stethos/stethos.toml': EVERYTHING } }),
  );
  expect([plugins.length, history.keep.value, untrusted]).toEqual([1, 5, []]);
});

test('a baseline inside the project counts, also from a folder below its top; a link out of it does not', () => {
  const surroundings = machine({
    contents: {
      ...REPOSITORY,
      'work/a/stethos.toml': '[doctor]\nbaseline = "../b.json"\n',
      'other/b.json': '{}',
    },
    cwd: 'work/a',
  });
  const inside = join(surroundings.home, 'work/b.json');
  expect(settingsOf(surroundings).doctor.baseline?.value).toBe(inside);
  symlinkSync(join(surroundings.home, 'other/b.json'), inside);
  expect(settingsOf(surroundings).untrusted).toEqual(['doctor.baseline']);
});

test.skipIf(process.platform === 'win32')('a pipe in place of a baseline does not count', () => {
  const surroundings = machine({
    contents: { ...REPOSITORY, 'work/stethos.toml': '[doctor]\nbaseline = "b.json"\n' },
    cwd: 'work',
  });
  execFileSync('mkfifo', [join(surroundings.home, 'work/b.json')]);
  expect(settingsOf(surroundings).untrusted).toEqual(['doctor.baseline']);
  expect(settingsOf({ ...surroundings, trustProject: true }).untrusted).toEqual([]);
});
