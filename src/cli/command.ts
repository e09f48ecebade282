import type { Argv } from 'yargs';

/**
 * A new parser with what all commands have in common: help, version, and how mistakes are told.
 * @param name as help pages spell it, such as `stethos exec`
 * @param options names that a mistyped option may have meant
 */
export type NewParser = (
  argv: readonly string[],
  name: string,
  options?: Readonly<Record<string, unknown>>,
) => Argv;

/**
 * A command of the program behind its own name. Sets the exit code or ends the process.
 * @throws UsageError, Problem
 */
export type Command = (argv: readonly string[], parser: NewParser) => Promise<void>;

/** Help or the version was asked for, and yargs has printed it. */
export const isAnswered = (args: object): boolean => 'help' in args || 'version' in args;

export const EXIT_DONE = 0;
export const EXIT_FAILED = 1;
