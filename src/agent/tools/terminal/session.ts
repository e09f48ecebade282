import type { Clock } from '../../../host/clock.ts';
import type { ExecSource } from '../../protocol/event.ts';
import type { TurnId } from '../../protocol/ids.ts';
import type { ToolContext } from '../tool.ts';
import { createOutputBuffer } from './output-buffer.ts';
import type { OutputBuffer } from './output-buffer.ts';
import type { OutputListener, RunningProcess, Started } from './running-process.ts';
import { utf8Pieces } from './utf8-pieces.ts';

/** A program may print for days; its readers get this many events of output (spec/agent-core.md 2.2). */
const MAX_DELTAS = 10_000;
/** In an end event: there was no process whose exit code could be told. */
const NO_EXIT_CODE = -1;

/** What never changes about a command, as its events carry it. */
export interface CommandFacts {
  /** Undefined: nobody can come back to it. */
  readonly processId: number | undefined;
  readonly callId: string;
  readonly turnId: TurnId;
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly tty: boolean;
  readonly source: ExecSource;
}

/** One command with its output and its events, from the call that started it to its end. */
export interface CommandSession {
  readonly facts: CommandFacts;
  /** Milliseconds since the epoch. */
  readonly startedAtMs: number;
  /** Undefined while it runs. */
  exitCode(): number | undefined;
  /** `exec_command_begin`; at most once. */
  begin(): void;
  /**
   * Starts a program for the command. After a first one that the sandbox stopped, a second one takes its place and what
   * the first printed is forgotten.
   */
  run(start: (onOutput: OutputListener) => Promise<Started>): Promise<Started>;
  /** Resolves at the end of the process or after a time. @throws what the signal was aborted with */
  wait(timeoutMs: number, signal: AbortSignal): Promise<void>;
  /** What was printed since the last time. */
  takeOutput(): { readonly text: string; readonly totalBytes: number };
  /** All that was printed, until the end is told. */
  transcript(): string;
  process(): RunningProcess | undefined;
  /** From now on the end of the process is told, at once when it ended already. */
  tellEnd(): void;
  /** `exec_command_end` for a command that did not run. */
  endWithout(status: 'failed' | 'declined', message: string): void;
  /** Ends the process, also one that is just being started. Resolves when it is gone. */
  terminate(): Promise<void>;
}

export function createSession(
  facts: CommandFacts,
  { context, clock }: { readonly context: Pick<ToolContext, 'emit' | 'tell'>; readonly clock: Clock },
): CommandSession {
  const startedAtMs = clock.now();
  const begunAt = clock.elapsed();
  const place = {
    turnId: facts.turnId,
    callId: facts.callId,
    ...(facts.processId === undefined ? {} : { processId: String(facts.processId) }),
  };
  const eventFacts = {
    call_id: facts.callId,
    ...(facts.processId === undefined ? {} : { process_id: String(facts.processId) }),
    turn_id: facts.turnId,
    command: facts.argv,
    cwd: facts.cwd,
    source: facts.source,
  };
  let unread = createOutputBuffer();
  let transcript = createOutputBuffer();
  let running: RunningProcess | undefined;
  let starting: Promise<Started> | undefined;
  let exitCode: number | undefined;
  let deltas = 0;
  let [hasBegun, isEndTold, mayTellEnd, isTerminated] = [false, false, false, false];
  let ended = Promise.withResolvers<void>();

  const deliver = (stream: 'stdout' | 'stderr', piece: Buffer): void => {
    unread.push(piece);
    transcript.push(piece);
    if (deltas >= MAX_DELTAS) return;
    deltas += 1;
    context.emit({
      type: 'exec_command_output_delta',
      call_id: facts.callId,
      stream,
      chunk: piece.toString('base64'),
    });
  };
  const begin = (): void => {
    if (hasBegun) return;
    hasBegun = true;
    context.tell?.({
      type: 'terminal_started',
      ...place,
      command: facts.argv,
      cwd: facts.cwd,
      isTerminal: facts.tty,
    });
    context.emit({ type: 'exec_command_begin', ...eventFacts });
  };
  const end = (
    status: 'completed' | 'failed' | 'declined',
    { code, output }: { readonly code: number; readonly output: string },
  ): void => {
    if (isEndTold) return;
    isEndTold = true;
    begin();
    const durationMs = Math.round(clock.elapsed() - begunAt);
    context.emit({
      type: 'exec_command_end',
      ...eventFacts,
      aggregated_output: output,
      exit_code: code,
      duration_ms: durationMs,
      status,
    });
    context.tell?.({
      type: 'terminal_ended',
      ...place,
      exitCode: code,
      status,
      durationMs,
      output: () => output,
    });
  };
  const tellEndIfOver = (): void => {
    if (!mayTellEnd || exitCode === undefined) return;
    end(exitCode === 0 ? 'completed' : 'failed', { code: exitCode, output: transcript.text() });
    // Whoever polls has the unread output; nobody asks for the whole one again.
    transcript = createOutputBuffer();
  };

  const followed = async (
    { exited }: RunningProcess,
    pieces: Readonly<Record<'stdout' | 'stderr', { end(): void }>>,
  ): Promise<void> => {
    const exit = await exited;
    pieces.stdout.end();
    pieces.stderr.end();
    ({ exitCode } = exit);
    ended.resolve();
    tellEndIfOver();
  };

  return {
    facts,
    startedAtMs,
    exitCode: () => exitCode,
    begin,
    async run(start) {
      [unread, transcript] = [createOutputBuffer(), createOutputBuffer()];
      [running, exitCode] = [undefined, undefined];
      ended = Promise.withResolvers<void>();
      const pieces = {
        stdout: utf8Pieces((piece) => deliver('stdout', piece)),
        stderr: utf8Pieces((piece) => deliver('stderr', piece)),
      };
      starting = start((stream, chunk) => pieces[stream].push(chunk));
      const started = await starting;
      if (started.kind === 'failed') return started;
      running = started.process;
      if (isTerminated) void running.end();
      void followed(running, pieces);
      return started;
    },
    async wait(timeoutMs, signal) {
      signal.throwIfAborted();
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const onAbort = (): void => reject(signal.reason as Error);
      signal.addEventListener('abort', onAbort, { once: true });
      const timer = setTimeout(resolve, timeoutMs);
      try {
        await Promise.race([ended.promise, promise]);
      } finally {
        clearTimeout(timer);
        signal.removeEventListener('abort', onAbort);
      }
    },
    takeOutput() {
      const taken: OutputBuffer = unread;
      unread = createOutputBuffer();
      return { text: taken.text(), totalBytes: taken.totalBytes };
    },
    transcript: () => transcript.text(),
    process: () => running,
    tellEnd() {
      mayTellEnd = true;
      tellEndIfOver();
    },
    endWithout: (status, message) => end(status, { code: NO_EXIT_CODE, output: message }),
    async terminate() {
      isTerminated = true;
      const started = running ? undefined : await starting;
      const process = running ?? (started?.kind === 'started' ? started.process : undefined);
      await process?.end();
    },
  };
}
