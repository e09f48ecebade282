import { visible, visibleInOneLine } from '../../src/redact/control.ts';
import type { CheckResult, Issue, RedactedReport, RootCause, Waiver } from '../../src/doctor/report.ts';
import { explainedAt } from '../findings.ts';
import { ascii } from '../text/glyphs.ts';
import { verdictLine } from '../text/verdict.ts';

/**
 * GitLab takes files below 30 MB. A character becomes at most seven bytes (`&quot;`, `\\u001b` in JSON), so that this many
 * stay below.
 */
const MOST_CHARACTERS = 4_000_000;
/** More of one text nobody reads in a list of tests or alerts. */
const LONGEST_TEXT = 16_384;
const LONGEST_LINE = 1_000;

/** How long each of so many texts may be, for the whole to stay within what consumers take. */
export const longestOf = (texts: number): number =>
  Math.min(LONGEST_TEXT, Math.floor(MOST_CHARACTERS / Math.max(1, texts)));

/**
 * A text for a reader: control characters written out; one that is too long is cut, and says how much is missing. It is cut
 * first, because writing out 10 MB takes time.
 */
export const shortened = (text: string, longest: number): string => visible(cut(text, longest));

/** The same within one line. */
export const lineOf = (text: string, longest: number = LONGEST_LINE): string =>
  visibleInOneLine(cut(text, longest));

function cut(text: string, longest: number): string {
  if (text.length <= longest) return text;
  // Not between the halves of a surrogate pair.
  const kept = text.slice(0, longest).replace(/[\ud800-\udbff]$/, '');
  return `${kept} … (${text.length - kept.length} more characters)`;
}

/** The verdict in one line, as the report for people says it, in ASCII where the words are ours. */
export const verdictOfReport = (report: RedactedReport): string => lineOf(verdictLine(report, ascii));

/** `auth.live: the login was revoked (explains network.provider_reachability)`. */
export function rootCauseLine({ check, cause, symptoms }: RootCause): string {
  const explained = symptoms.length === 0 ? '' : ` (explains ${symptoms.join(', ')})`;
  return lineOf(`${check}: ${cause}${explained}`);
}

/** Waivers that somebody has to look after: those whose last day is over, and those that nothing needs any more. */
export const waiverLines = ({ gate }: RedactedReport): readonly string[] => [
  ...(gate?.expired ?? []).map((waiver) => lineOf(`${waiverText(waiver)} ended on ${waiver.expires}`)),
  ...(gate?.unused ?? []).map((waiver) => lineOf(`${waiverText(waiver)} is needed by nothing any more`)),
];

const waiverText = ({ check, reason, source }: Waiver): string =>
  `the waiver of ${check} in ${source} (${reason})`;

/** The root cause whose fault a row shows, or that it is, by the row's id. */
export type RootCauses = ReadonlyMap<string, RootCause>;

/** Made once for a report: looking through all causes for each row takes minutes where plugins bring thousands. */
export const rootCausesOf = ({ rootCauses }: RedactedReport): RootCauses =>
  new Map(rootCauses.flatMap((root) => [root.check, ...root.symptoms].map((id) => [id, root] as const)));

/** The id of the row whose fault a row only shows. */
export function shownCauseOf({ id }: CheckResult, rootCauses: RootCauses): string | undefined {
  const root = rootCauses.get(id);
  return root?.check === id ? undefined : root?.check;
}

/** Everything that a reader needs to mend a row: its issues, or what kept it from an answer, and what it belongs to. */
export function rowText(row: CheckResult, rootCauses: RootCauses): string {
  const parts =
    row.issues.length > 0
      ? row.issues.map(issueText)
      : [[row.summary, ...(row.remediation === null ? [] : [`Remedy: ${row.remediation}`])].join('\n')];
  const relation = relationText(row, rootCauses);
  return [...parts, ...(relation === undefined ? [] : [relation])].join('\n\n');
}

/** One issue, its cause first. */
export function issueText({ cause, measured, expected, remedy, command, docs }: Issue): string {
  const page = explainedAt(docs);
  return [
    cause,
    `Measured: ${measured}`,
    `Expected: ${expected}`,
    `Remedy: ${remedy}`,
    ...(command === undefined || command === '' ? [] : [`Command: ${command}`]),
    ...(page === undefined ? [] : [`See: ${page}`]),
  ].join('\n');
}

/** How a row hangs together with others; undefined for one that stands alone. */
export function relationText({ id }: CheckResult, rootCauses: RootCauses): string | undefined {
  const root = rootCauses.get(id);
  if (root && root.check !== id) return `Shows the fault of ${root.check}: ${root.cause}`;
  if (!root || root.symptoms.length === 0) return undefined;
  return `Explains also: ${root.symptoms.join(', ')}`;
}
