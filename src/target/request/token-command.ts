import { dirname, resolve } from 'node:path';
import type { Files } from '../../host/files.ts';
import { belongsToProject, projectAround } from '../../host/project.ts';
import { runProcess } from '../../host/spawn.ts';
import type { SpawnOutcome } from '../../host/spawn.ts';
import { Secret } from '../../redact/secret.ts';
import { stringAt, valueAt } from '../config/facts.ts';
import type { ConfigTable } from '../config/facts.ts';
import { searchPathOf, userDirectory } from '../home.ts';
import type { Environment } from '../home.ts';
import { resolveCommand } from '../mcp/command.ts';

/** The agent's own default, and the most that the doctor waits for one command. */
export const TOKEN_COMMAND_TIMEOUT_MS = 5_000;

export type TokenCommandOutcome =
  | { readonly kind: 'printed'; readonly token: Secret }
  /** What went wrong, without anything that the command printed. */
  | { readonly kind: 'failed'; readonly problem: string };

export interface TokenCommandOptions {
  /** The table `[model_providers.<id>.auth]`. */
  readonly settings: ConfigTable;
  /** What the agent would hand on to the command. */
  readonly environment: Environment;
  /** Relative paths of the configuration start here. */
  readonly configFolder: string;
  readonly cwd: string;
  readonly files: Files;
  /** The doctor waits no longer than this, whatever the table says. */
  readonly longestWaitMs?: number;
  /**
   * Run also what lies in the current project: the agent does, as the table is never taken from a project's own file.
   * The doctor does not: a cloned repository must not choose what it starts.
   */
  readonly allowsProjectPrograms?: boolean;
}

/**
 * Runs the command that prints a provider's token, once, as the agent runs it: in the agent's environment, without a
 * shell, the token being what it prints without the white space around.
 */
export async function runTokenCommand(options: TokenCommandOptions): Promise<TokenCommandOutcome> {
  const { settings, environment, files } = options;
  const configured = stringAt(settings, 'cwd');
  const cwd = configured === undefined ? options.cwd : resolve(options.configFolder, configured);
  const place = { folder: cwd, ownPath: undefined, inheritedPath: searchPathOf(environment) };
  const command = resolveCommand(stringAt(settings, 'command') ?? '', place, files);
  if (command.kind !== 'found') return failed('the command cannot be found or is not a program');
  const project = projectAround(options.cwd, userDirectory(environment), files);
  if (!options.allowsProjectPrograms && belongsToProject(dirname(command.path), project))
    return failed('the command lies in the current project, which could have brought it along');
  const outcome = await runProcess(command.path, textsAt(settings, 'args'), {
    cwd,
    env: defined(environment),
    timeoutMs: Math.min(
      millisecondsAt(settings, 'timeout_ms') ?? TOKEN_COMMAND_TIMEOUT_MS,
      options.longestWaitMs ?? Infinity,
    ),
  });
  return tokenOf(outcome);
}

function tokenOf(outcome: SpawnOutcome): TokenCommandOutcome {
  switch (outcome.kind) {
    case 'exited': {
      if (outcome.exitCode !== 0) return failed(`the command ended with exit code ${outcome.exitCode}`);
      const token = outcome.stdout.trim();
      return token === ''
        ? failed('the command printed nothing')
        : { kind: 'printed', token: new Secret(token) };
    }
    case 'timeout':
      return failed(`the command did not end within ${outcome.timeoutMs} ms`);
    case 'signalled':
      return failed(`the command was ended by ${outcome.signal}`);
    case 'noise':
      return failed('the command printed more than a token');
    case 'spawn_failed':
      return failed(`the command could not be started (${outcome.code})`);
  }
}

const failed = (problem: string): TokenCommandOutcome => ({ kind: 'failed', problem });

function textsAt(table: ConfigTable, key: string): string[] {
  const value = valueAt(table, key);
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

function millisecondsAt(table: ConfigTable, key: string): number | undefined {
  const value = valueAt(table, key);
  const number = typeof value === 'bigint' ? Number(value) : value;
  return typeof number === 'number' && number > 0 ? number : undefined;
}

function defined(environment: Environment): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
