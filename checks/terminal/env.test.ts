import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { testContext } from '../../fixtures/context.ts';
import { temporaryHome } from '../../fixtures/home.ts';
import { plantProgram } from '../../fixtures/programs.ts';
import { files } from '../../src/host/files.ts';
import { findOnPath } from '../../src/host/search-path.ts';
import type { Terminal } from '../../src/host/terminal.ts';
import check from './env.ts';

type Seen = Parameters<typeof check.judge>[0];

const healthy: Seen = {
  platform: 'linux',
  isInteractive: true,
  term: 'xterm-256color',
  size: { columns: 120, rows: 40 },
  columns: undefined,
  lines: undefined,
  locale: { variable: 'LANG', value: 'en_US.UTF-8' },
  terminfo: { named: [], entry: '/usr/share/terminfo/x/xterm-256color' },
  program: { name: 'Ghostty', version: '1.3.2' },
  multiplexer: undefined,
  streams: { stdin: true, stdout: true, stderr: true },
  color: { enabled: true, reason: 'stdout is a terminal' },
  values: {},
  present: [],
};
const automated: Partial<Seen> = {
  isInteractive: false,
  size: undefined,
  streams: { stdin: false, stdout: false, stderr: false },
};
const lost = (state: 'missing' | 'denied' | 'fifo', variable: 'TERMINFO' | 'TERMINFO_DIRS') => ({
  named: [{ variable, path: '/nope', state }],
});
const entry = '/usr/share/terminfo/x/xterm';

test.each<[string, Partial<Seen>, string[]]>([
  ['a usual terminal', {}, []],
  ['a run without one', automated, []],
  ['a run that has nothing set', { ...automated, term: undefined, locale: undefined }, []],
  ['TERM=dumb before a user', { term: 'dumb' }, ['fail invalid_value']],
  ['TERM=dumb without one', { ...automated, term: 'dumb' }, ['warning invalid_value']],
  ['TERM unset before a user', { term: undefined }, ['warning missing']],
  ['TERM unset on Windows', { term: undefined, platform: 'win32', locale: undefined }, []],
  ['LANG=C', { locale: { variable: 'LANG', value: 'C' } }, ['warning invalid_value']],
  ['LC_ALL=POSIX', { locale: { variable: 'LC_ALL', value: 'POSIX' } }, ['warning invalid_value']],
  ['Latin-1', { locale: { variable: 'LC_CTYPE', value: 'de_DE.ISO-8859-1' } }, ['warning invalid_value']],
  ['utf8 in another spelling', { locale: { variable: 'LANG', value: 'C.utf8' } }, []],
  [
    'LANG=C without a terminal',
    { ...automated, locale: { variable: 'LANG', value: 'C' } },
    ['warning invalid_value'],
  ],
  ['no locale before a user', { locale: undefined }, ['warning missing']],
  ['width 80, height 24', { size: { columns: 80, rows: 24 } }, []],
  ['width 79', { size: { columns: 79, rows: 24 } }, ['warning mismatch']],
  ['width 50, height 20', { size: { columns: 50, rows: 20 } }, ['warning mismatch', 'warning mismatch']],
  ['a small COLUMNS beside a wide terminal', { columns: 40, lines: 10 }, []],
  [
    'the same number twice is one fault',
    { size: { columns: 40, rows: 30 }, columns: 40 },
    ['warning mismatch'],
  ],
  ['a small COLUMNS without a terminal', { ...automated, columns: 40 }, ['warning mismatch']],
  ['TERMINFO to nowhere', { terminfo: { ...lost('missing', 'TERMINFO'), entry } }, ['warning missing']],
  ['TERMINFO to a FIFO', { terminfo: { ...lost('fifo', 'TERMINFO'), entry } }, ['warning wrong_type']],
  ['TERMINFO closed', { terminfo: { ...lost('denied', 'TERMINFO'), entry } }, ['warning unreadable']],
  [
    'a lost TERMINFO_DIRS entry, and another place has it',
    { terminfo: { ...lost('missing', 'TERMINFO_DIRS'), entry } },
    [],
  ],
  [
    'a lost TERMINFO_DIRS entry, and no other place has it',
    { terminfo: { ...lost('missing', 'TERMINFO_DIRS'), entry: undefined } },
    ['warning missing'],
  ],
  ['no description of this terminal', { terminfo: { named: [], entry: undefined } }, ['warning missing']],
  ['no description, and nobody to see it', { ...automated, terminfo: { named: [], entry: undefined } }, []],
  ['no description on FreeBSD', { platform: 'freebsd', terminfo: { named: [], entry: undefined } }, []],
])('judged: %s', (_title, seen, expected) => {
  const verdict = check.judge({ ...healthy, ...seen });
  expect(verdict.issues.map(({ severity, failure }) => `${severity} ${failure?.class}`)).toEqual(expected);
});

const terminalOf = (size?: { columns: number; rows: number }): Terminal => ({
  stdin: size !== undefined,
  stdout: size !== undefined,
  stderr: size !== undefined,
  size: () => size,
});

