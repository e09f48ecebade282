import type { CheckResult, DetailValue, RedactedReport } from '../../src/doctor/report.ts';
import { formatCount } from '../../src/host/units.ts';
import { sectionsOf } from '../findings.ts';
import { unicode as glyphs } from '../text/glyphs.ts';
import { formatDetail } from '../text/values.ts';
import { code, prose } from './text.ts';

/** Of one list; the JSON has all of it. */
const LIST = 20;
/** Of one check: more than any has; a pasted report may have any number. */
const DETAILS = 200;

/** A block for each check, section by section: its row and what it saw. */
export const evidenceBlocks = (report: RedactedReport): readonly string[] =>
  sectionsOf(report).flatMap(([section, rows]) =>
    rows.map((result, index) => {
      const heading = index === 0 ? [`#### ${prose(section)}`, ''] : [];
      return [...heading, ...blockOf(result), ''].join('\n');
    }),
  );

function blockOf(result: CheckResult): readonly string[] {
  const { id, status, summary, details, failure } = result;
  const entries = Object.entries(details);
  const shown = entries.slice(0, DETAILS);
  return [
    `${glyphs.status[status]} ${status} ${code(id)}: ${prose(summary)}`,
    '',
    ...shown.map(([label, value]) => `- ${code(label)}: ${valueOf(label, value)}`),
    ...(entries.length > shown.length
      ? [`- and ${formatCount(entries.length - shown.length, 'value')} more`]
      : []),
    ...Object.entries(failure ?? {})
      .filter(([name]) => name !== 'message')
      .map(([name, value]) => `- failure ${name}: ${code(String(value))}`),
  ];
}

function valueOf(label: string, value: DetailValue): string {
  const values = formatDetail(label, value);
  const shown = values.slice(0, LIST).map((text) => code(text));
  const rest = values.length - shown.length;
  return [...shown, ...(rest > 0 ? [`and ${rest} more`] : [])].join(', ');
}
