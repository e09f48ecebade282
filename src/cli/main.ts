import yargs from 'yargs';
import type { Argv } from 'yargs';
import { EXIT } from '../doctor/gate.ts';
import { nearest } from '../doctor/select.ts';
import { TOOL_VERSION } from '../doctor/version.ts';
import { doctor } from './doctor.ts';
import { buildDoctorOptions, doctorOptions } from './doctor-options.ts';
import { UsageError } from './usage-error.ts';

const DOCTOR_DESCRIPTION = 'Examine the coding agent on this machine and name the fault';

/** What every parser of this program has in common. */
function parser(argv: readonly string[]): Argv {
  return yargs([...argv])
    .parserConfiguration({
      'boolean-negation': false,
      'dot-notation': false,
      'greedy-arrays': false,
      'parse-numbers': false,
      'duplicate-arguments-array': true,
    })
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

/** The program as a whole: help, wrong commands, options before the command. */
function overview(argv: readonly string[]): Argv {
  return parser(argv)
    .scriptName('stethos')
    .usage('$0 <command>\n\nSays, truthfully and fast, what is wrong with the coding agent on this machine.')
    .command('doctor', DOCTOR_DESCRIPTION, buildDoctorOptions, doctor)
    .demandCommand(1, 'No command was given. The usual one is: stethos doctor');
}

function doctorParser(argv: readonly string[]): ReturnType<typeof buildDoctorOptions> {
  return buildDoctorOptions(parser(argv).scriptName('stethos doctor'));
}

function usageErrorOf(message: string): UsageError {
  const unknown = /^Unknown (?:argument|command)s?: ([^,]+)/.exec(message)?.[1];
  const suggestion = unknown === undefined ? undefined : nearest(unknown, Object.keys(doctorOptions));
  return new UsageError(message, suggestion && `Did you mean --${suggestion}?`);
}

/** The help of every command by its words (`''` is the program's own); the build stores them for a quick answer. */
export async function helpPages(): Promise<Record<string, string>> {
  return { '': `${await overview([]).getHelp()}\n`, doctor: `${await doctorParser([]).getHelp()}\n` };
}

/**
 * Runs one command line and sets `process.exitCode`. Never rejects: a wrong command line is explained on standard error
 * (exit code 2), and so is a fault of ours (exit code 3: there is no verdict).
 */
export async function main(argv: readonly string[]): Promise<void> {
  try {
    // Parsed without the command tree: for a command, yargs parses twice and lays out the whole help beforehand, which
    // takes longer than a small examination.
    if (argv[0] === 'doctor') {
      const args = doctorParser(argv.slice(1)).parseSync();
      if (args._.length > 0) throw new UsageError(`doctor takes options only, not ${args._[0]}.`);
      if (!('help' in args) && !('version' in args)) await doctor(args);
    } else {
      await overview(argv).parseAsync();
    }
  } catch (error) {
    if (error instanceof UsageError) {
      process.stderr.write(
        `stethos: ${error.message}\n${error.hint ?? 'Run stethos doctor --help for what there is.'}\n`,
      );
      process.exitCode = EXIT.usage;
      return;
    }
    const words = error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.stderr.write(`stethos: this is a fault in stethos itself: ${words}\n`);
    process.exitCode = EXIT.incomplete;
  }
}