async function examine(
  env: Readonly<Record<string, string>>,
  { terminal = terminalOf({ columns: 100, rows: 30 }), exec = true, noColor = false } = {},
) {
  const context = testContext({ home: temporaryHome(), env, exec, noColor, cwd: '/' });
  return check.judge(structuredClone(await check.probe({ ...context, terminal })));
}

test('details come in order, typed, and private values are only present', async () => {
  const terminfo = temporaryHome({ 'x/xterm-256color': 'description' });
  const verdict = await examine({
    TERM: 'xterm-256color',
    TERM_PROGRAM: 'ghostty',
    TERM_PROGRAM_VERSION: '1.3.2-main-+b0f827665',
    COLORTERM: 'truecolor',
    NO_COLOR: '',
    COLUMNS: '100',
    LINES: 'many',
    TERMINFO: terminfo,
    TERMINFO_DIRS: `:${terminfo}:`,
    LANG: 'C.UTF-8',
    LC_ALL: '',
    SSH_CONNECTION: '10.0.0.1 22',
    DISPLAY: ':0',
  });
  expect(verdict).toMatchObject({
    summary: 'Ghostty 1.3.2-main-+b0f827665 · TERM=xterm-256color',
    issues: [],
  });
  expect(Object.entries(verdict.details)).toEqual([
    ['terminal', 'Ghostty'],
    ['TERM_PROGRAM', 'ghostty'],
    ['terminal version', '1.3.2-main-+b0f827665'],
    ['TERM', 'xterm-256color'],
    ['stdin is terminal', true],
    ['stdout is terminal', true],
    ['stderr is terminal', true],
    ['terminal size', '100x30'],
    ['COLUMNS', 100],
    ['LINES', 'many'],
    ['color output', 'enabled (stdout is a terminal)'],
    ['COLORTERM', 'truecolor'],
    ['NO_COLOR', 'present'],
    ['TERMINFO', `${terminfo} (directory)`],
    ['TERMINFO_DIRS entry', [`${terminfo} (directory)`]],
    ['terminfo entry', join(terminfo, 'x/xterm-256color')],
    ['effective locale', 'C.UTF-8 (LANG)'],
    ['SSH_CONNECTION', 'present'],
    ['DISPLAY', 'present'],
  ]);
});

test('hostile variables are cut and cleaned', async () => {
  const bomb = `\u001b]0;evil\u0007${'x'.repeat(100_000)}`;
  const verdict = await examine({
    TERM: bomb,
    TERM_PROGRAM: bomb,
    COLUMNS: bomb,
    LANG: 'C.UTF-8',
    ZELLIJ_VERSION: bomb,
  });
  const text = JSON.stringify(verdict);
  expect(text).not.toMatch(/\\u001b|\\u0007/);
  expect(text.length).toBeLessThan(6_000);
});

test.each<[Record<string, string>, { exec?: boolean; noColor?: boolean; terminal?: Terminal }, string]>([
  [{}, {}, 'enabled (stdout is a terminal)'],
  [{}, { terminal: terminalOf() }, 'disabled (stdout is not a terminal)'],
  [{ FORCE_COLOR: '1' }, { noColor: true }, 'disabled (--no-color)'],
  [{ FORCE_COLOR: '1', NO_COLOR: '1', TERM: 'dumb' }, { terminal: terminalOf() }, 'enabled (FORCE_COLOR=1)'],
  [{ FORCE_COLOR: '0' }, {}, 'disabled (FORCE_COLOR=0)'],
  [{ NO_COLOR: '1', TERM: 'dumb' }, {}, 'disabled (NO_COLOR)'],
  [{ NO_COLOR: '', FORCE_COLOR: '' }, {}, 'enabled (stdout is a terminal)'],
  [{ TERM: 'dumb' }, {}, 'disabled (TERM=dumb)'],
])('colour with %j: %j', async (env, options, expected) => {
  const verdict = await examine(env, options);
  expect(verdict.details['color output']).toBe(expected);
});

/** A socket of this user, as a multiplexer's server keeps one. */
async function serverSocket(): Promise<string> {
  const path = join(temporaryHome(), 'default');
  const server = createServer().listen(path);
  await new Promise((resolve) => server.once('listening', resolve));
  onTestFinished(() => void server.close());
  return path;
}

