import yargs from 'yargs';
import { doctorCommand } from './doctor.ts';
import { TOOL_VERSION } from '../doctor/version.ts';

/** Runs the command line; sets `process.exitCode`. */
export async function main(argv: readonly string[]): Promise<void> {
  await yargs([...argv])
    .scriptName('stethos')
    .version(TOOL_VERSION)
    .command(doctorCommand)
    .demandCommand(1, 'Say what to do, for example: stethos doctor')
    .strict()
    .parseAsync();
}
