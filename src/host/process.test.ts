import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { temporaryHome } from '../../fixtures/home.ts';
import { plantProgram } from '../../fixtures/programs.ts';
import { files } from './files.ts';
import { createHelpers } from './process.ts';
import type { HelperOptions } from './process.ts';

const folder = temporaryHome;

function helpersFor(options: Partial<HelperOptions>): ReturnType<typeof createHelpers> {
  return createHelpers({ env: {}, cwd: '/', userDirectory: '/nowhere', files, exec: true, ...options });
}

const onPath = (bin: string): Partial<HelperOptions> => ({ env: { PATH: `${bin}:/usr/bin:/bin` } });

test('a program of the user answers with its exit code and both outputs', async () => {
  const bin = folder();
  const path = plantProgram(join(bin, 'rg'), 'echo "ripgrep $1"; echo oops >&2; exit 3');
  expect(await helpersFor(onPath(bin)).run('rg', ['--version; touch /x'])).toMatchObject({
    kind: 'exited',
    path,
    exitCode: 3,
    stdout: 'ripgrep --version; touch /x\n',
    stderr: 'oops\n',
  });
});

test('no variable of the user reaches a program, except a home and the trusted part of the path', async () => {
  const [trusted, writable, project] = [folder(), folder(), folder({ '.git/HEAD': '', 'bin/x': '' })];
  chmodSync(writable, 0o777);
  const helpers = helpersFor({
    cwd: project,
    userDirectory: trusted,
    env: {
      PATH: ['', '.', trusted, writable, join(project, 'bin'), '/usr/bin'].join(':'),
      LD_PRELOAD: '/tmp/evil.so',
      RIPGREP_CONFIG_PATH: '/tmp/evil',
      SECRET: 'hunter2',
    },
  });
  const run = await helpers.run('env', [], { env: { TMUX: '/tmp/tmux-0/default,1,0' } });
  expect(run.kind === 'exited' && run.stdout.trim().split('\n').toSorted()).toEqual([
    `HOME=${trusted}`,
    'LC_ALL=C',
    `PATH=${trusted}:/usr/bin`,
    'TMUX=/tmp/tmux-0/default,1,0',
  ]);
});

test('stdin is closed, and the program stands in the root directory', async () => {
  const bin = folder();
  plantProgram(join(bin, 'rg'), 'cat; pwd');
  expect(await helpersFor(onPath(bin)).run('rg', [])).toMatchObject({ kind: 'exited', stdout: '/\n' });
});

test('a program that ignores SIGTERM is ended at its time limit together with its children', async () => {
  const bin = folder();
  const pidFile = join(bin, 'pid');
  plantProgram(join(bin, 'rg'), `trap '' TERM; sh -c 'trap "" TERM; echo $$ >${pidFile}; sleep 60' & wait`);
  const run = await helpersFor(onPath(bin)).run('rg', [], { timeoutMs: 400 });
  expect(run).toMatchObject({ kind: 'timeout', timeoutMs: 400 });
  const pid = Number(readFileSync(pidFile, 'utf8'));
  await vi.waitFor(() => expect(isRunning(pid)).toBe(false), { timeout: 5_000 });
});

test('a child that outlives the program and holds its output open does not delay the answer', async () => {
  const bin = folder();
  const pidFile = join(bin, 'pid');
  plantProgram(join(bin, 'rg'), `sleep 60 & echo $! >${pidFile}; echo ripgrep 15`);
  const run = await helpersFor(onPath(bin)).run('rg', [], { timeoutMs: 20_000 });
  expect(run).toMatchObject({ kind: 'exited', exitCode: 0, stdout: 'ripgrep 15\n' });
  const pid = Number(readFileSync(pidFile, 'utf8'));
  await vi.waitFor(() => expect(isRunning(pid)).toBe(false), { timeout: 5_000 });
});

