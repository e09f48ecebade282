import { SECTIONS } from '../../src/doctor/report.ts';
import type { CheckResult, Issue, Note, RedactedReport } from '../../src/doctor/report.ts';
import { visibleInOneLine } from '../../src/redact/control.ts';
import { mapStrings } from '../../src/redact/structure.ts';
import type { Style } from '../reporter.ts';
import { pagesOf, passedAt } from '../findings.ts';
import { gateLines } from './gate.ts';
import { ascii, unicode } from './glyphs.ts';
import type { Glyphs } from './glyphs.ts';
import { isolate, measureFor, padEnd, toAscii, wrap } from './layout.ts';
import type { Measure } from './layout.ts';
import { linkUrls, osc8 } from './links.ts';
import { paintFor } from './paint.ts';
import type { Paint, Role } from './paint.ts';
import { formatDetail } from './values.ts';
import { countLine, importLine, otherHomes, targetLine, verdictLine } from './verdict.ts';

const CATEGORY_WIDTH = 12;
/** The label column of a check is as wide as its labels need, within these. */
const LABEL_WIDTH = { least: 24, most: 34 };
const RULE_WIDTH = 61;
/** A list in a report is cut after this many lines unless everything was asked for. */
const LIST_LIMIT = 3;

interface Page {
  readonly report: RedactedReport;
  readonly glyphs: Glyphs;
  readonly measure: Measure;
  readonly paint: Paint;
  readonly style: Style;
  readonly details: boolean;
  /** Wide enough for every marker in use, so that the columns of all rows agree. */
  readonly markerWidth: number;
  /** A number for each link, so that a terminal knows the pieces of one. */
  readonly nextLink: () => number;
}

/** The report as text for people: verdict first and last, notes, sections, counts. */
export async function renderText(
  redacted: RedactedReport,
  style: Style,
  { details }: { details: boolean },
): Promise<string> {
  // A line feed inside a value could otherwise draw a row of its own.
  const report = mapStrings(redacted, { name: visibleInOneLine, string: visibleInOneLine }) as RedactedReport;
  const glyphs = style.ascii ? ascii : unicode;
  let links = 0;
  const page: Page = {
    report,
    glyphs,
    measure: style.ascii ? (text) => toAscii(text).length : await measureFor(textsOf(report)),
    paint: await paintFor(style.color),
    style,
    details,
    markerWidth: style.ascii ? 4 : 1,
    nextLink: () => (links += 1),
  };
  const lines = [
    ...wrapWith(page, targetLine(report, glyphs), '', 'title'),
    ...importLine(report).flatMap((line) => wrapWith(page, line, '', 'quiet')),
    ...otherHomes(report).flatMap((line) => wrapWith(page, line, '', 'quiet')),
    ...wrapWith(page, verdictLine(report, glyphs), '', report.overallStatus),
    '',
    ...notesBlock(page),
    ...SECTIONS.flatMap((section) => sectionBlock(page, section)),
    rule(page),
    ...wrapWith(page, countLine(report, glyphs), ''),
    ...gateLines(report, glyphs).flatMap(({ prefix, text, role }) => wrapWith(page, text, prefix, role)),
    ...wrapWith(page, verdictLine(report, glyphs), '', report.overallStatus),
    '',
    ...footer(page),
  ];
  const text = `${lines.join('\n')}\n`;
  return style.ascii ? toAscii(text) : text;
}

const textsOf = (report: RedactedReport): string =>
  JSON.stringify([report.target, report.notes, report.checks, report.gate]);

const rule = ({ glyphs, style }: Page): string =>
  glyphs.rule.repeat(Math.min(RULE_WIDTH, Math.max(16, style.width)));

function notesBlock(page: Page): string[] {
  const { report } = page;
  if (report.notes.length === 0) return [];
  const lines = report.notes.flatMap((note) => {
    const [role, marker] = noteLook(page, note);
    return rowLines(page, {
      role,
      marker,
      check: note.check,
      category: report.checks[note.check]?.category ?? note.check,
      text: `${note.text}${note.kind === 'cause' ? sayPassed(page, note.check) : ''}`,
    });
  });
  return [page.paint('title', 'Notes'), ...lines, rule(page), ''];
}

