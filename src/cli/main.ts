import yargs from 'yargs';
import { EXIT } from '../doctor/gate.ts';
import { TOOL_VERSION } from '../doctor/version.ts';
import { nearest } from '../doctor/select.ts';
import { doctorCommand } from './doctor.ts';
import { doctorOptions } from './doctor-options.ts';
import { UsageError } from './usage-error.ts';

/** What a command line asks for, still to be done. */
export type Job = () => Promise<void>;

/**
 * The whole command line; one file per command.
 * @param choose told what was asked for. Handlers do not run the job themselves: for a handler that returns a promise
 *   yargs lays out the whole help in advance, which costs more than a small examination.
 */
function commandLine(argv: readonly string[], choose: (job: Job) => void): ReturnType<typeof yargs> {
  return yargs([...argv])
    .scriptName('stethos')
    .usage('$0 <command>\n\nSays, truthfully and fast, what is wrong with the coding agent on this machine.')
    .parserConfiguration({
      'boolean-negation': false,
      'dot-notation': false,
      'greedy-arrays': false,
      'parse-numbers': false,
      'duplicate-arguments-array': true,
    })
    .command(doctorCommand(choose))
    .demandCommand(1, 'No command was given. The usual one is: stethos doctor')
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

function usageErrorOf(message: string): UsageError {
  const unknown = /^Unknown (?:argument|command)s?: ([^,]+)/.exec(message)?.[1];
  const suggestion = unknown === undefined ? undefined : nearest(unknown, Object.keys(doctorOptions));
  return new UsageError(message, suggestion && `Did you mean --${suggestion}?`);
}

/** The help of every command by its words (`''` is the program's own); the build stores them for a quick answer. */
export async function helpPages(): Promise<Record<string, string>> {
  const pages: Record<string, string> = {};
  for (const words of ['', 'doctor'])
    pages[words] = `${await commandLine(words === '' ? [] : [words], () => undefined).getHelp()}\n`;
  return pages;
}

/**
 * Runs one command line and sets `process.exitCode`. Never rejects: a wrong command line is explained on standard error
 * (exit code 2), and so is a fault of ours (exit code 3: there is no verdict).
 */
export async function main(argv: readonly string[]): Promise<void> {
  try {
    let job: Job | undefined;
    commandLine(argv, (chosen) => {
      job = chosen;
    }).parseSync();
    await job?.();
  } catch (error) {
    if (error instanceof UsageError) {
      process.stderr.write(
        `stethos: ${error.message}\n${error.hint ?? 'Run stethos doctor --help for what there is.'}\n`,
      );
      process.exitCode = EXIT.usage;
      return;
    }
    process.stderr.write(
      `stethos: this is a fault in stethos itself: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
    process.exitCode = EXIT.incomplete;
  }
}
