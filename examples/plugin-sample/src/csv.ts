import type { RedactedReport } from 'stethos';

const COLUMNS = ['id', 'status', 'summary', 'remedy'];

/** RFC 4180. The report holds no secrets and no control characters by the time a plugin gets it. */
export function csv({ checks }: RedactedReport): string {
  const rows = Object.values(checks).map(({ id, status, summary, remediation }) => [
    id,
    status,
    summary,
    remediation ?? '',
  ]);
  return [COLUMNS, ...rows].map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}

/** A spreadsheet takes a cell that begins so for a formula. */
const FORMULA = /^[=+\-@]/;

function cell(text: string): string {
  const harmless = FORMULA.test(text) ? `'${text}` : text;
  return /[",\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
