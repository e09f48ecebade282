import { targetOf } from '../../../doctor/context.ts';
import { systemClock } from '../../../host/clock.ts';
import type { Registry } from '../../../doctor/registry.ts';
import { EXIT } from '../../../doctor/report.ts';
import { print } from '../../finish.ts';
import type { DoctorRun } from '../run.ts';
import { watchDoctor } from './watch-doctor.ts';
import type { WatchedRun } from './watch-doctor.ts';
import { deliverFiles, textFor } from '../deliver.ts';
import { examineOnce, keepRun, redactorFor } from '../examine.ts';

/**
 * Examines again and again until Ctrl-C, and writes the files of every run.
 * @param everyMs from the end of one run to the start of the next
 */
export async function watchRuns(
  registry: Registry,
  run: DoctorRun,
  { everyMs }: { readonly everyMs: number },
): Promise<never> {
  const shown = run.outputs.find(({ file }) => file === undefined);
  const problems = new Set<string>();

  const examineAndShow = async (): Promise<WatchedRun> => {
    const target = targetOf(run.context);
    const { report, exitCode } = await examineOnce(registry, run, { target, redactor: redactorFor(target) });
    await deliverFiles(report, run);
    const problem = await keepRun(report, run);
    if (problem !== undefined && !problems.has(problem)) process.stderr.write(`stethos: ${problem}\n`);
    problems.add(problem ?? '');
    return { text: shown ? await textFor(report, shown, run) : '', exitCode, report };
  };

  const exitCode = await watchDoctor({
    run: examineAndShow,
    everyMs,
    clock: systemClock,
    signal: run.signal,
    out: {
      isTerminal: process.stdout.isTTY,
      rows: () => process.stdout.rows,
      write: (text) => print(text, { what: 'the report', unwritten: EXIT.incomplete }),
    },
  });
  await run.close();
  process.exit(exitCode);
}
