import yargs from 'yargs';
import type { Argv } from 'yargs';
import { nearest } from '../doctor/select.ts';
import { TOOL_VERSION } from '../doctor/version.ts';
import { buildDoctorOptions, doctorOptions } from './doctor-options.ts';
import type { DoctorArguments } from './doctor-options.ts';
import { buildExecOptions, buildResumeOptions, execOptions, resumeOptions } from './exec/options.ts';
import { PARSER_CONFIGURATION } from './parse-plainly.ts';
import { UsageError } from './usage-error.ts';

const DOCTOR_DESCRIPTION = 'Examine the coding agent on this machine and name the fault';

const EXEC_DESCRIPTION = 'Let the embedded agent do one piece of work';

/** What every parser of this program has in common. */
export function newParser(argv: readonly string[], name = 'stethos'): Argv {
  return yargs([...argv])
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
      throw usageErrorOf(message);
    });
}

/**
 * The program as a whole: help, wrong commands, options before the command.
 * @param doctor runs that command. Handed in, because what this lazily loaded module imported itself would be
 *   initialised piece by piece in the bundle, at twice the cost.
 */
export function overview(
  argv: readonly string[],
  doctor: (args: DoctorArguments) => Promise<void> = () => Promise.resolve(),
): Argv {
  return newParser(argv)
    .usage('$0 <command>\n\nSays, truthfully and fast, what is wrong with the coding agent on this machine.')
    .command('doctor', DOCTOR_DESCRIPTION, buildDoctorOptions, doctor)
    .command('exec [prompt]', EXEC_DESCRIPTION, buildExecOptions)
    .demandCommand(1, 'No command was given. The usual one is: stethos doctor');
}

/** `stethos doctor` as yargs sees it. */
export function doctorParser(argv: readonly string[]): ReturnType<typeof buildDoctorOptions> {
  return buildDoctorOptions(newParser(argv, 'stethos doctor'));
}

const OPTION_NAMES = Object.keys({ ...doctorOptions, ...execOptions, ...resumeOptions });

function usageErrorOf(message: string): UsageError {
  const unknown = /^Unknown (?:argument|command)s?: ([^,]+)/.exec(message)?.[1];
  const suggestion = unknown === undefined ? undefined : nearest(unknown, OPTION_NAMES);
  return new UsageError(message, suggestion && `Did you mean --${suggestion}?`);
}

/** The help of every command by its words (`''` is the program's own); the build stores them for a quick answer. */
export async function helpPages(): Promise<Record<string, string>> {
  const pages: Readonly<Record<string, Argv>> = {
    '': overview([]),
    doctor: doctorParser([]),
    exec: buildExecOptions(newParser([], 'stethos exec')),
    'exec resume': buildResumeOptions(newParser([], 'stethos exec resume')),
    'exec fork': buildResumeOptions(newParser([], 'stethos exec fork')),
  };
  const texts = Object.entries(pages).map(async ([words, page]) => [words, `${await page.getHelp()}\n`]);
  return Object.fromEntries(await Promise.all(texts)) as Record<string, string>;
}

/** Prints the help or version that was asked for; otherwise gives the options, or throws what is wrong with them. */
export function readDoctorOptions(argv: readonly string[]): DoctorArguments | undefined {
  const args = doctorParser(argv).parseSync();
  if (args._.length > 0) throw new UsageError(`doctor takes options only, not ${args._[0]}.`);
  return 'help' in args || 'version' in args ? undefined : args;
}
