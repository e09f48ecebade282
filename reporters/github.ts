import type { CheckResult, RedactedReport } from '../src/doctor/report.ts';
import { formatCount } from '../src/host/units.ts';
import { visibleInOneLine } from '../src/redact/control.ts';
import { cut } from './cut.ts';
import { commandsOf, findingsOf, remediesOf } from './findings.ts';
import type { Finding, Passed } from './findings.ts';
import { markdownOf } from './markdown/document.ts';
import type { Reporter } from './reporter.ts';
import { verdictOf } from './text/verdict.ts';

const KINDS = ['error', 'warning', 'notice'] as const;
type Kind = (typeof KINDS)[number];

interface Annotation {
  readonly kind: Kind;
  readonly title: string;
  /** Lines of the message. */
  readonly lines: readonly string[];
}

/** GitHub keeps ten of each kind for a step and fifty for a job: three tens stay below that, and the rest is counted. */
const PER_KIND = 10;
/** GitHub cuts titles after 255 characters. */
const TITLE_CHARACTERS = 200;
/** GitHub takes 64 KB for a message; nobody reads more than this beside a line of code. */
const LINE_CHARACTERS = 1_000;
/** Of one row. */
const LINES = 12;
/** What `$GITHUB_STEP_SUMMARY` takes of a step: 1 MiB, less a little for what the workflow writes there itself. */
const SUMMARY_BYTES = 1024 * 1024 - 16 * 1024;

/**
 * Workflow commands of GitHub Actions: one annotation for each row that is not well, failures first, then one line of the
 * log with the verdict. What the gate lets through is a notice. All foreign text stands inside of a command, where it can
 * neither end the line nor begin another, and the last line holds none: so there is nothing that `::stop-commands::`
 * would have to guard.
 *
 * A report names files of the examined home, none of the repository: an annotation stands at `Style.anchorFile`, or at
 * the run as a whole.
 */
export const github: Reporter = (report, { anchorFile }) => {
  const annotations = findingsOf(report).map((finding) => annotationOf(finding));
  const shown = KINDS.flatMap((kind) => {
    const all = annotations.filter((annotation) => annotation.kind === kind);
    // The last notice may be needed to say what was left out.
    return all.slice(0, kind === 'notice' ? PER_KIND - 1 : PER_KIND);
  });
  const place = anchorFile === undefined ? [] : [`file=${property(anchorFile)}`, 'line=1'];
  const leftOut = annotations.length - shown.length;
  const { state, counted } = verdictOf(report);
  return [
    ...shown.map((annotation) => commandOf(annotation, place)),
    ...(leftOut > 0 ? [commandOf(sayLeftOut(leftOut), [])] : []),
    [`stethos doctor: ${state}`, ...counted].join(', '),
    '',
  ].join('\n');
};

/**
 * The report for the page of a job: Markdown to be appended to `$GITHUB_STEP_SUMMARY`, bounded to what GitHub takes of a
 * step.
 */
export const githubStepSummary = (report: RedactedReport): string =>
  markdownOf(report, { limit: SUMMARY_BYTES, sizeOf: (text) => Buffer.byteLength(text) });

function annotationOf({ result, root, passed }: Finding): Annotation {
  const failed = result.status === 'fail';
  const lines = [
    ...(passed ? [sayPassed(passed)] : []),
    ...result.issues.flatMap(({ cause, measured, expected }) => [
      ...(cause === titleOf(result) ? [] : [cause]),
      `measured: ${measured}`,
      `expected: ${expected}`,
    ]),
    ...(root === undefined
      ? [...remediesOf(result), ...commandsOf(result).map((command) => `$ ${command}`)]
      : [`one fault with ${root}: see there`]),
  ];
  return {
    kind: passed ? 'notice' : failed ? 'error' : 'warning',
    title: `${result.id}: ${titleOf(result)}`,
    lines: lines.length > 0 ? lines : [result.summary],
  };
}

const titleOf = ({ issues: [only, ...more], summary }: CheckResult): string =>
  only && more.length === 0 ? only.cause : summary;

const sayPassed = (passed: Passed): string =>
  passed.because === 'waived'
    ? `waived until ${passed.expires}: ${passed.reason}`
    : 'known: as bad in the baseline already';

const sayLeftOut = (count: number): Annotation => ({
  kind: 'notice',
  title: `stethos doctor: ${formatCount(count, 'more row')} not shown here`,
  lines: [`GitHub keeps ${PER_KIND} annotations of a kind for each step. The report holds all rows.`],
});

function commandOf({ kind, title, lines }: Annotation, place: readonly string[]): string {
  const shown = lines.slice(0, LINES).map((line) => cut(visibleInOneLine(line), LINE_CHARACTERS));
  const rest = lines.length - shown.length;
  const message = [...shown, ...(rest > 0 ? [`and ${formatCount(rest, 'line')} more`] : [])].join('\n');
  const properties = [...place, `title=${property(cut(visibleInOneLine(title), TITLE_CHARACTERS))}`];
  return `::${kind} ${properties.join(',')}::${data(message)}`;
}

/** As the runner reads it back: `ActionCommand.cs` of actions/runner. */
const data = (text: string): string =>
  text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const property = (text: string): string => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
