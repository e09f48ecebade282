import { FORMATS } from '../../../reporters/formats.ts';
import type { FormatName } from '../../../reporters/formats.ts';
import { redactReport } from '../../doctor/redact-report.ts';
import type { RedactedReport, Report } from '../../doctor/report.ts';
import { nearest } from '../../doctor/select.ts';
import type { RedactorOptions } from '../../redact/redactor.ts';
import { PLAIN, styleFor } from '../style.ts';
import type { Look } from '../style.ts';
import { UsageError } from '../usage-error.ts';

/** @throws UsageError where there is no such format */
export function formatNamed(name: string): FormatName {
  if (Object.hasOwn(FORMATS, name)) return name as FormatName;
  const suggestion = nearest(name, Object.keys(FORMATS));
  throw new UsageError(
    `There is no format ${name}.`,
    suggestion === undefined
      ? `Known are ${Object.keys(FORMATS).join(', ')}.`
      : `Did you mean --format ${suggestion}?`,
  );
}

/** A kept report in any format. */
export async function renderKept(report: RedactedReport, format: FormatName, look: Look): Promise<string> {
  const { load, forTerminal } = FORMATS[format];
  const reporter = await load();
  return reporter(report, forTerminal ? await styleFor(look) : PLAIN);
}

/** A kept report was redacted when it was kept; whatever became of the file since then, this one is too. */
export function redactedAgain(report: Report, options: RedactorOptions): RedactedReport {
  const { redactions } = report as RedactedReport;
  return { ...redactReport(report, options), redactions };
}