/** A root cause is as loud as its row. */
function noteLook({ report, glyphs }: Page, note: Note): [Role, string] {
  if (note.kind !== 'cause') return [`note ${note.kind}`, glyphs.note[note.kind]];
  const status = report.checks[note.check]?.status ?? 'fail';
  return [status, glyphs.status[status]];
}

function sectionBlock(page: Page, section: string): string[] {
  const results = Object.values(page.report.checks).filter((result) => result.section === section);
  if (results.length === 0) return [];
  return [page.paint('title', section), ...results.flatMap((result) => checkLines(page, result)), ''];
}

function checkLines(page: Page, result: CheckResult): string[] {
  const { glyphs, details } = page;
  const { status, category } = result;
  const remedies = [...new Set(result.issues.map((issue) => issue.remedy))];
  if (remedies.length === 0 && result.remediation) remedies.push(result.remediation);
  const root = rootOf(page, result);
  const hint = root === undefined ? remedies[0] : sayRoot(root);
  const compactRemedy = !details && hint ? `${glyphs.dash}${hint}` : '';
  const row = rowLines(page, {
    role: status,
    marker: glyphs.status[status],
    check: result.id,
    category,
    text: `${result.summary}${sayPassed(page, result.id)}${compactRemedy}`,
  });
  if (!details) return row;
  return [...row, ...detailsBlock(page, result), ...remedyLines(page, result, remedies)];
}

/** Who lets a bad row through is told with the gate; that somebody does, where the row stands. */
function sayPassed({ report }: Page, id: string): string {
  const passed = passedAt(report.gate, id);
  if (!passed) return '';
  return passed.because === 'waived' ? ` (waived until ${passed.expires})` : ' (known from the baseline)';
}

/** Id of the check whose fault a bad row only shows. A skipped row names it in its summary. */
const rootOf = ({ report }: Page, { id, causedBy }: CheckResult): string | undefined =>
  causedBy === undefined ? undefined : report.rootCauses.find(({ symptoms }) => symptoms.includes(id))?.check;

const sayRoot = (id: string): string => `one fault with ${id}: see there`;

interface RowLine {
  readonly role: Role;
  readonly marker: string;
  /** Id of the check that the line is about. */
  readonly check: string;
  readonly category: string;
  readonly text: string;
}

function linkToPage({ style: { links, pages = {} } }: Page, text: string, check: string): string {
  const url = links && Object.hasOwn(pages, check) ? pages[check] : undefined;
  return url === undefined ? text : osc8(text, url);
}

/** Lines as wide as `width`, with links where the terminal follows them. */
function wrapText({ measure, style, nextLink }: Page, text: string, width: number): string[] {
  const lines = wrap(text, width, measure);
  return style.links ? linkUrls(text, lines, nextLink) : lines;
}

function rowLines(page: Page, { role, marker, check, category, text }: RowLine): string[] {
  const { measure, paint, markerWidth, style } = page;
  const label = isolate(category);
  const padding = ' '.repeat(Math.max(0, CATEGORY_WIDTH - measure(label)));
  const mark = padEnd(marker, markerWidth, measure);
  const indent = measure(`  ${mark} ${label}${padding} `);
  const [first = '', ...rest] = wrapText(page, isolate(text), style.width - indent);
  const paintedHead = `  ${paint(role, mark)} ${linkToPage(page, label, check)}${padding} `;
  const body = (line: string): string => (role === 'ok' ? paint('quiet', line) : line);
  return [paintedHead + body(first), ...rest.map((line) => ' '.repeat(indent) + body(line))];
}

function detailsBlock(page: Page, result: CheckResult): string[] {
  const { measure } = page;
  const widths = Object.keys(result.details)
    .map((label) => measure(isolate(label)))
    .filter((width) => width <= LABEL_WIDTH.most);
  const labelWidth = Math.max(LABEL_WIDTH.least, ...widths);
  return Object.entries(result.details).flatMap(([label, value]) => {
    const issue = result.issues.find((candidate) => candidate.fields.includes(label));
    return detailLines(page, { label, labelWidth, values: formatDetail(label, value), issue });
  });
}

interface DetailLines {
  readonly label: string;
  readonly labelWidth: number;
  readonly values: readonly string[];
  /** The issue that this detail is evidence for. */
  readonly issue: Issue | undefined;
}

