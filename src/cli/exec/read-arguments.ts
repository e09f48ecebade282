import { isAnswered } from '../command.ts';
import type { NewParser } from '../command.ts';
import { UsageError } from '../usage-error.ts';
import { buildExecOptions, buildResumeOptions, execOptions, resumeOptions } from './options.ts';
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
export function readExecCommand(argv: readonly string[], parser: NewParser): ExecCommand | undefined {
  const command = parsedCommand(argv, parser);
  if (command) refuseWhatDoesNothing(command.args);
  return command;
}

function parsedCommand(argv: readonly string[], parser: NewParser): ExecCommand | undefined {
  const word = continuationIn(argv);
  if (word !== undefined) {
    const args = buildResumeOptions(parser(argv, `stethos exec ${word}`, RESUME_OPTIONS)).parseSync();
    if (isAnswered(args)) return undefined;
    const [first, ...words] = wordsOf(args._);
    // Otherwise it was the value of an option, or stood in the prompt's place behind another word.
    if (isContinuation(first)) return continuation(first, words, args);
  }
  const args = buildExecOptions(parser(argv, 'stethos exec', execOptions)).parseSync();
  if (isAnswered(args)) return undefined;
  const [prompt, ...more] = wordsOf(args._);
  if (more.length > 0) throw tooMuch(more);
  return { args, prompt, start: { kind: 'new' } };
}

/** Faults of the command line that need no look at any file. */
function refuseWhatDoesNothing(args: ExecArguments): void {
  if (args['local-provider'] !== undefined && !args.oss)
    throw new UsageError('--local-provider says which server --oss asks.', 'Give --oss as well.');
  const odd = args.c.find((override) => !override.includes('='));
  if (odd !== undefined)
    throw new UsageError(`-c ${odd} is not of the form key=value.`, 'For example: -c model=gpt-5');
}

const RESUME_OPTIONS = { ...execOptions, ...resumeOptions };

type Continuation = 'resume' | 'fork';

const isContinuation = (word: string | undefined): word is Continuation =>
  word === 'resume' || word === 'fork';

/** One of the two words. Options may stand before it, and behind `--` it belongs to the prompt. */
function continuationIn(argv: readonly string[]): Continuation | undefined {
  const end = argv.indexOf('--');
  return (end === -1 ? argv : argv.slice(0, end)).find(isContinuation);
}

function continuation(kind: Continuation, words: string[], args: ExecArguments): ExecCommand {
  const session = args.last === true ? undefined : words.shift();
  if (session === undefined && args.last !== true)
    throw new UsageError(
      `Which session is to be continued? ${kind} takes its id or its name.`,
      'Name it, or say --last for the newest one of this folder.',
    );
  const [prompt, ...more] = words;
  if (more.length > 0) throw tooMuch(more);
  return { args, prompt, start: { kind, session } };
}

const wordsOf = (words: readonly (string | number)[]): string[] => words.map(String);

const tooMuch = ([word]: readonly string[]): UsageError =>
  new UsageError(
    `There is one word too many: ${word}.`,
    'Put the whole prompt in quotes: stethos exec "what is to be done"',
  );
