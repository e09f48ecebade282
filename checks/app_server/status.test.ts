import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { testContext } from '../../fixtures/context.ts';
import { temporaryHome } from '../../fixtures/home.ts';
import type { Verdict } from '../../src/doctor/check.ts';
import type { ProcessFacts, Processes } from '../../src/host/processes.ts';
import type { ControlSocket, DaemonFacts, NamedProcess } from '../../src/target/install/daemon.ts';
import status from './status.ts';

const NOW = Date.parse('2026-11-20T12:00:00Z');
const HOUR_MS = 3_600_000;

const running: NamedProcess = {
  kind: 'process',
  pid: 4711,
  state: 'running',
  startedAtMs: NOW - HOUR_MS,
  executable: '/h/packages/app-server-daemon/releases/0.169.0-x/bin/codex',
  isExecutableGone: false,
  version: '0.169.0',
};
const ended: NamedProcess = {
  ...running,
  state: 'ended',
  startedAtMs: undefined,
  executable: undefined,
  version: undefined,
};

interface Situation {
  readonly server?: DaemonFacts['pidFiles'][number]['content'];
  readonly updater?: DaemonFacts['pidFiles'][number]['content'];
  readonly socket?: ControlSocket['state'];
  readonly selectedVersion?: string;
  readonly cliVersion?: string;
}

function judge({
  server,
  updater,
  socket = 'missing',
  selectedVersion,
  cliVersion = '0.169.0',
}: Situation): Verdict {
  const missing = { kind: 'missing' } as const;
  return status.judge({
    isHomeOutOfReach: false,
    command: 'codex',
    cliVersion,
    nowMs: NOW,
    daemon: {
      folder: '/h/app-server-daemon',
      settings: { path: '/h/app-server-daemon/settings.json', kind: 'missing' },
      pidFiles: [
        { label: 'dedicated pid file', path: '/h/daemon.pid', role: 'server', content: server ?? missing },
        {
          label: 'dedicated update-loop pid file',
          path: '/h/daemon-updater.pid',
          role: 'updater',
          content: updater ?? missing,
        },
      ],
      socket: { path: '/h/control.sock', realPath: '/h/control.sock', state: socket, type: undefined },
      selectedVersion,
    },
  });
}

const shape = ({ issues }: Verdict): string[] =>
  issues.map(({ severity, failure }) => `${severity} ${failure?.class ?? 'unclassed'}`);

