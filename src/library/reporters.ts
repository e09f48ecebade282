// The public subpath `stethos/reporters`: every output format. A format is loaded when it is asked for.
import { FORMATS } from '../../reporters/formats.ts';
import type { FormatName } from '../../reporters/formats.ts';
import type { Style } from '../../reporters/reporter.ts';
import type { RedactedReport } from '../doctor/report.ts';

export { FORMATS };
export type { FormatName };
export type { Format, Reporter, RunEvents, StreamReporter, Style } from '../../reporters/reporter.ts';
export type { RedactedReport } from '../doctor/report.ts';
export { redactReport } from './redact-report.ts';

/** Without colours and cuts, as wide as a page is read comfortably. */
export const PLAIN_STYLE: Style = { color: false, ascii: false, width: 100, all: true };

/** A report as text in one of the formats: `await render(redactReport(report), 'junit')`. */
export async function render(
  report: RedactedReport,
  format: FormatName,
  style: Partial<Style> = {},
): Promise<string> {
  const reporter = await FORMATS[format].load();
  return reporter(report, { ...PLAIN_STYLE, ...style });
}
