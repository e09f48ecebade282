import type { Argv } from 'yargs';
import { UsageError } from '../usage-error.ts';
import { buildExecOptions, buildResumeOptions } from './options.ts';
import type { ExecArguments } from './options.ts';

/** A whole command line of `stethos exec`. */
export interface ExecCommand {
  readonly args: ExecArguments;
  /** Undefined or `-`: from standard input. */
  readonly prompt: string | undefined;
  readonly start:
    | { readonly kind: 'new' }
    | {
        readonly kind: 'resume' | 'fork';
        /** Id or name of a session; undefined with `--last`. */
        readonly session: string | undefined;
      };
}

/**
 * Reads what stands behind `stethos exec`.
 * @param parser a new parser with what all commands have in common
 * @returns undefined when help or the version was asked for and printed
 * @throws UsageError
 */
export function readExecCommand(
  argv: readonly string[],
  parser: (argv: readonly string[], name: string) => Argv,
): ExecCommand | undefined {
  const [first] = argv;
  if (first !== 'resume' && first !== 'fork') {
    const args = buildExecOptions(parser(argv, 'stethos exec')).parseSync();
    if (isAnswered(args)) return undefined;
    const [prompt, ...more] = wordsOf(args._);
    if (more.length > 0) throw tooMuch(more);
    return { args, prompt, start: { kind: 'new' } };
  }
  const args = buildResumeOptions(parser(argv.slice(1), `stethos exec ${first}`)).parseSync();
  if (isAnswered(args)) return undefined;
  const words = wordsOf(args._);
  const session = args.last === true ? undefined : words.shift();
  if (session === undefined && args.last !== true)
    throw new UsageError(
      `Which session is to be continued? ${first} takes its id or its name.`,
      'Name it, or say --last for the newest one of this folder.',
    );
  const [prompt, ...more] = words;
  if (more.length > 0) throw tooMuch(more);
  return { args, prompt, start: { kind: first, session } };
}

const isAnswered = (args: object): boolean => 'help' in args || 'version' in args;

const wordsOf = (words: readonly (string | number)[]): string[] => words.map(String);

const tooMuch = ([word]: readonly string[]): UsageError =>
  new UsageError(
    `There is one word too many: ${word}.`,
    'Put the whole prompt in quotes: stethos exec "what is to be done"',
  );