test.each<[string, Situation, string[], RegExp]>([
  ['a running server', { server: running, socket: 'listening' }, [], /is running \(0\.169\.0\)/],
  ['a running server whose socket cannot be seen', { server: running, socket: 'unknown' }, [], /is running/],
  ['a server that was started by hand', { socket: 'listening' }, [], /started by hand/],
  ['a server that is just starting', { server: { ...running, startedAtMs: NOW - 500 } }, [], /is running/],
  ['a socket on a system that does not tell', { socket: 'unknown' }, [], /cannot be seen/],
  ['a running server without a socket', { server: running }, ['warning missing'], /nobody can reach it/],
  [
    'a running server whose socket is dead',
    { server: running, socket: 'silent' },
    ['warning stale'],
    /nobody can reach it/,
  ],
  [
    'a running server whose socket link dangles',
    { server: running, socket: 'dangling' },
    ['warning stale'],
    /nobody can reach it/,
  ],
  ['a pid file of a server that ended', { server: ended }, ['warning stale'], /ended without cleaning up/],
  [
    'everything that a killed server leaves',
    { server: ended, updater: ended, socket: 'silent' },
    ['warning stale'],
    /ended without cleaning up/,
  ],
  [
    'a pid that was reused',
    { server: { ...ended, state: 'reused' } },
    ['warning stale'],
    /ended without cleaning up/,
  ],
  [
    'a pid from before the machine was restarted',
    { server: { ...ended, state: 'restarted' } },
    ['warning stale'],
    /machine was restarted/,
  ],
  [
    'a stale pid file beside a server started by hand',
    { server: ended, socket: 'listening' },
    ['warning stale'],
    /ended without/,
  ],
  [
    'a dead update loop beside a running server',
    { server: running, updater: ended, socket: 'listening' },
    ['warning stale'],
    /update loop/,
  ],
  ['a socket that nobody holds', { socket: 'silent' }, ['warning stale'], /ended without/],
  ['a socket link that dangles', { socket: 'dangling' }, ['warning stale'], /ended without/],
  ['a file in place of the socket', { socket: 'wrong_type' }, ['warning wrong_type'], /place is taken/],
  [
    'a socket that may not be looked at',
    { socket: 'unreadable' },
    ['warning permissions'],
    /cannot be looked at/,
  ],
  [
    'a malformed pid file',
    { server: { kind: 'fault', class: 'malformed', reason: 'names no process id' } },
    ['warning malformed'],
    /names no process id/,
  ],
  [
    'a server older than the command',
    { server: running, socket: 'listening', cliVersion: '0.170.0' },
    ['warning mismatch'],
    /older than codex/,
  ],
  [
    'a server newer than the command',
    { server: running, socket: 'listening', cliVersion: '0.168.0' },
    [],
    /is running/,
  ],
  [
    'a server older than its own package',
    { server: running, socket: 'listening', selectedVersion: '0.170.0' },
    ['warning mismatch'],
    /although 0\.170\.0 is installed/,
  ],
  [
    'a server whose program was replaced',
    { server: { ...running, isExecutableGone: true }, socket: 'listening' },
    ['warning mismatch'],
    /replaced or removed/,
  ],
  [
    'a server of unknown version',
    { server: { ...running, version: undefined }, socket: 'listening', cliVersion: '0.170.0' },
    [],
    /is running/,
  ],
])('%s', (_name, situation, issues, said) => {
  const verdict = judge(situation);
  expect(verdict.kind).toBe('judged');
  expect(shape(verdict)).toEqual(issues);
  expect(verdict.summary).toMatch(said);
});

test('no server and no traces of one are idle', () => {
  expect(judge({})).toMatchObject({ kind: 'idle', summary: 'background server is not running' });
});

test('what a dead server left is one issue that names every file', () => {
  const [issue] = judge({ server: ended, updater: ended, socket: 'dangling' }).issues;
  for (const path of ['/h/daemon.pid', '/h/daemon-updater.pid', '/h/control.sock'])
    expect(issue?.remedy).toContain(path);
  expect(issue?.command).toBe('codex app-server daemon start');
});

const PID_FILE = 'app-server-daemon/daemon.pid';
const SOCKET = 'app-server-control/app-server-control.sock';

async function examine(home: string, processes?: Processes): Promise<Verdict> {
  const context = testContext({ home });
  return status.judge(await status.probe(processes ? { ...context, processes } : context));
}

test('a process that ended is told from one that runs', async () => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  onTestFinished(() => void child.kill('SIGKILL'));
  const home = temporaryHome({ [PID_FILE]: JSON.stringify({ pid: child.pid }) });
  expect((await examine(home)).details['status']).toBe('running');
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(shape(await examine(home))).toEqual(['warning stale']);
});

test('a socket in a private folder is followed through its link', async () => {
  const elsewhere = temporaryHome();
  const home = temporaryHome();
  mkdirSync(dirname(join(home, SOCKET)));
  symlinkSync(join(elsewhere, 'server.sock'), join(home, SOCKET));
  expect(shape(await examine(home))).toEqual(['warning stale']);

  const server = createServer().listen(join(elsewhere, 'server.sock'));
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  expect(shape(await examine(home))).toEqual([]);
});