test('a busy doctor does not take an answer that waits for it for silence', async () => {
  const bin = folder();
  const pidFile = join(bin, 'pid');
  plantProgram(join(bin, 'rg'), `echo $$ >${pidFile}; echo ripgrep 15`);
  const running = helpersFor(onPath(bin)).run('rg', [], { timeoutMs: 50 });
  // The program is started once its module is loaded; then nothing else happens here until it has ended.
  await import('node:child_process');
  await Promise.resolve();
  const begun = performance.now();
  const isDone = (): boolean => existsSync(pidFile) && !isRunning(Number(readFileSync(pidFile, 'utf8')));
  while (performance.now() - begun < 60 || (!isDone() && performance.now() - begun < 5_000));
  expect(await running).toMatchObject({ kind: 'exited', stdout: 'ripgrep 15\n' });
});

test('a program that still runs when the doctor ends is ended with it', async () => {
  const bin = folder();
  const pidFile = join(bin, 'pid');
  plantProgram(join(bin, 'rg'), `trap '' TERM HUP; echo $$ >${pidFile}; sleep 60`);
  const module = new URL('spawn.ts', import.meta.url).href;
  const script = `
    import { existsSync, statSync } from 'node:fs';
    import { runProcess } from ${JSON.stringify(module)};
    void runProcess(${JSON.stringify(join(bin, 'rg'))}, [], { cwd: '/', env: { PATH: '/usr/bin:/bin' }, timeoutMs: 60_000 });
    const pidFile = ${JSON.stringify(pidFile)};
    setInterval(() => existsSync(pidFile) && statSync(pidFile).size > 0 && process.exit(7), 5);
  `;
  const doctor = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
  expect(doctor).toMatchObject({ status: 7 });
  const pid = Number(readFileSync(pidFile, 'utf8'));
  await vi.waitFor(() => expect(isRunning(pid)).toBe(false), { timeout: 5_000 });
});

test('a program that prints without end is stopped at the output limit', async () => {
  const bin = folder();
  plantProgram(
    join(bin, 'rg'),
    'while :; do echo yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy; done',
  );
  const run = await helpersFor(onPath(bin)).run('rg', [], { timeoutMs: 20_000 });
  expect(run).toMatchObject({ kind: 'noise', limitBytes: 65_536 });
});

test('a signal and a missing interpreter are told apart from an exit code', async () => {
  const bin = folder();
  plantProgram(join(bin, 'crashing'), 'kill -SEGV $$');
  const lost = folder({ broken: '#!/nowhere/interpreter\n' });
  chmodSync(join(lost, 'broken'), 0o755);
  const helpers = helpersFor({ env: { PATH: `${bin}:${lost}` } });
  expect(await helpers.run('crashing', [])).toMatchObject({ kind: 'signalled', signal: 'SIGSEGV' });
  expect(await helpers.run('broken', [])).toMatchObject({ kind: 'spawn_failed', code: 'ENOENT' });
});

test('a text without an interpreter line is not handed to a shell', async () => {
  const bin = folder({ rg: `touch "$(dirname "$0")/executed"\n` });
  chmodSync(join(bin, 'rg'), 0o755);
  const run = await helpersFor(onPath(bin)).run('rg', []);
  expect(run).toMatchObject({ kind: 'spawn_failed', code: 'ENOEXEC' });
  expect(existsSync(join(bin, 'executed'))).toBe(false);
});

test('the same question is asked once', async () => {
  const bin = folder();
  const log = join(bin, 'log');
  plantProgram(join(bin, 'git'), `echo x >>${log}`);
  const helpers = helpersFor(onPath(bin));
  await Promise.all([helpers.run('git', ['--version']), helpers.run('git', ['--version'])]);
  expect(readFileSync(log, 'utf8')).toBe('x\n');
});

test('a question whose answer changes is asked each time', async () => {
  const bin = folder();
  const log = join(bin, 'log');
  plantProgram(join(bin, 'git'), `echo x >>${log}`);
  const helpers = helpersFor(onPath(bin));
  await helpers.run('git', ['status'], { isFleeting: true });
  await helpers.run('git', ['status'], { isFleeting: true });
  expect(readFileSync(log, 'utf8')).toBe('x\nx\n');
});

test('--no-exec executes nothing', async () => {
  expect(await helpersFor({ exec: false, env: { PATH: '/usr/bin' } }).run('env', [])).toEqual({
    kind: 'disabled',
  });
});

