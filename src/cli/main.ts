import { EXIT } from '../doctor/gate.ts';
import { doctor } from './doctor.ts';
import { doctorOptions } from './doctor-options.ts';
import type { DoctorArguments } from './doctor-options.ts';
import { parsePlainly } from './parse-plainly.ts';
import { UsageError } from './usage-error.ts';

/**
 * Runs one command line and sets `process.exitCode`. Never rejects: a wrong command line is explained on standard error
 * (exit code 2), and so is a fault of ours (exit code 3: there is no verdict).
 */
export async function main(argv: readonly string[]): Promise<void> {
  try {
    if (argv[0] === 'doctor') {
      const options = argv.slice(1);
      const plain = parsePlainly(options, doctorOptions) as DoctorArguments | undefined;
      const args = plain ?? (await import('./command-line.ts')).readDoctorOptions(options);
      if (args) await doctor(args);
    } else if (argv[0] === 'exec') {
      const [{ exec }, { newParser }] = await Promise.all([
        import('./exec/exec.ts'),
        import('./command-line.ts'),
      ]);
      await exec(argv.slice(1), newParser);
    } else {
      await (await import('./command-line.ts')).overview(argv, doctor).parseAsync();
    }
  } catch (error) {
    if (error instanceof UsageError) {
      process.stderr.write(
        `stethos: ${error.message}\n${error.hint ?? `Run stethos ${argv[0] === 'exec' ? 'exec' : 'doctor'} --help for what there is.`}\n`,
      );
      process.exitCode = EXIT.usage;
      return;
    }
    const words = error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.stderr.write(`stethos: this is a fault in stethos itself: ${words}\n`);
    process.exitCode = EXIT.incomplete;
  }
}
