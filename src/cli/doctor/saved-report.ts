import { redactReport } from '../../doctor/redact-report.ts';
import { EXIT } from '../../doctor/report.ts';
import { files } from '../../host/files.ts';
import type { Environment } from '../../target/home.ts';
import { redactionOfUser } from '../../target/redaction.ts';
import { reportIn } from '../report-in.ts';
import { workingDirectory } from '../working-directory.ts';
import { deliver } from './deliver.ts';
import type { Delivery } from './deliver.ts';
import { judge } from './judge.ts';
import type { Judging } from './judge.ts';

/* Reports that were made before, or elsewhere: a bundle of its own, since reading them takes more code than an examination. */

export { reportIn };

export interface Showing extends Delivery, Judging {
  readonly env: Environment;
  /** Ends what was started for the formats of plugins. */
  readonly close: () => Promise<void>;
}

/**
 * Shows a report that was made elsewhere in every format that was asked for, and ends the process as the gate says today.
 * @param path of a file or a pipe; `-` is standard input
 * @throws UsageError where no report stands there
 */
export async function showReport(path: string, { env, close, ...showing }: Showing): Promise<never> {
  const judged = await judge(await reportIn(path), showing);
  const clean = redactReport(judged, redactionOfUser({ env, cwd: workingDirectory(env).cwd }, files));
  const isWhole = await deliver(clean, showing);
  await close();
  const { exitCode } = judged.gate;
  process.exit(exitCode === EXIT.healthy && !isWhole ? EXIT.incomplete : exitCode);
}