test.each([
  ['an empty element', ''],
  ['a dot', '.'],
  ['a relative folder', 'bin'],
  ['a path that climbs', './bin/../bin'],
])('a program in the current directory is not found through %s', async (_title, element) => {
  const cwd = folder();
  plantProgram(join(cwd, 'rg'), `touch ${join(cwd, 'executed')}`);
  plantProgram(join(cwd, 'bin/rg'), `touch ${join(cwd, 'executed')}`);
  const helpers = helpersFor({ cwd, env: { PATH: `${element}:${element}` } });
  expect(await helpers.run('rg', ['--version'])).toEqual({ kind: 'not_found' });
  expect(await helpers.run('./rg', ['--version'])).toEqual({ kind: 'not_found' });
  expect(existsSync(join(cwd, 'executed'))).toBe(false);
});

test.each<[string, (top: string) => { bin: string; cwd: string }]>([
  [
    'a folder that everybody can write',
    (top) => {
      const bin = join(top, 'open/bin');
      mkdirSync(bin, { recursive: true });
      chmodSync(join(top, 'open'), 0o777);
      return { bin, cwd: '/' };
    },
  ],
  [
    'a link into a folder that everybody can write',
    (top) => {
      const bin = join(top, 'bin');
      mkdirSync(bin);
      plantProgram(join(top, 'open/rg'), `touch ${join(top, 'executed')}`);
      chmodSync(join(top, 'open'), 0o777);
      symlinkSync('../open/rg', join(bin, 'rg'));
      return { bin, cwd: '/' };
    },
  ],
  ['the current directory by its absolute path', (top) => ({ bin: top, cwd: top })],
  [
    'the repository around the current directory',
    (top) => {
      mkdirSync(join(top, '.git'));
      mkdirSync(join(top, 'packages/a'), { recursive: true });
      return { bin: join(top, 'tools'), cwd: join(top, 'packages/a') };
    },
  ],
  ['node_modules/.bin', (top) => ({ bin: join(top, 'node_modules/.bin'), cwd: '/' })],
])('a program in %s is not executed', async (_title, arrange) => {
  const top = folder();
  const { bin, cwd } = arrange(top);
  if (!existsSync(join(bin, 'rg'))) plantProgram(join(bin, 'rg'), `touch ${join(top, 'executed')}`);
  const run = await helpersFor({ ...onPath(bin), cwd }).run('rg', ['--version']);
  expect(run).toMatchObject({ kind: 'untrusted', path: join(bin, 'rg') });
  expect(existsSync(join(top, 'executed'))).toBe(false);
});

test('a file that everybody can write is not executed, and the one behind it on the path neither', async () => {
  const [first, second] = [folder(), folder()];
  chmodSync(plantProgram(join(first, 'rg'), `touch ${join(first, 'executed')}`), 0o777);
  plantProgram(join(second, 'rg'), `touch ${join(first, 'executed')}`);
  const run = await helpersFor({ env: { PATH: `${first}:${second}` } }).run('rg', []);
  expect(run).toEqual({
    kind: 'untrusted',
    path: join(first, 'rg'),
    reason: `${join(first, 'rg')} can be written by every user`,
  });
  expect(existsSync(join(first, 'executed'))).toBe(false);
});

test('a home directory that is itself a repository keeps its programs', async () => {
  const home = folder({ '.git/HEAD': 'ref: refs/heads/main\n', 'work/note': '' });
  plantProgram(join(home, '.local/bin/rg'), 'echo ripgrep 15');
  const helpers = helpersFor({
    ...onPath(join(home, '.local/bin')),
    cwd: join(home, 'work'),
    userDirectory: home,
  });
  expect(await helpers.run('rg', [])).toMatchObject({ kind: 'exited', stdout: 'ripgrep 15\n' });
});

/** A zombie waits only for its parent to look; it runs no more. */
function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  const status = files.readText(`/proc/${pid}/stat`);
  return !(status.kind === 'read' && /^\d+ \(.*\) Z /.test(status.text));
}
