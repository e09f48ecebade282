import { formatBytes, formatNumber } from '../../src/host/units.ts';
import type { DetailValue } from '../../src/doctor/report.ts';

/** Numbers that are names, not amounts, are not grouped. */
const IDENTIFIER_LABEL = /\b(pid|uid|port|code|line|column|version|status|columns|rows|lines)\b/i;

const RFC_3339 = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2})(?::\d{2}(?:\.\d+)?)?Z$/;

/** A detail as a reader sees it; lists give several lines. The unit of a number stands at the end of its label. */
export function formatDetail(label: string, value: DetailValue): readonly string[] {
  if (typeof value !== 'number') return textsOf(value);
  if (label.endsWith(' bytes')) return [formatBytes(value)];
  if (label.endsWith(' ms')) return [`${formatNumber(value)} ms`];
  return [IDENTIFIER_LABEL.test(label) ? String(value) : formatNumber(value)];
}

function textsOf(value: Exclude<DetailValue, number>): readonly string[] {
  if (value === null) return ['unknown'];
  if (typeof value === 'object') return value.length === 0 ? ['none'] : value;
  if (typeof value === 'boolean') return [value ? 'yes' : 'no'];
  const time = RFC_3339.exec(value);
  return [time ? `${time[1]} ${time[2]} UTC` : value];
}
