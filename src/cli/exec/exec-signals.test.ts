import { spawn } from 'node:child_process';
import type { ChildProcess, StdioOptions } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, describe, expect, test } from 'vitest';
import { builtLauncher } from '../../../fixtures/built-program/launcher.ts';
import { answer, commandCall, linesOf, makeExecLab } from '../../../fixtures/exec.ts';
import type { ExecPlace } from '../../../fixtures/exec.ts';
import { WARM_START } from '../../../fixtures/run.ts';
import { isRunning } from '../../../fixtures/terminals.ts';

/* Signals, readers that leave, and output that cannot be stored. */

const launcher = await builtLauncher();
const lab = makeExecLab();
afterAll(lab.remove);

/** Writes its process id into a file, and then runs for longer than any test. */
const SLEEPER = commandCall('echo $$ > pid; exec sleep 1000');
const OPEN = ['-s', 'danger-full-access'];
/** More than a pipe and its reader take, and less than a model's window. */
const LONG = 'longer than any pipe '.repeat(20_000);

/** The content of a file of the project, once it has one. */
async function contentOf({ project }: ExecPlace, name: string): Promise<string> {
  const path = join(project, name);
  while (!existsSync(path) || readFileSync(path, 'utf8') === '') await pause(20);
  return readFileSync(path, 'utf8');
}

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  '%s interrupts the turn: exit code 1, no terminal line, nothing left running',
  async (signal) => {
    const place = lab.place();
    const { stdout, exitCode } = await place.exec([SLEEPER, answer('done')], ['--json', ...OPEN, 'go'], {
      onStart: (child) => void contentOf(place, 'pid').then(() => child.kill(signal)),
    });
    expect(exitCode).toBe(1);
    const lines = linesOf(stdout);
    expect(lines.filter(({ type }) => /^turn\.(completed|failed)$/.test(type))).toEqual([]);
    expect(lines.at(-1)).toMatchObject({ type: 'item.completed', item: { status: 'failed' } });
    expect(isRunning(Number(await contentOf(place, 'pid')))).toBe(false);
  },
);

/** Nobody reads what the process writes, until it has ended. */
function leaveUnread(child: ChildProcess): void {
  child.stdout?.pause();
  child.on('exit', () => child.stdout?.resume());
}

describe('where nobody reads what was written', () => {
  test('the second signal does not wait for it: 130', async () => {
    const place = lab.place();
    const { exitCode } = await place.exec(
      [{ output: [LONG], endTurn: false }, SLEEPER],
      ['--json', ...OPEN, 'go'],
      {
        onStart: (child) => {
          leaveUnread(child);
          void contentOf(place, 'pid').then(() => child.kill('SIGINT') && child.kill('SIGTERM'));
        },
      },
    );
    expect(exitCode).toBe(130);
  });

  test('a signal after the turn ends the run: 130', async () => {
    const place = lab.place();
    const { exitCode } = await place.exec([answer(LONG)], ['-o', 'last', 'go'], {
      onStart: (child) => {
        leaveUnread(child);
        void contentOf(place, 'last').then(() => child.kill('SIGINT'));
      },
    });
    expect(exitCode).toBe(130);
  });
});

test('a reader that leaves ends the run soon, with nothing left running', async () => {
  const place = lab.place();
  const endless = { ...commandCall('echo $$ >> pids; sleep 0.1'), repeat: true };
  const { exitCode, stderr } = await place.exec([endless], ['--json', ...OPEN, 'go'], {
    onStart: (child) => void contentOf(place, 'pids').then(() => child.stdout?.destroy()),
  });
  expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: '' });
  const pids = (await contentOf(place, 'pids')).trim().split('\n').map(Number);
  expect(pids.filter(isRunning)).toEqual([]);
});

test('nobody has to read standard error', async () => {
  const { stdout, exitCode } = await lab.place().exec([commandCall('echo hi'), answer('done')], ['go'], {
    onStart: (child) => child.stderr?.destroy(),
  });
  expect({ stdout, exitCode }).toEqual({ stdout: 'done\n', exitCode: 0 });
});

async function withStreams(place: ExecPlace, args: readonly string[], stdio: StdioOptions) {
  const child = spawn(process.execPath, [launcher, 'exec', ...place.scripted([answer('done')]), ...args], {
    cwd: place.project,
    env: { ...WARM_START, ...place.env },
    stdio,
  });
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
  const [exitCode] = (await once(child, 'close')) as [number | null];
  return { exitCode, stderr };
}

test.runIf(process.platform === 'linux').each([[[]], [['--json']]])(
  'output that a full disk does not take is no success: %j',
  async (args) => {
    const full = openSync('/dev/full', 'w');
    try {
      const { exitCode, stderr } = await withStreams(lab.place(), [...args, 'go'], ['ignore', full, 'pipe']);
      expect(exitCode).toBe(1);
      expect(stderr).toContain('Standard output could not be written (ENOSPC).');
    } finally {
      closeSync(full);
    }
  },
);

test('all streams closed: the work is done all the same', async () => {
  const place = lab.place();
  const script = '"$0" "$@" <&- >&- 2>&-';
  const args = [launcher, 'exec', ...place.scripted([answer('done')]), '-o', 'last', 'go'];
  const child = spawn('/bin/sh', ['-c', script, process.execPath, ...args], {
    cwd: place.project,
    env: { ...WARM_START, ...place.env },
  });
  const [exitCode] = (await once(child, 'close')) as [number | null];
  expect({ exitCode, last: await contentOf(place, 'last') }).toEqual({ exitCode: 0, last: 'done' });
});
