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
export async function deliver(
  report: RedactedReport,
  { outputs, look, anchorFile, stepSummary }: Delivery,
): Promise<boolean> {
  let isWhole = true;
  const byPlace = outputs.toSorted((a, b) => Number(a.file !== undefined) - Number(b.file !== undefined));
  for (const { name, format, file } of byPlace) {
    const reporter = await format.load();
    // Whether the terminal has colours costs time to find out, and a file has none.
    const style: Style =
      format.forTerminal && file === undefined ? styleFor(look) : { ...PLAIN, ...forFile(look) };
    const text = await reporter(report, { ...style, ...(anchorFile !== undefined && { anchorFile }) });
    if (name === 'github' && stepSummary) {
      const { addStepSummary } = await import('./step-summary.ts');
      const fault = await addStepSummary(stepSummary, report);
      if (fault !== undefined) complain(`the summary of the step could not be written (${fault})`);
    }
    if (file === undefined) {
      print(text, { what: 'the report', unwritten: EXIT.incomplete });
      continue;
    }
    const { writeOutput } = await import('./write-output.ts');
    const fault = await writeOutput(file, text);
    if (fault === undefined) continue;
    isWhole = false;
    complain(`the ${name} report could not be written to ${visible(file)} (${fault})`);
  }
  return isWhole;
}

const complain = (text: string): void => void process.stderr.write(`stethos: ${text}\n`);

const forFile = ({ ascii, all }: Look): Partial<Style> => ({ ascii, all });