test('tmux tells its version, its options and the terminal that is attached', async () => {
  const socket = await serverSocket();
  const bin = temporaryHome();
  plantProgram(
    join(bin, 'tmux'),
    `[ "$TMUX" = "${socket},77,0" ] && [ "$TMUX_PANE" = %3 ] && [ "$1 $2" = "display-message -p" ] || exit 9
     printf '3.6a\\tghostty 1.3.2\\txterm-ghostty\\ton\\t\\t1\\texternal\\t0\\ttmux-256color\\n'`,
  );
  const verdict = await examine({
    PATH: `${bin}:/usr/bin:/bin`,
    TMUX: `${socket},77,0`,
    TMUX_PANE: '%3',
    TERM: 'xterm-256color',
    TERMINFO: temporaryHome({ 'x/xterm-256color': 'description' }),
    TERM_PROGRAM: 'tmux',
    TERM_PROGRAM_VERSION: '3.6a',
    LANG: 'C.UTF-8',
  });
  expect(verdict.summary).toBe('Ghostty 1.3.2 · tmux 3.6a · TERM=xterm-256color');
  expect(verdict.details).toMatchObject({
    multiplexer: 'tmux 3.6a',
    'tmux extended-keys': 'on',
    'tmux xterm-keys': 'unavailable',
    'tmux allow-passthrough': 'on',
    'tmux set-clipboard': 'external',
    'tmux focus-events': 'off',
    'tmux client termtype': 'ghostty 1.3.2',
    'tmux client termname': 'xterm-ghostty',
  });
});

test.each<[string, (top: string) => string, { exec?: boolean; script?: string }, string]>([
  ['whose socket is gone', () => '/nowhere/default', {}, 'its socket is gone'],
  ['whose socket is a folder', (top) => top, {}, 'its socket is something else'],
  ['without a program', (top) => join(top, 'link'), {}, 'its program is not on PATH'],
  ['with --no-exec', (top) => join(top, 'link'), { exec: false }, 'not asked because of --no-exec'],
  ['of another version', (top) => join(top, 'link'), { script: 'exit 1' }, 'the server did not answer'],
])('a tmux %s is no fault', async (_title, place, { exec = true, script }, reason) => {
  const top = temporaryHome();
  symlinkSync(await serverSocket(), join(top, 'link'));
  const bin = join(top, 'bin');
  mkdirSync(bin);
  if (script !== undefined) plantProgram(join(bin, 'tmux'), script);
  const verdict = await examine(
    { PATH: bin, TMUX: `${place(top)},1,0`, TERM: 'dumb', LANG: 'C.UTF-8' },
    { exec, terminal: terminalOf() },
  );
  expect(verdict.details['tmux options']).toContain(reason);
  expect(verdict.details['multiplexer']).toBe('tmux');
  expect(verdict.issues.map(({ fields }) => fields)).toEqual([['TERM']]);
});

test('a tmux server of somebody else is never asked', async () => {
  const bin = temporaryHome();
  plantProgram(join(bin, 'tmux'), `touch ${join(bin, 'executed')}`);
  const context = testContext({
    home: bin,
    cwd: '/',
    exec: true,
    env: { PATH: bin, TMUX: `${await serverSocket()},1,0` },
  });
  const seen = await check.probe({ ...context, machine: { ...context.machine, uid: 4242 } });
  expect(check.judge(seen).details['tmux options']).toContain('its socket belongs to user');
  expect(files.look(join(bin, 'executed')).kind).toBe('missing');
});

const tmuxProgram = findOnPath('tmux', process.env['PATH'], files)[0]?.path;

test.runIf(tmuxProgram)('a real tmux with a client attached answers', async () => {
  const top = temporaryHome();
  const socket = join(top, 'socket');
  const environment = {
    PATH: process.env['PATH'],
    HOME: top,
    // An account without a login shell would end the session at once.
    SHELL: '/bin/sh',
    TERM: 'xterm-256color',
    LC_ALL: 'C.UTF-8',
  };
  const tmux = (...args: string[]): string =>
    execFileSync('tmux', ['-S', socket, '-f', '/dev/null', ...args], { encoding: 'utf8', env: environment });
  tmux('new-session', '-d', '-x', '90', '-y', '30', 'sleep 60');
  onTestFinished(() => void tmux('kill-server'));
  tmux('set-option', '-s', 'set-clipboard', 'on');
  // Control mode is a client without a terminal of its own.
  const client = spawn('tmux', ['-S', socket, '-C', 'attach'], { env: environment, stdio: 'pipe' });
  onTestFinished(() => void client.kill());
  await vi.waitFor(() => expect(tmux('list-clients')).not.toBe(''));
  const verdict = await examine({
    PATH: process.env['PATH'] ?? '',
    TMUX: tmux('display-message', '-p', '#{socket_path},#{pid},0').trim(),
    TMUX_PANE: '%0',
    TERM: 'tmux-256color',
    TERM_PROGRAM: 'tmux',
  });
  expect(verdict.details).toMatchObject({
    multiplexer: tmux('-V').trim(),
    'tmux set-clipboard': 'on',
    'tmux focus-events': 'off',
  });
});

test('zellij tells its version, or is asked for it', async () => {
  expect((await examine({ ZELLIJ: '0', ZELLIJ_VERSION: '0.41.2' })).details['multiplexer']).toBe(
    'zellij 0.41.2',
  );
  const bin = temporaryHome();
  plantProgram(join(bin, 'zellij'), 'echo zellij 0.35.1');
  const asked = await examine({ ZELLIJ_SESSION_NAME: 'main', PATH: bin });
  expect(asked.details['multiplexer']).toBe('zellij 0.35.1');
  expect((await examine({ STY: '77.pts-0.host' })).details['multiplexer']).toBe('screen');
});