/** A machine on which one process has every number. */
const oneProcess = (facts: Partial<ProcessFacts>): Processes => ({
  inspect: () => ({
    state: 'alive',
    startTicks: 500,
    startedAtMs: 0,
    executable: '/opt/codex',
    isExecutableGone: false,
    ...facts,
  }),
  bootId: () => 'this-boot',
  socketState: () => 'listening',
});
const identity = (bootId: string, startTicks: number): object => ({
  pid: 7,
  processIdentity: { bootId, startTicks },
});

test.each<[string, unknown, Partial<ProcessFacts>, string]>([
  ['the same process', identity('this-boot', 500), {}, 'process 7, running'],
  ['another start', identity('this-boot', 400), {}, 'process 7, reused'],
  ['another boot', identity('last-boot', 500), {}, 'process 7, restarted'],
  ['an ended process', identity('this-boot', 500), { state: 'dead' }, 'process 7, ended'],
  ['a plain number', 7, {}, 'process 7, running'],
  ['a plain number of a younger process', 7, { startedAtMs: Number.MAX_SAFE_INTEGER }, 'process 7, reused'],
  ['a plain number of another program', 7, { executable: '/usr/bin/vim' }, 'process 7, reused'],
  ['an identity of wrong types', { pid: 7, processIdentity: [1] }, {}, 'process 7, running'],
  ['a text for a number', { pid: '7' }, {}, 'names no process id'],
  ['a negative number', { pid: -1 }, {}, 'names no process id'],
  ['a number only inherited', JSON.parse('{"__proto__": {"pid": 7}}'), {}, 'names no process id'],
])('a pid file with %s', async (_name, content, facts, said) => {
  const home = temporaryHome({ [PID_FILE]: JSON.stringify(content) });
  const { details } = await examine(home, oneProcess(facts));
  expect(details['dedicated pid file']).toBe(`${join(home, PID_FILE)} (${said})`);
});

test.each<[string, string | Uint8Array, string[]]>([
  ['an object', '{"remoteControlEnabled": true}', []],
  ['unknown settings', '{"later": 1}', []],
  ['no object', '[]', ['warning malformed']],
  ['a wrong type', '{"remoteControlEnabled": "yes"}', ['warning malformed']],
  ['nothing', '', ['warning malformed']],
  ['no text', Uint8Array.of(0xff), ['warning malformed']],
])('settings that hold %s', async (_name, settings, issues) => {
  expect(shape(await examine(temporaryHome({ 'app-server-daemon/settings.json': settings })))).toEqual(
    issues,
  );
});

test.each<[string, (path: string) => void, string]>([
  ['a folder', (path) => mkdirSync(path), 'warning wrong_type'],
  ['a dangling link', (path) => symlinkSync('nowhere', path), 'warning stale'],
  ['a looping link', (path) => symlinkSync('daemon.pid', path), 'warning stale'],
])('%s in place of a pid file', async (_name, place, issue) => {
  const home = temporaryHome({ 'app-server-daemon/daemon.lock': '' });
  place(join(home, PID_FILE));
  expect(shape(await examine(home))).toEqual([issue]);
});

test('a file in place of the socket', async () => {
  expect(shape(await examine(temporaryHome({ [SOCKET]: '' })))).toEqual(['warning wrong_type']);
});

test('a home that is not there has no server', async () => {
  const home = temporaryHome();
  rmSync(home, { recursive: true });
  expect((await examine(home)).kind).toBe('idle');
  writeFileSync(home, '');
  expect((await examine(home)).kind).toBe('idle');
});

test('no content of a pid file makes it crash', async () => {
  const home = temporaryHome({ [PID_FILE]: '' });
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.json(), fc.string()), async (text) => {
      writeFileSync(join(home, PID_FILE), text);
      expect(['judged', 'idle']).toContain((await examine(home, oneProcess({}))).kind);
    }),
  );
});

test('a home out of reach is the fault of state.paths, not of what lies in it', async () => {
  const home = join(temporaryHome(), 'loop');
  symlinkSync('loop', home);
  expect(await examine(home)).toMatchObject({ kind: 'skipped', skippedBecause: 'state.paths', issues: [] });
});
