import type { DetailValue } from '../../src/doctor/report.ts';

const UNITS = ['bytes', 'KB', 'MB', 'GB', 'TB'] as const;

/** 1024-based, as the agent's own reports print it: `2.53 GB`. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return unit === 0 ? `${bytes} bytes` : `${value.toFixed(2)} ${UNITS[unit]}`;
}

/** `1,526`, without the cost of Intl. */
export function formatCount(count: number): string {
  const [whole = '', fraction] = String(count).split('.');
  const grouped = whole.replaceAll(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

/** Numbers that are names, not amounts, are not grouped. */
const IDENTIFIER_LABEL = /\b(pid|uid|port|code|line|column|version|status|columns|rows|lines)\b/i;

const RFC_3339 = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2})(?::\d{2}(?:\.\d+)?)?Z$/;

/** A detail as a reader sees it. */
export interface ShownDetail {
  readonly label: string;
  /** Lists give several lines. */
  readonly values: readonly string[];
}

/** The unit of a number stands at the end of its label (`… bytes`, `… ms`); for a reader it moves to the value. */
export function showDetail(label: string, value: DetailValue): ShownDetail {
  if (typeof value !== 'number') return { label, values: textsOf(value) };
  if (label.endsWith(' bytes'))
    return { label: label.slice(0, -' bytes'.length), values: [formatBytes(value)] };
  if (label.endsWith(' ms'))
    return { label: label.slice(0, -' ms'.length), values: [`${formatCount(value)} ms`] };
  return { label, values: [IDENTIFIER_LABEL.test(label) ? String(value) : formatCount(value)] };
}

function textsOf(value: Exclude<DetailValue, number>): readonly string[] {
  if (value === null) return ['unknown'];
  if (typeof value === 'object') return value.length === 0 ? ['none'] : value;
  if (typeof value === 'boolean') return [value ? 'yes' : 'no'];
  const time = RFC_3339.exec(value);
  return [time ? `${time[1]} ${time[2]} UTC` : value];
}