function detailLines(page: Page, { label, labelWidth, values, issue }: DetailLines): string[] {
  const { glyphs, measure, paint, style } = page;
  const hidden = style.all ? 0 : Math.max(0, values.length - LIST_LIMIT);
  const shown =
    hidden === 0
      ? values
      : [...values.slice(0, LIST_LIMIT), `${glyphs.ellipsis} ${hidden} more (--all lists them)`];
  const indent = 6 + labelWidth + 1;
  const lines = shown.flatMap((value) => wrapText(page, isolate(value), style.width - indent));
  // An imported report may not say it.
  if (issue && issue.expected !== '')
    lines.push(...wrapText(page, `(expected ${issue.expected})`, style.width - indent));
  const marker = issue ? glyphs.concerned : ' ';
  const head = `    ${issue ? paint(issue.severity, marker) : marker}${' '.repeat(2 - measure(marker))}`;
  const text = isolate(label);
  const indented = (line: string): string => ' '.repeat(indent) + line;
  if (measure(text) <= labelWidth) {
    const [first = '', ...rest] = lines;
    return [`${head}${paint('label', padEnd(text, labelWidth, measure))} ${first}`, ...rest.map(indented)];
  }
  // A label longer than its column keeps lines for itself, so that the values stay in theirs.
  const [firstLabel = '', ...moreLabels] = wrap(text, style.width - 6, measure).map((line) =>
    paint('label', line),
  );
  return [head + firstLabel, ...moreLabels.map((line) => ' '.repeat(6) + line), ...lines.map(indented)];
}

function remedyLines(page: Page, result: CheckResult, remedies: readonly string[]): string[] {
  const { glyphs, paint } = page;
  const commands = [...new Set(result.issues.flatMap((issue) => issue.command ?? []))];
  const causes = result.issues.map((issue) => causeLine(result, issue)).filter((line) => line !== undefined);
  const said = causes.flatMap((cause) => wrapWith(page, cause, `    ${glyphs.bullet} `));
  const root = rootOf(page, result);
  // What to do stands in the row of the cause.
  if (root !== undefined) return [...said, ...wrapWith(page, sayRoot(root), `    ${glyphs.remedy} `)];
  return [
    ...said,
    ...remedies.flatMap((remedy) => wrapWith(page, remedy, `    ${glyphs.remedy} `)),
    ...commands.map((command) => `        ${paint('command', command)}`),
    ...webPages(result).flatMap((url) => wrapWith(page, `see ${url}`, `    ${glyphs.remedy} `)),
  ];
}

/** Pages on the web that checks of others name; those of our own are told by --explain. */
const webPages = (result: CheckResult): readonly string[] =>
  pagesOf(result).filter((page) => /^https?:/.test(page));

/**
 * What the row and the marked details do not already say: the row names the only cause, or the first two of several; a
 * marked detail shows what was expected, and often what was measured.
 */
function causeLine(result: CheckResult, issue: Issue): string | undefined {
  const marked = issue.fields.filter((field) => Object.hasOwn(result.details, field));
  const shown = marked.flatMap((field) => formatDetail(field, result.details[field] ?? null)).join('\n');
  const evidence = [
    ...(shown.includes(issue.measured) ? [] : [`measured ${issue.measured}`]),
    ...(marked.length > 0 || issue.expected === '' ? [] : [`expected ${issue.expected}`]),
  ].join(', ');
  if (result.issues.length === 1) return evidence === '' ? undefined : evidence;
  return evidence === '' ? issue.cause : `${issue.cause} (${evidence})`;
}

function wrapWith(page: Page, text: string, prefix: string, role?: Role): string[] {
  const { measure, paint, style } = page;
  const indent = measure(prefix);
  return wrapText(page, text, style.width - indent).map(
    (line, index) => (index === 0 ? prefix : ' '.repeat(indent)) + (role ? paint(role, line) : line),
  );
}

function footer(page: Page): string[] {
  const hints = page.details
    ? ['--summary one line per check', '--all whole lists', '--json for scripts and tickets']
    : ['without --summary: the evidence', '--json for scripts and tickets'];
  return wrapWith(page, [...hints, '--explain ID what a check means'].join('   '), '', 'quiet');
}
