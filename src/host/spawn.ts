import type { ChildProcess } from 'node:child_process';
import { systemClock } from './clock.ts';
import { errorCode } from './files.ts';

/** How a started program ended. */
export type SpawnOutcome =
  | {
      readonly kind: 'exited';
      readonly exitCode: number;
      readonly stdout: string;
      readonly stderr: string;
      readonly durationMs: number;
    }
  | { readonly kind: 'timeout'; readonly timeoutMs: number }
  | { readonly kind: 'signalled'; readonly signal: string }
  /** Printed more than anybody reads; it was stopped there. */
  | { readonly kind: 'noise'; readonly limitBytes: number }
  | { readonly kind: 'spawn_failed'; readonly code: string };

export interface SpawnLimits {
  readonly cwd: string;
  /** The whole environment; nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  /** Default 64 KiB. */
  readonly maxOutputBytes?: number;
}

/** A version or an option list is a few lines. */
const MAX_OUTPUT_BYTES = 64 * 1024;
/** After the program ended, its last output is already in the pipe; a pipe still open then is held by a child of it. */
const DRAIN_MS = 100;

/** Programs that still run; they are in process groups of their own, so a Ctrl-C at the terminal does not reach them. */
const running = new Set<ChildProcess>();
let watching = false;

/**
 * Runs one program to its end, its time limit or its output limit, whichever comes first, and leaves nothing of it
 * behind. No shell; stdin is closed; output is read as UTF-8. Settles even when a grandchild keeps the pipes open.
 * @param path absolute path of the program
 */
export async function runProcess(
  path: string,
  args: readonly string[],
  { cwd, env, timeoutMs, maxOutputBytes = MAX_OUTPUT_BYTES }: SpawnLimits,
): Promise<SpawnOutcome> {
  // At first use, and not by import(): in a bundle that would start Node's whole loader of ES modules.
  const { spawn } = process.getBuiltinModule('node:child_process');
  const begun = systemClock.elapsed();
  return new Promise((resolve) => {
    const windows = process.platform === 'win32';
    let child: ChildProcess;
    try {
      // A session of its own: no controlling terminal to ask for a password on, and one group to kill.
      child = spawn(path, args, {
        cwd,
        env,
        stdio: ['ignore', 'pipe', 'pipe'],
        detached: !windows,
        windowsHide: true,
      });
    } catch (error) {
      resolve({ kind: 'spawn_failed', code: errorCode(error) });
      return;
    }
    watchForExit(child);
    const output = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
    let received = 0;
    let drain: NodeJS.Timeout | undefined;
    let hasExited = false;
    const limit = setTimeout(
      () => afterPending(() => hasExited || stop({ kind: 'timeout', timeoutMs })),
      timeoutMs,
    );

    for (const name of ['stdout', 'stderr'] as const) {
      child[name]?.on('data', (chunk: Buffer) => {
        received += chunk.length;
        if (received > maxOutputBytes) stop({ kind: 'noise', limitBytes: maxOutputBytes });
        else output[name].push(chunk);
      });
      // A pipe that breaks is no news: how the program ended is.
      child[name]?.on('error', () => undefined);
    }
    child.on('error', (error) => stop({ kind: 'spawn_failed', code: errorCode(error) }));
    child.on('exit', (code, signal) => {
      hasExited = true;
      drain = setTimeout(() => afterPending(() => stop(ended(code, signal))), DRAIN_MS);
    });
    child.on('close', (code, signal) => settle(ended(code, signal)));

    function ended(code: number | null, signal: NodeJS.Signals | null): SpawnOutcome {
      if (code === null) return { kind: 'signalled', signal: signal ?? 'unknown' };
      const [stdout, stderr] = [output.stdout, output.stderr].map((chunks) =>
        Buffer.concat(chunks).toString('utf8'),
      );
      return {
        kind: 'exited',
        exitCode: code,
        stdout: stdout ?? '',
        stderr: stderr ?? '',
        durationMs: Math.round(systemClock.elapsed() - begun),
      };
    }

    function stop(outcome: SpawnOutcome): void {
      killTree(child);
      child.stdout?.destroy();
      child.stderr?.destroy();
      child.unref();
      settle(outcome);
    }

    function settle(outcome: SpawnOutcome): void {
      clearTimeout(limit);
      clearTimeout(drain);
      running.delete(child);
      resolve(outcome);
    }
  });
}

/**
 * Runs when what already waits to be read was read. Where another check kept this thread busy, a timer that came due in the
 * meantime goes before the news that the program ended long ago.
 */
const afterPending = (work: () => void): void => void setImmediate(work);

function watchForExit(child: ChildProcess): void {
  if (!watching) process.once('exit', killRunning);
  watching = true;
  running.add(child);
}

function killRunning(): void {
  for (const child of running) killTree(child);
}

/** Ends a program and everything that it started and did not move elsewhere. */
function killTree(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    // Windows has no groups; there the program alone is ended, and its pipes are let go by the caller.
    if (process.platform === 'win32') child.kill('SIGKILL');
    else process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It is gone already.
  }
}
