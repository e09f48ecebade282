import { readReport } from '../doctor/import/read-report.ts';
import type { Report } from '../doctor/report.ts';
import { UsageError } from './usage-error.ts';
import { readText, STANDARD_INPUT } from './read-report-text.ts';

/**
 * The report in a file, a pipe, or standard input (`-`). It has not been redacted.
 * @throws UsageError where there is none, with what to do
 */
export async function reportIn(path: string): Promise<Report> {
  const read = readReport(await readText(path));
  if (read.kind === 'report') return read.report;
  const where = path === STANDARD_INPUT ? 'Standard input' : path;
  throw new UsageError(`${where} holds no report: ${read.problem}.`, read.remedy);
}
