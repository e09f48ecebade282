import { userInfo } from 'node:os';
import { files } from '../../../host/files.ts';
import type { Tool } from '../tool.ts';
import { createExecCommand } from './exec-command.ts';
import type { CommandToolOptions } from './exec-command.ts';
import { pollWait } from './limits.ts';
import type { WaitLimits } from './limits.ts';
import { createTerminalRegistry } from './manager.ts';
import type { TerminalManager } from './manager.ts';
import { userShell } from './shell.ts';
import { createShellCommand } from './shell-command.ts';
import { runUserShellCommand } from './user-shell.ts';
import { createWriteStdin } from './write-stdin.ts';

export interface TerminalOptions extends Omit<CommandToolOptions, 'registry' | 'shell'> {
  /** How long a call may wait for a quiet background terminal (`background_terminal_max_timeout`). */
  readonly maxTimeoutMs: number;
  /** `legacy` shows the model `shell_command` alone, which keeps nothing in the background. */
  readonly form?: 'unified' | 'legacy';
  /** Default: the user's. */
  readonly shell?: string;
  /** In place of the limits of calls that write nothing. */
  readonly pollLimits?: WaitLimits;
}

export interface Terminals {
  readonly tools: readonly Tool[];
  readonly manager: TerminalManager;
  /** `!command` of the user. */
  runUserShellCommand(
    command: string,
    run: Parameters<typeof runUserShellCommand>[1],
  ): ReturnType<typeof runUserShellCommand>;
}

/** The terminals of one thread, and the tools that use them (spec/agent-core.md 2.2). */
export function createTerminals(given: TerminalOptions): Terminals {
  const registry = createTerminalRegistry(given);
  const options: CommandToolOptions = {
    ...given,
    registry,
    shell: given.shell ?? userShell({ env: given.env, accountShell: accountShell(), files }),
  };
  const isLegacy = given.form === 'legacy';
  const shellCommand = createShellCommand(options, { isShown: isLegacy });
  const writeStdin = createWriteStdin({
    ...options,
    pollWait: given.pollLimits ?? pollWait(given.maxTimeoutMs),
  });
  return {
    tools: isLegacy ? [shellCommand] : [createExecCommand(options), writeStdin, shellCommand],
    manager: registry,
    runUserShellCommand: (command, run) => runUserShellCommand(command, run, options),
  };
}

function accountShell(): string | undefined {
  try {
    return userInfo().shell ?? undefined;
  } catch {
    // Throws for an account without an entry in the account database, as in some containers.
    return undefined;
  }
}
