import { EXIT } from '../../doctor/report.ts';
import type { RedactedReport } from '../../doctor/report.ts';
import type { PluginReporterError } from '../../plugins/proxies.ts';
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
  let isWhole = true;
  for (const output of delivery.outputs.filter(({ file }) => file === undefined)) {
    const text = await orComplain(report, output, delivery);
    if (text === undefined) isWhole = false;
    else print(text, { what: 'the report', unwritten: EXIT.incomplete });
  }
  return (await deliverFiles(report, delivery)) && isWhole;
}

/** The report in one format, or a complaint: a plugin may fail, and the others are written all the same. */
async function orComplain(
  report: RedactedReport,
  output: Output,
  delivery: Delivery,
): Promise<string | undefined> {
  try {
    return await textFor(report, output, delivery);
  } catch (error) {
    const problem = problemOf(error, output);
    if (problem === undefined) throw error;
    complain(visible(problem));
    return undefined;
  }
}

function problemOf(error: unknown, { name }: Output): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error.name === ('PluginReporterError' satisfies PluginReporterError['name'])) return error.message;
  // As V8 says that a text would have more than 512 million characters.
  return error instanceof RangeError && error.message === 'Invalid string length'
    ? `the ${name} report would be longer than a text can be, and was not written`
    : undefined;
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
  for (const output of outputs)
    if (output.file !== undefined && !(await deliverFile(report, { ...output, file: output.file }, delivery)))
      isWhole = false;
  if (stepSummary && outputs.some(({ name }) => name === 'github')) {
    const { addStepSummary } = await import('./step-summary.ts');
    const fault = await addStepSummary(stepSummary, report);
    if (fault !== undefined) complain(`the summary of the step could not be written (${fault})`);
  }
  return isWhole;
}

async function deliverFile(
  report: RedactedReport,
  output: Output & { readonly file: string },
  delivery: Delivery,
): Promise<boolean> {
  const text = await orComplain(report, output, delivery);
  if (text === undefined) return false;
  const { writeOutput } = await import('./write-output.ts');
  const fault = await writeOutput(output.file, text);
  if (fault !== undefined)
    complain(`the ${output.name} report could not be written to ${visible(output.file)} (${fault})`);
  return fault === undefined;
}

const complain = (text: string): void => void process.stderr.write(`stethos: ${text}\n`);
