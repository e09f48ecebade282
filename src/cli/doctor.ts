import type { CommandModule } from 'yargs';
import { builtInChecks } from '../../checks/index.ts';
import { human } from '../../reporters/human.ts';
import { json } from '../../reporters/json.ts';
import { examine } from '../doctor/examine.ts';
import { exitCodeOf } from '../doctor/gate.ts';
import { redactReport } from '../doctor/redact-report.ts';
import { createRegistry } from '../doctor/registry.ts';
import { userDirectory } from '../target/home.ts';

interface DoctorArguments {
  readonly json: boolean;
  readonly home: string | undefined;
}

export const doctorCommand: CommandModule<object, DoctorArguments> = {
  command: 'doctor',
  describe: 'Examine the coding agent on this machine and name the fault',
  builder: (yargs) =>
    yargs
      .option('json', {
        type: 'boolean',
        default: false,
        describe: 'Redacted report for scripts and support tickets',
      })
      .option('home', { type: 'string', describe: "The agent's home directory" }),
  handler: async (args) => {
    const report = await examine(createRegistry(builtInChecks), {
      context: {
        target: 'auto',
        home: args.home,
        cwd: process.cwd(),
        env: process.env,
        overrides: { set: [], enable: [], disable: [] },
        exec: true,
        deep: false,
        offline: false,
      },
      timeoutMs: 30_000,
      signal: new AbortController().signal,
    });
    const clean = redactReport(report, { userDirectory: userDirectory(process.env) });
    process.stdout.write(
      (args.json ? json : human)(clean, { color: false, ascii: false, width: 80, all: false }),
    );
    process.exitCode = exitCodeOf(report, 'fail');
  },
};
