import yargs from 'yargs';
import type { Argv } from 'yargs';
import { nearest } from '../doctor/select.ts';
import { TOOL_VERSION } from '../doctor/version.ts';
import type { NewParser } from './command.ts';
import { COMMANDS } from './commands.ts';
import { buildDoctorOptions, doctorOptions } from './doctor/options.ts';
import type { DoctorArguments } from './doctor/options.ts';
import { PARSER_CONFIGURATION } from './parse-plainly.ts';
import { UsageError } from './usage-error.ts';
import { workingDirectory } from './working-directory.ts';

/** {@link NewParser} */
export const newParser: NewParser = (argv, name, options = {}) =>
  // yargs asks for the working directory itself, and throws where that was deleted.
  yargs([...argv], workingDirectory(process.env).cwd)
    .scriptName(name)
    .parserConfiguration(PARSER_CONFIGURATION)
    .strict()
    .version(TOOL_VERSION)
    .alias('v', 'version')
    .help()
    .alias('h', 'help')
    .wrap(100)
    .locale('en')
    .exitProcess(false)
    .fail((message, error) => {
      // yargs reports a missing value by an error of its own class, everything else by a message.
      if (error && error.name !== 'YError') throw error;
      throw choiceErrorOf(message) ?? usageErrorOf(message, Object.keys(options));
    });

/** A value that is not among the choices of its option, in one line. */
function choiceErrorOf(message: string): UsageError | undefined {
  // yargs writes what was given and the choices as JSON.
  const [option, value = '""', list = ''] =
    /^Invalid values:\s+Argument: ([\w-]+), Given: ("(?:[^"\\]|\\.)*"), Choices: (.*)$/
      .exec(message)
      ?.slice(1) ?? [];
  if (option === undefined) return undefined;
  const given = JSON.parse(value) as string;
  const choices = JSON.parse(`[${list}]`) as readonly string[];
  const suggestion = nearest(given, choices);
  return new UsageError(
    `--${option} ${given} is not one of ${choices.join(', ')}.`,
    suggestion && `Did you mean ${suggestion}?`,
  );
}

function usageErrorOf(message: string, options: readonly string[]): UsageError {
  const unknown = /^Unknown (?:argument|command)s?: ([^,]+)/.exec(message)?.[1];
  // yargs names `--full-auto` twice: as it was typed, and as a property.
  const [list, camelCased] = /^Unknown arguments: ([\w-]+), (\w+)$/.exec(message)?.slice(1) ?? [];
  const isTwice =
    list !== undefined &&
    camelCased === list.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
  const suggestion = unknown === undefined ? undefined : nearest(unknown, options);
  return new UsageError(
    isTwice ? `Unknown argument: ${list}` : message,
    suggestion && `Did you mean --${suggestion}?`,
  );
}

/**
 * Answers a command line that begins with no command: help, the version, or what is wrong with it.
 * @throws UsageError
 */
export function answerWithoutCommand(argv: readonly string[]): void {
  const [first] = argv;
  const named = argv.find((word) => COMMANDS.has(word));
  if (first !== undefined && !first.startsWith('-')) throw unknownCommand(first);
  if (named === undefined) program(argv).parseSync();
  else if (argv.some((word) => word === '--help' || word === '-h')) page(named, ['--help']).parseSync();
  else throw new UsageError(`Options stand behind the command: stethos ${named} …`);
}

/** The program as a whole. */
function program(argv: readonly string[]): Argv {
  const parser = newParser(argv, 'stethos')
    .usage('$0 <command>\n\nSays, truthfully and fast, what is wrong with the coding agent on this machine.')
    .demandCommand(1, 'No command was given. The usual one is: stethos doctor');
  for (const { usage, description } of COMMANDS.values()) parser.command(usage, description);
  return parser;
}

function page(name: string, argv: readonly string[] = []): Argv {
  const parser = newParser(argv, `stethos ${name}`);
  return COMMANDS.get(name)?.build(parser) ?? parser;
}

function unknownCommand(word: string): UsageError {
  const suggestion = nearest(word, [...COMMANDS.keys()]);
  return new UsageError(`There is no command ${word}.`, suggestion && `Did you mean stethos ${suggestion}?`);
}

/** `stethos doctor` as yargs sees it. */
export function doctorParser(argv: readonly string[]): ReturnType<typeof buildDoctorOptions> {
  return buildDoctorOptions(newParser(argv, 'stethos doctor', doctorOptions));
}

/** The help of every command by its words (`''` is the program's own); the build stores them for a quick answer. */
export async function helpPages(): Promise<Record<string, string>> {
  const pages: Readonly<Record<string, Argv>> = {
    '': program([]),
    ...Object.fromEntries([...COMMANDS.keys()].map((name) => [name, page(name)])),
    ...Object.fromEntries(
      [...COMMANDS].flatMap(([name, { verbs = {} }]) =>
        Object.entries(verbs).map(([verb, build]) => [
          `${name} ${verb}`,
          build(newParser([], `stethos ${name} ${verb}`)),
        ]),
      ),
    ),
    'execpolicy check': page('execpolicy'),
  };
  const texts = Object.entries(pages).map(async ([words, each]) => [words, `${await each.getHelp()}\n`]);
  return Object.fromEntries(await Promise.all(texts)) as Record<string, string>;
}

/** Prints the help or version that was asked for; otherwise gives the options, or throws what is wrong with them. */
export function readDoctorOptions(argv: readonly string[]): DoctorArguments | undefined {
  const args = doctorParser(argv).parseSync();
  if (args._.length > 0) throw new UsageError(`doctor takes options only, not ${args._[0]}.`);
  return 'help' in args || 'version' in args ? undefined : args;
}
