import type { HiddenCount } from '../../feedback/item.ts';
import type { InspectedBundle } from '../../feedback/bundle/inspect.ts';
import type { RedactedAgain } from '../../feedback/bundle/redact-again.ts';
import { isSound } from '../../feedback/bundle/verify.ts';
import type { Verification } from '../../feedback/bundle/verify.ts';
import { formatBytes, formatCount, formatNumber } from '../../host/units.ts';
import { visibleInOneLine } from '../../redact/control.ts';

/** What `stethos bundle inspect` says. The report passed the redactor before. */
export function inspectionText(
  path: string,
  { report, manifest, attachments, strays }: InspectedBundle,
): string {
  const { event_id: id, message, tags } = report;
  const listed = new Map(manifest.map((entry) => [entry.entry, entry]));
  return [
    path,
    `  title  ${shown(message)}`,
    `  event  ${shown(id)}`,
    `  tags   ${tagWords(tags)}`,
    '',
    formatCount(attachments.length, 'file'),
    ...attachments.map(({ name, bytes }) => {
      const { redaction } = listed.get(name) ?? {};
      return `  ${shown(name)}  ${formatBytes(bytes)}  ${redactionWords(redaction)}`;
    }),
    ...strays.map((stray) => `  ${shown(stray)}`),
    '',
  ].join('\n');
}

function redactionWords(redaction: InspectedBundle['manifest'][number]['redaction']): string {
  if (redaction === undefined) return 'redaction not told';
  if (redaction === null) return 'NOT REDACTED';
  return `${hiddenWords(redaction.hidden)} (stethos ${shown(redaction.version)})`;
}

const hiddenWords = (hidden: readonly HiddenCount[]): string =>
  hidden.length === 0
    ? 'nothing hidden'
    : `hidden: ${hidden.map(({ rule, count }) => `${formatNumber(count)} ${shown(rule)}`).join(', ')}`;

function tagWords(tags: unknown): string {
  if (typeof tags !== 'object' || tags === null) return 'none';
  return Object.entries(tags)
    .map(([name, value]) => `${shown(name)}=${shown(value)}`)
    .join(', ');
}

const shown = (value: unknown): string =>
  typeof value === 'string' ? visibleInOneLine(value) : value === undefined ? 'none' : JSON.stringify(value);

/** What `stethos bundle verify` says. */
export function verificationText(path: string, verification: Verification): string {
  const { entries, problems, remarks } = verification;
  const wrong = entries.flatMap(({ name, problems: own, found }) => [
    ...own.map((problem) => `  ${shown(name)}: ${problem}`),
    ...(found.length > 0 ? [`  ${shown(name)}: it holds ${foundWords(found)}`] : []),
  ]);
  return [
    isSound(verification)
      ? `${path} is sound: ${formatCount(entries.length, 'file')}, no secret found.`
      : `${path} is not sound.`,
    ...problems.map((problem) => `  ${shown(problem)}`),
    ...wrong,
    ...remarks.map((remark) => `  ${remark}`),
    ...(entries.some(({ found }) => found.length > 0)
      ? [`Redact it again: stethos bundle redact ${path}`]
      : []),
    '',
  ].join('\n');
}

const foundWords = (found: readonly HiddenCount[]): string =>
  found.map(({ rule, count }) => `${formatNumber(count)} ${rule}`).join(', ');

/** What `stethos bundle redact` says. */
export function redactionText(path: string, { items, hiddenInReport, omitted }: RedactedAgain): string {
  const changed = items.filter(({ isChanged }) => isChanged);
  return [
    `Written to ${path}: ${formatCount(changed.length, 'file')} of ${formatNumber(items.length)} changed.`,
    ...items.map(
      ({ name, isChanged, hidden }) =>
        `  ${shown(name)}  ${isChanged ? `changed, ${hiddenWords(hidden)}` : 'unchanged'}`,
    ),
    ...(hiddenInReport.length > 0 ? [`  report.json  changed, ${hiddenWords(hiddenInReport)}`] : []),
    ...omitted.map(({ name, reason }) => `  ${shown(name)}: left out, ${shown(reason)}`),
    '',
  ].join('\n');
}
