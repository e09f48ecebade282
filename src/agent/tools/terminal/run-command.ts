import type { Clock } from '../../../host/clock.ts';
import type { ToolFact } from '../../../telemetry/facts/tool.ts';
import type { CommandRequest, Guard } from '../../policy/guard.ts';
import type { SandboxPolicy } from '../../policy/policy.ts';
import type { Sandbox } from '../../policy/sandbox.ts';
import { isSandboxDenial } from '../../policy/sandbox/denial.ts';
import { ToolFailure } from '../tool.ts';
import type { ToolContext } from '../tool.ts';
import { startOnTerminal } from './start-on-terminal.ts';
import type { TerminalLibrary } from './start-on-terminal.ts';
import { startPiped } from './start-piped.ts';
import type { CommandSession } from './session.ts';

/** How a command stands when the time to wait for it is over. */
export interface CommandOutcome {
  /** Undefined while it runs. */
  readonly exitCode: number | undefined;
  /** Since it was started; questions before that do not count. */
  readonly wallTimeMs: number;
  /** Why it was not tried again without its sandbox. */
  readonly note?: string;
}

export interface RunnerOptions {
  readonly guard: Pick<Guard, 'permitCommand' | 'permitWithoutSandbox'>;
  readonly sandbox: Pick<Sandbox, 'wrap'>;
  readonly clock: Clock;
  /** Loads the library of terminals; the real one by default. */
  readonly loadTerminals?: () => Promise<TerminalLibrary | undefined>;
}

interface Run {
  readonly session: CommandSession;
  readonly request: CommandRequest;
  readonly context: ToolContext;
  readonly env: Readonly<Record<string, string>>;
  readonly waitMs: number;
}

/**
 * Policy, sandbox, start, and the first wait; when the sandbox stopped the command, the question whether it may run
 * without, and a second start (spec/agent-core.md 3.1). The end of the process is told from here on, whenever it comes.
 * @throws ToolFailure when the command did not run; the reason of the signal when the turn was interrupted
 */
export async function runCommand(run: Run, options: RunnerOptions): Promise<CommandOutcome> {
  const { session, request, context, waitMs } = run;
  const { guard, clock } = options;
  try {
    const permission = await guard.permitCommand(request, context);
    if (permission.kind !== 'run') throw declined(session, permission.message);
    let startedAt = clock.elapsed();
    const outcome = (note?: string): CommandOutcome => ({
      exitCode: session.exitCode(),
      wallTimeMs: clock.elapsed() - startedAt,
      ...(note === undefined ? {} : { note }),
    });
    const firstStartedAt = startedAt;
    const { isContained } = await start(run, permission.sandbox, options);
    await session.wait(waitMs, context.signal);
    const exitCode = session.exitCode();
    if (!isContained || exitCode === undefined || !isSandboxDenial(exitCode, session.transcript()))
      return outcome();
    const initialDurationMs = Math.round(clock.elapsed() - firstStartedAt);
    const again = await guard.permitWithoutSandbox(request, context);
    if (again.kind !== 'run') {
      tellSandbox(run, { outcome: 'denied', initialDurationMs });
      return outcome(again.message);
    }
    startedAt = clock.elapsed();
    await start(run, again.sandbox, options);
    await session.wait(waitMs, context.signal);
    const escalatedDurationMs = Math.round(clock.elapsed() - startedAt);
    tellSandbox(run, { outcome: 'escalated', initialDurationMs, escalatedDurationMs });
    return outcome();
  } finally {
    session.tellEnd();
  }
}

/** A sandbox that was not in the way is not worth a word (as the real agent has it). */
function tellSandbox({ request, context }: Run, how: SandboxPart): void {
  const { tell, calling, turnId } = context;
  if (calling)
    tell?.({ type: 'sandbox_outcome', turnId, callId: request.callId, tool: calling.name, ...how });
}

type SandboxPart = Pick<
  Extract<ToolFact, { readonly type: 'sandbox_outcome' }>,
  'outcome' | 'initialDurationMs' | 'escalatedDurationMs'
>;

function declined(session: CommandSession, message: string): ToolFailure {
  session.endWithout('declined', message);
  return new ToolFailure(message);
}

async function start(
  { session, request, context, env }: Run,
  policy: SandboxPolicy,
  { sandbox, loadTerminals }: RunnerOptions,
): Promise<{ readonly isContained: boolean }> {
  context.signal.throwIfAborted();
  const launch = { argv: request.argv, cwd: request.cwd, env };
  const wrapped = await sandbox.wrap(launch, policy, context.cwd);
  if (wrapped.kind === 'unavailable') {
    session.endWithout('failed', wrapped.message);
    throw new ToolFailure(wrapped.message);
  }
  if (context.signal.aborted) wrapped.release();
  context.signal.throwIfAborted();
  session.begin();
  const started = await session.run((onOutput) =>
    session.facts.tty
      ? startOnTerminal(wrapped.launch, onOutput, loadTerminals)
      : startPiped(wrapped.launch, onOutput),
  );
  if (started.kind === 'failed') {
    wrapped.release();
    session.endWithout('failed', started.message);
    throw new ToolFailure(started.message);
  }
  void started.process.exited.finally(() => wrapped.release());
  return { isContained: wrapped.mechanism !== 'none' };
}
