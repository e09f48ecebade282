import type * as NodePty from '@lydell/node-pty';
import { endSession, signalSession, watchSession } from '../../../host/process-session.ts';
import type { Launch } from '../../policy/sandbox.ts';
import { SIGNAL_EXIT_BASE } from './running-process.ts';
import type { OutputListener, Started } from './running-process.ts';

/** The part of node-pty that is used. */
export type TerminalLibrary = Pick<typeof NodePty, 'spawn'>;

/** What programs think a terminal is when nobody says. */
const SIZE = { cols: 80, rows: 24 };
/** A terminal that is gone tells its programs so; interactive shells do not end by anything else. */
const END_SIGNALS = ['SIGHUP', 'SIGTERM'] as const;

/**
 * Starts a program at a terminal of its own. The native module is loaded at the first one; where it cannot be, programs
 * still run with pipes, and the model is told that there is no terminal.
 */
export async function startOnTerminal(
  { argv, cwd, env }: Launch,
  onOutput: OutputListener,
  load: () => Promise<TerminalLibrary | undefined> = loadNodePty,
): Promise<Started> {
  const library = await load();
  if (library === undefined)
    return {
      kind: 'failed',
      message: 'There are no terminals on this machine (node-pty did not load). Run the command without tty.',
    };
  const [program = '', ...rest] = argv;
  if ([program, ...rest].some((word) => word.includes('\0')))
    return { kind: 'failed', message: `${program} could not be started: a word holds a NUL` };
  try {
    const terminal = library.spawn(program, rest, {
      ...SIZE,
      name: env['TERM'] ?? 'dumb',
      cwd,
      env: { ...env },
      // eslint-disable-next-line unicorn/no-null -- its spelling for bytes as they come
      encoding: null,
    });
    const { pid } = terminal;
    const forget = watchSession(pid);
    // With no encoding it hands out bytes, whatever its types say.
    terminal.onData((data: string | Buffer) => onOutput('stdout', Buffer.from(data as Buffer)));
    const exited = new Promise<{ readonly exitCode: number }>((resolve) => {
      terminal.onExit(({ exitCode, signal }) =>
        resolve({ exitCode: signal ? SIGNAL_EXIT_BASE + signal : exitCode }),
      );
    });
    const cleaned = exited.then(() => endSession(pid)).finally(forget);
    let isOver = false;
    void exited.then(() => (isOver = true));
    return {
      kind: 'started',
      process: {
        exited,
        write: (text) => {
          if (!isOver) terminal.write(text);
        },
        interrupt: () => signalSession(pid, 'SIGINT'),
        async end() {
          await endSession(pid, { signals: END_SIGNALS });
          await cleaned;
        },
      },
    };
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'unknown reason';
    return { kind: 'failed', message: `${program} could not be started at a terminal (${reason})` };
  }
}

async function loadNodePty(): Promise<TerminalLibrary | undefined> {
  try {
    return await import('@lydell/node-pty');
  } catch {
    return undefined;
  }
}
