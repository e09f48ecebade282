import { expect, test } from 'vitest';
import { testContext } from '../../fixtures/context.ts';
import { temporaryHome } from '../../fixtures/home.ts';
import { files } from '../../src/host/files.ts';
import type { Machine } from '../../src/host/machine.ts';
import environment from './environment.ts';

const machine: Machine = {
  platform: 'linux',
  architecture: 'x64',
  kernel: 'Linux 6.1.0-18-amd64',
  processor: 'x86_64',
  uid: 1000,
};

/** A machine whose system files are those of a folder. */
async function examine(
  root: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>> = {},
  more: Partial<Machine> = {},
) {
  const top = temporaryHome(root);
  const seen = await environment.probe({
    ...testContext({ home: top, env }),
    machine: { ...machine, ...more },
    files: {
      ...files,
      look: (path) => files.look(top + path),
      readText: (path, limits) => files.readText(top + path, limits),
      realpath: (path) => (path === '/etc/localtime' ? root[path] : undefined),
    },
  });
  return environment.judge(structuredClone(seen));
}

test('a usual machine is described with its language, and never judged', async () => {
  const verdict = await examine(
    {
      '/etc/os-release':
        'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nNAME="Debian GNU/Linux"\nVERSION_ID="12"\n# c\nID=debian\n',
      '/etc/localtime': '/usr/share/zoneinfo/Europe/Berlin',
    },
    { LANG: 'de_DE.UTF-8', EDITOR: 'code --token sk-secret', VISUAL: '', PAGER: '' },
  );
  expect(verdict).toMatchObject({
    kind: 'judged',
    summary: 'Debian GNU/Linux 12 (bookworm) · x64 · language de-DE',
    issues: [],
  });
  expect(verdict.details).toEqual({
    os: 'Debian GNU/Linux 12 (bookworm)',
    'os type': 'Debian GNU/Linux',
    'os version': '12',
    kernel: 'Linux 6.1.0-18-amd64',
    architecture: 'x64',
    processor: 'x86_64',
    'os language': 'de-DE',
    LANG: 'de_DE.UTF-8',
    VISUAL: 'not set',
    EDITOR: 'set',
    PAGER: 'set',
    'time zone': 'Europe/Berlin',
    container: 'none detected',
    automation: 'none detected',
    'running as root': false,
  });
});

test.each<
  [string, Record<string, string>, Record<string, string>, Partial<Machine>, Record<string, unknown>]
>([
  ['a docker container', { '/.dockerenv': '' }, {}, {}, { container: 'docker' }],
  ['a podman container', { '/run/.containerenv': '' }, {}, {}, { container: 'podman' }],
  ['a container that says so', {}, { container: 'systemd-nspawn' }, {}, { container: 'systemd-nspawn' }],
  [
    'a pod',
    { '/proc/1/cgroup': '12:pids:/kubepods/burstable/pod1/abc\n' },
    {},
    {},
    { container: 'kubepods' },
  ],
  ['no container', { '/proc/1/cgroup': '0::/init.scope\n' }, {}, {}, { container: 'none detected' }],
  ['GitHub Actions', {}, { CI: 'true', GITHUB_ACTIONS: 'true' }, {}, { automation: 'GitHub Actions' }],
  ['some CI', {}, { CI: '1' }, {}, { automation: 'unnamed CI' }],
  ['CI switched off', {}, { CI: 'false' }, {}, { automation: 'none detected' }],
  ['WSL 1', {}, {}, { kernel: 'Linux 4.4.0-19041-Microsoft' }, { subsystem: 'WSL 1' }],
  ['WSL 2', {}, {}, { kernel: 'Linux 5.15.90.1-microsoft-standard-WSL2' }, { subsystem: 'WSL 2' }],
  ['root', {}, {}, { uid: 0 }, { 'running as root': true }],
  ['a zone from the environment', {}, { TZ: ':Asia/Tokyo' }, {}, { 'time zone': 'Asia/Tokyo' }],
  ['a zone from its file', { '/etc/timezone': 'Etc/UTC\n' }, {}, {}, { 'time zone': 'Etc/UTC' }],
  ['no zone', {}, {}, {}, { 'time zone': 'unavailable' }],
  ['no description of the system', {}, {}, {}, { os: 'Linux 6.1.0-18-amd64', 'os type': 'Linux' }],
  [
    'control characters',
    { '/etc/os-release': 'PRETTY_NAME="\u001b[31mEvil\u0007"' },
    { LANG: 'C\u001b[0m', container: '\u001bx' },
    {},
    { os: '[31mEvil', LANG: 'C [0m', container: 'x' },
  ],
  ['a description of nonsense', { '/etc/os-release': '\0=\n__proto__=1\nNAME' }, {}, {}, { os: 'Linux' }],
  [
    'the second place of the description',
    { '/usr/lib/os-release': "ID='alpine'\nVERSION_ID=3.20" },
    {},
    {},
    { os: 'alpine 3.20', 'os version': '3.20' },
  ],
  [
    'macOS',
    {
      '/System/Library/CoreServices/SystemVersion.plist':
        '<dict><key>ProductVersion</key>\n<string>15.1</string></dict>',
    },
    {},
    { platform: 'darwin' },
    { os: 'macOS 15.1', 'os type': 'macOS', 'os version': '15.1' },
  ],
  ['Windows', {}, {}, { platform: 'win32', kernel: 'Windows_NT 10.0.22631' }, { os: 'Windows 10.0.22631' }],
  ['FreeBSD', {}, {}, { platform: 'freebsd', kernel: 'FreeBSD 14.1' }, { os: 'FreeBSD 14.1' }],
])('%s', async (_title, root, env, more, details) => {
  const verdict = await examine(root, env, more);
  expect(verdict.issues).toEqual([]);
  expect(verdict.details).toMatchObject(details);
});

test.each([
  [{}, 'unavailable'],
  [{ LANG: 'C.UTF-8' }, 'C'],
  [{ LANG: 'POSIX', LANGUAGE: 'de' }, 'POSIX'],
  [{ LANG: 'en_US.UTF-8', LC_MESSAGES: 'fr_FR@euro' }, 'fr-FR'],
  [{ LANG: 'en_US.UTF-8', LC_ALL: 'pt_BR' }, 'pt-BR'],
  [{ LANG: 'en_US.UTF-8', LANGUAGE: 'de_AT:de:en' }, 'de-AT'],
  [{ LANG: 'en_US.UTF-8', LC_ALL: '', LANGUAGE: ':' }, 'en-US'],
])('language of %j is %s', async (env, expected) => {
  const verdict = await examine({}, env);
  expect(verdict.details['os language']).toBe(expected);
});
