import { ascii, unicode } from '../../../reporters/text/glyphs.ts';
import type { Glyphs } from '../../../reporters/text/glyphs.ts';
import { isolate, measureFor, toAscii, wrap } from '../../../reporters/text/layout.ts';
import type { Measure } from '../../../reporters/text/layout.ts';
import { paintFor } from '../../../reporters/text/paint.ts';
import type { Paint, Role } from '../../../reporters/text/paint.ts';
import { formatDetail } from '../../../reporters/text/values.ts';
import type { Style } from '../../../reporters/reporter.ts';
import type {
  Change,
  CheckDifference,
  Difference,
  Reading,
  RedactedComparison,
  Side,
} from '../../doctor/compare/comparison.ts';
import type { DetailValue } from '../../doctor/report.ts';
import { visibleInOneLine } from '../../redact/control.ts';
import { mapStrings } from '../../redact/structure.ts';
import { verdictOf } from './verdict.ts';

interface Page {
  readonly glyphs: Glyphs;
  readonly measure: Measure;
  readonly paint: Paint;
  readonly style: Style;
}

/** A comparison for people: what changed around the agent, then check by check, the verdict first and last. */
export async function comparisonText(redacted: RedactedComparison, style: Style): Promise<string> {
  // A line feed inside a value could otherwise draw a row of its own.
  const shown = mapStrings(redacted, {
    name: (name) => name,
    string: visibleInOneLine,
  }) as RedactedComparison;
  const glyphs = style.ascii ? ascii : unicode;
  const page: Page = {
    glyphs,
    measure: style.ascii ? (text) => toAscii(text).length : await measureFor(JSON.stringify(shown)),
    paint: await paintFor(style.color),
    style,
  };
  const verdict = verdictOf(shown);
  const words = [verdict.word, ...(verdict.counts.length > 0 ? [verdict.counts.join(', ')] : [])];
  const verdictLines = lines(page, { text: `Compared: ${words.join(glyphs.dash)}`, role: verdict.role });
  const text = [
    ...sideLines(page, 'before', shown.before),
    ...sideLines(page, 'after', shown.after),
    ...verdictLines,
    '',
    ...surroundingLines(page, shown.surroundings),
    ...Object.entries(GROUPS).flatMap(([title, changes]) =>
      groupLines(page, {
        title,
        checks: shown.checks.filter(({ change }) => changes.includes(change)),
      }),
    ),
    ...lines(page, { text: restOf(shown), role: 'quiet' }),
    ...verdictLines,
  ];
  const whole = `${text.join('\n')}\n`;
  return style.ascii ? toAscii(whole) : whole;
}

const GROUPS: Readonly<Record<string, readonly Change[]>> = {
  'New or worse': ['failed', 'other_failure', 'warned', 'other_warning'],
  'No answer any more': ['unanswered', 'skipped'],
  Recovered: ['recovered'],
  'Answered again': ['answered'],
  'Only before': ['removed'],
  'Only after': ['added'],
  'Otherwise changed': ['changed'],
};

interface Line {
  readonly text: string;
  readonly prefix?: string;
  readonly role?: Role;
}

function lines({ measure, paint, style }: Page, { text, prefix = '', role }: Line): string[] {
  const indent = measure(prefix);
  return wrap(isolate(text), style.width - indent, measure).map(
    (line, index) => (index === 0 ? prefix : ' '.repeat(indent)) + (role ? paint(role, line) : line),
  );
}

const sideLines = (page: Page, name: string, side: Side): string[] =>
  lines(page, {
    prefix: name.padEnd('before '.length),
    text: [formatDetail('', side.generatedAt)[0], side.overallStatus, side.agent, side.tool].join(
      page.glyphs.joiner,
    ),
    role: 'quiet',
  });

function surroundingLines(page: Page, surroundings: readonly Difference[]): string[] {
  if (surroundings.length === 0) return [];
  return [
    page.paint('title', 'Around the checks'),
    ...surroundings.flatMap((difference) => differenceLines(page, difference, '  ')),
    '',
  ];
}

function groupLines(
  page: Page,
  { title, checks }: { readonly title: string; readonly checks: readonly CheckDifference[] },
): string[] {
  if (checks.length === 0) return [];
  return [page.paint('title', title), ...checks.flatMap((check) => checkLines(page, check)), ''];
}

function checkLines(page: Page, difference: CheckDifference): string[] {
  const { glyphs, style } = page;
  const { check, before, after, cause, remedy, details } = difference;
  const status = after?.status ?? 'skipped';
  const now = after ?? before;
  const marker = glyphs.status[status].padEnd(style.ascii ? 4 : 1);
  const what = `${check}: ${statusesOf(glyphs, before, after)}${now ? `${glyphs.dash}${now.summary}` : ''}`;
  const advice = cause === undefined ? remedy : `one fault with ${cause}: see there`;
  return [
    ...lines(page, { prefix: `  ${page.paint(status, marker)} `, text: what }),
    ...details.flatMap((each) => differenceLines(page, each, '      ')),
    ...(advice === undefined ? [] : lines(page, { prefix: `      ${glyphs.remedy} `, text: advice })),
  ];
}

/** `ok → fail (corrupt)`. */
function statusesOf(
  { remedy: arrow }: Glyphs,
  before: Reading | undefined,
  after: Reading | undefined,
): string {
  const sides = [before, after].filter((side) => side !== undefined).map(readingText);
  return [...new Set(sides)].join(` ${arrow} `);
}

const readingText = ({ status, failureClass }: Reading): string =>
  failureClass === undefined ? status : `${status} (${failureClass})`;

/** More of a list is rarely read. */
const LIST_LIMIT = 3;

function differenceLines(page: Page, { label, before, after }: Difference, indent: string): string[] {
  const { glyphs, style } = page;
  const value = (side: DetailValue | undefined): string => {
    if (side === undefined) return 'not there';
    const parts = formatDetail(label, side);
    const cut = style.all ? parts : parts.slice(0, LIST_LIMIT);
    const hidden = parts.length - cut.length;
    return [...cut, ...(hidden > 0 ? [`${glyphs.ellipsis} ${hidden} more`] : [])].join(', ');
  };
  return lines(page, {
    prefix: `${indent}${glyphs.bullet} `,
    text: `${label}: ${value(before)} ${glyphs.remedy} ${value(after)}`,
  });
}

function restOf({ unchanged, leftOut }: RedactedComparison): string {
  const rest = `${unchanged} ${unchanged === 1 ? 'check says' : 'checks say'} the same`;
  if (leftOut === 0) return `${rest}.`;
  const values = leftOut === 1 ? '1 value that always moves is' : `${leftOut} values that always move are`;
  return `${rest}; ${values} left out (--all shows them).`;
}
