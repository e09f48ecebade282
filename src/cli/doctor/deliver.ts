import { EXIT } from '../../doctor/report.ts';
import type { RedactedReport } from '../../doctor/report.ts';
import { visible } from '../../redact/control.ts';
import type { Style } from '../../../reporters/reporter.ts';
import { print } from '../finish.ts';
import { PLAIN, styleFor } from '../style.ts';
import type { Look } from '../style.ts';
import type { Output } from './outputs.ts';

export interface Delivery {
  readonly outputs: readonly Output[];
  readonly look: Look;
  /** {@link Style.anchorFile} */
  readonly anchorFile?: string | undefined;
  /** `GITHUB_STEP_SUMMARY`: where a job of GitHub Actions shows more than annotations. */
  readonly stepSummary?: string | undefined;
}

/**
 * Gives a report to everybody who asked for it, standard output first: whatever becomes of a file, the reader has seen it.
 * @returns whether every file was written; each that was not is named on standard error
 */
export async function deliver(report: RedactedReport, delivery: Delivery): Promise<boolean> {
  for (const output of delivery.outputs.filter(({ file }) => file === undefined))
    print(await textFor(report, output, delivery), { what: 'the report', unwritten: EXIT.incomplete });
  return deliverFiles(report, delivery);
}

/** The report as it is to look in one place. */
export async function textFor(
  report: RedactedReport,
  { format, file }: Output,
  { look, anchorFile }: Pick<Delivery, 'look' | 'anchorFile'>,
): Promise<string> {
  const reporter = await format.load();
  // Whether the terminal has colours costs time to find out, and a file has none.
  const style: Style =
    format.forTerminal && file === undefined
      ? await styleFor(look)
      : { ...PLAIN, ascii: look.ascii, all: look.all };
  return reporter(report, { ...style, ...(anchorFile !== undefined && { anchorFile }) });
}

/** {@link deliver} for what does not go to standard output. */
export async function deliverFiles(report: RedactedReport, delivery: Delivery): Promise<boolean> {
  const { outputs, stepSummary } = delivery;
  let isWhole = true;
  for (const output of outputs) {
    const { name, file } = output;
    if (file === undefined) continue;
    const { writeOutput } = await import('./write-output.ts');
    const fault = await writeOutput(file, await textFor(report, output, delivery));
    if (fault === undefined) continue;
    isWhole = false;
    complain(`the ${name} report could not be written to ${visible(file)} (${fault})`);
  }
  if (stepSummary && outputs.some(({ name }) => name === 'github')) {
    const { addStepSummary } = await import('./step-summary.ts');
    const fault = await addStepSummary(stepSummary, report);
    if (fault !== undefined) complain(`the summary of the step could not be written (${fault})`);
  }
  return isWhole;
}

const complain = (text: string): void => void process.stderr.write(`stethos: ${text}\n`);
