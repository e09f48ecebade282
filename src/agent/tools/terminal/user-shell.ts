import type { ToolContext } from '../tool.ts';
import { truncateOutput } from '../truncate.ts';
import { outputLimit } from './command-arguments.ts';
import { commandEnvironment } from './environment.ts';
import type { CommandToolOptions } from './exec-command.ts';
import { createSession } from './session.ts';
import { shellArguments } from './shell.ts';
import { startPiped } from './start-piped.ts';

export interface UserShellOutcome {
  readonly exitCode: number;
  /** The interrupt came first. */
  readonly isAborted: boolean;
  /** What history tells the model of it. */
  readonly record: string;
}

/** What the user leaves running is theirs; this is no limit but for what was forgotten. */
const TIMEOUT_MS = 60 * 60 * 1000;
/** It was not started. */
const NOT_STARTED = -1;

/**
 * Runs what the user typed behind `!` (`run_user_shell_command`): no policy and no sandbox, since the user did it. Never
 * rejects; an interrupt ends the command.
 */
export async function runUserShellCommand(
  command: string,
  {
    callId,
    context,
  }: {
    readonly callId: string;
    readonly context: Pick<ToolContext, 'threadId' | 'turnId' | 'cwd' | 'emit' | 'tell' | 'signal' | 'model'>;
  },
  { registry, clock, env, shell }: Pick<CommandToolOptions, 'registry' | 'clock' | 'env' | 'shell'>,
): Promise<UserShellOutcome> {
  const { threadId, turnId, cwd, signal, model } = context;
  const argv = shellArguments(shell, { script: command, login: true });
  const session = createSession(
    { processId: undefined, callId, turnId, argv, cwd, tty: false, source: 'user_shell' },
    { context, clock },
  );
  const begunAt = clock.elapsed();
  const launch = { argv, cwd, env: commandEnvironment(env, { threadId, reader: 'user' }) };
  session.begin();
  await registry.attend(session, async () => {
    const started = await session.run((onOutput) => startPiped(launch, onOutput));
    if (started.kind === 'failed') {
      session.endWithout('failed', started.message);
      return;
    }
    try {
      await session.wait(TIMEOUT_MS, signal);
    } catch {
      // Interrupted: what it printed until then is told all the same.
    }
    await session.terminate();
    await started.process.exited;
    session.tellEnd();
  });
  const exitCode = session.exitCode() ?? NOT_STARTED;
  const output = truncateOutput(session.takeOutput().text, outputLimit({}, model));
  const record = [
    '<user_shell_command>',
    `<command>\n${command}\n</command>`,
    '<result>',
    `Exit code: ${exitCode}`,
    `Duration: ${((clock.elapsed() - begunAt) / 1000).toFixed(4)} seconds`,
    `Output:\n${output}`,
    '</result>',
    '</user_shell_command>',
  ].join('\n');
  return { exitCode, isAborted: signal.aborted, record };
}
