import type { HiddenCount, Omission, StagedItem } from '../../feedback/item.ts';
import type { PreparedFeedback } from '../../feedback/prepared.ts';
import { formatBytes, formatCount, formatNumber } from '../../host/units.ts';
import { visibleInOneLine } from '../../redact/control.ts';

/** A report with what the user agreed to so far. */
export interface PreviewContent {
  readonly feedback: Pick<
    PreparedFeedback,
    'title' | 'eventId' | 'items' | 'omitted' | 'hiddenInReport' | 'reportWith'
  >;
  readonly chosen: readonly StagedItem[];
  readonly isUnredacted: boolean;
}

/** Longer lists of payload files are told in one line. */
const MAX_ROWS_OF_A_KIND = 20;

/** What would leave: each item with its size and what was hidden in it. */
export function previewText({ feedback, chosen, isUnredacted }: PreviewContent): string {
  const { tags, reason } = feedback.reportWith(chosen);
  const total = chosen.reduce((sum, { bytes }) => sum + bytes, 0);
  const rows: (readonly [string, string, string, string])[] = [
    ['', 'report', '', hiddenWords(feedback.hiddenInReport)],
  ];
  for (const [index, item] of feedback.items.entries()) {
    const ofKind = feedback.items.filter(({ kind }) => kind === item.kind);
    const isLong = ofKind.length > MAX_ROWS_OF_A_KIND;
    if (isLong && ofKind[0] !== item) continue;
    rows.push(isLong ? groupRow(ofKind, chosen) : itemRow(item, index, chosen));
  }
  return [
    feedback.title,
    ...(reason === undefined ? [] : [`  message  ${visibleInOneLine(reason)}`]),
    `  tags     ${Object.entries(tags)
      .map(([name, value]) => `${name}=${visibleInOneLine(value)}`)
      .join(', ')}`,
    '',
    isUnredacted
      ? `Not redacted: ${formatCount(chosen.length, 'file')}, ${formatBytes(total)}`
      : `Redacted, ${formatCount(chosen.length, 'file')}, ${formatBytes(total)}`,
    ...table(rows),
    ...omissions(feedback.omitted),
    ...findings(chosen),
    '',
  ].join('\n');
}

function itemRow(
  item: StagedItem,
  index: number,
  chosen: readonly StagedItem[],
): readonly [string, string, string, string] {
  const isIn = chosen.includes(item);
  const cut = item.cutShort === undefined ? '' : ` (ends early: ${item.cutShort})`;
  return [
    String(index + 1),
    item.name,
    formatBytes(item.bytes),
    `${isIn ? hiddenWords(item.hidden) : 'left out by you'}${cut}`,
  ];
}

function groupRow(
  items: readonly StagedItem[],
  chosen: readonly StagedItem[],
): readonly [string, string, string, string] {
  const isIn = items.filter((item) => chosen.includes(item));
  const bytes = isIn.reduce((sum, item) => sum + item.bytes, 0);
  const name = `${items[0]?.kind ?? ''}: ${isIn.length} of ${formatCount(items.length, 'file')}`;
  return ['', name, formatBytes(bytes), hiddenWords(sumOf(isIn.map(({ hidden }) => hidden)))];
}

function hiddenWords(hidden: readonly HiddenCount[]): string {
  if (hidden.length === 0) return 'nothing hidden';
  return `hidden: ${hidden.map(({ rule, count }) => `${formatNumber(count)} ${rule}`).join(', ')}`;
}

function sumOf(lists: readonly (readonly HiddenCount[])[]): HiddenCount[] {
  const sums = new Map<string, number>();
  for (const { rule, count } of lists.flat()) sums.set(rule, (sums.get(rule) ?? 0) + count);
  return [...sums].map(([rule, count]) => ({ rule, count })).toSorted((a, b) => (a.rule < b.rule ? -1 : 1));
}

function omissions(omitted: readonly Omission[]): string[] {
  if (omitted.length === 0) return [];
  return ['Not there:', ...omitted.map(({ name, reason }) => `  ${visibleInOneLine(`${name}: ${reason}`)}`)];
}

/** Where credentials stood, so that their owner can find and revoke them. */
function findings(chosen: readonly StagedItem[]): string[] {
  const found = chosen.filter(({ confident }) => confident > 0);
  if (found.length === 0) return [];
  return [
    '',
    'Credentials were found. They are hidden here, but stand in the files of the agent: revoke them.',
    ...found.map(({ name, confident, findings: finds }) => {
      const places = finds
        .filter((find) => find.confident)
        .slice(0, MAX_PLACES)
        .map(({ rule, line }) => `${rule} in line ${formatNumber(line)}`);
      return `  ${name}: ${formatNumber(confident)}${places.length > 0 ? ` (${places.join(', ')})` : ''}`;
    }),
  ];
}

const MAX_PLACES = 3;

function table(rows: readonly (readonly [string, string, string, string])[]): string[] {
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  const [number = 0, name = 0, size = 0] = widths;
  return rows.map(([a, b, c, d]) =>
    `  ${a.padStart(number)}  ${b}${' '.repeat(name - b.length)}  ${c.padStart(size)}  ${d}`.trimEnd(),
  );
}
