import { constants } from 'node:os';
import { errorCode } from '../../../host/files.ts';
import { endSession, signalSession, watchSession } from '../../../host/process-session.ts';
import type { Launch } from '../../policy/sandbox.ts';
import { DRAIN_MS, SIGNAL_EXIT_BASE } from './running-process.ts';
import type { OutputListener, Started } from './running-process.ts';

/** Starts a program with closed input, in a session of its own. */
export async function startPiped({ argv, cwd, env }: Launch, onOutput: OutputListener): Promise<Started> {
  const { spawn } = await import('node:child_process');
  const [program = '', ...rest] = argv;
  try {
    const child = spawn(program, rest, {
      cwd,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: process.platform !== 'win32',
      windowsHide: true,
    });
    for (const stream of ['stdout', 'stderr'] as const) {
      child[stream].on('data', (chunk: Buffer) => onOutput(stream, chunk));
      // A pipe that breaks is no news: how the program ended is.
      child[stream].on('error', () => undefined);
    }
    const { promise: exited, resolve } = Promise.withResolvers<{ readonly exitCode: number }>();
    const spawned = new Promise<void>((begin, fail) => {
      child.once('spawn', begin);
      child.once('error', fail);
    });
    // Before anything is waited for: a short program may have ended by then.
    child.once('exit', (code, signal) => {
      const exitCode = code ?? SIGNAL_EXIT_BASE + (signal ? constants.signals[signal] : 0);
      const settle = (): void => {
        clearTimeout(drain);
        child.stdout.destroy();
        child.stderr.destroy();
        resolve({ exitCode });
      };
      // Where this thread was busy, a timer that came due goes before the output that waits to be read.
      const drain = setTimeout(() => void setImmediate(settle), DRAIN_MS);
      child.once('close', settle);
    });
    await spawned;
    const { pid } = child;
    if (pid === undefined) return { kind: 'failed', message: `${program} has no process` };
    const forget = watchSession(pid);
    // What the program left behind ends with it, in a sandbox and without one alike.
    const cleaned = exited.then(() => endSession(pid)).finally(forget);
    return {
      kind: 'started',
      process: {
        exited,
        write: undefined,
        interrupt: () => signalSession(pid, 'SIGINT'),
        async end() {
          await endSession(pid);
          await cleaned;
        },
      },
    };
  } catch (error) {
    return { kind: 'failed', message: `${program} could not be started (${errorCode(error)})` };
  }
}
