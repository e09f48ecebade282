import { findingsOf, isBad, knownFrom } from '../gate/findings.ts';
import type { CheckResult, DetailValue, Report } from '../report.ts';
import { CHANGES } from './comparison.ts';
import type { Change, CheckDifference, Comparison, Difference, Reading, Side } from './comparison.ts';
import { areOfTwoShapes, isFine, meansTheSame } from './shapes.ts';
import { isVolatile, same } from './volatile.ts';

/**
 * What changed from one report to another. Pure; what was redacted on its way into either report differs only where its
 * placeholder does.
 * @param all also values that move from run to run
 */
export function compareReports(
  before: Report,
  after: Report,
  { all = false }: { readonly all?: boolean } = {},
): Comparison {
  const ids = [...new Set([...Object.keys(after.checks), ...Object.keys(before.checks)])];
  const isKnown = knownFrom(before, after);
  const isStillThere = knownFrom(after, before);
  const isForeign = areOfTwoShapes(before, after);
  let leftOut = 0;
  const checks = ids.flatMap((id): readonly CheckDifference[] => {
    const [was, is] = [rowOf(before, id), rowOf(after, id)];
    const differing = detailsThatDiffer(was, is).filter(
      (detail) => !isForeign || !meansTheSame(detail.before, detail.after),
    );
    const details = all
      ? differing
      : differing.filter((detail) => !isVolatile(detail.label, detail.before, detail.after));
    leftOut += differing.length - details.length;
    const change = changeOf(was, is, {
      hasNew: is !== undefined && findingsOf(is).some((finding) => !isKnown(finding)),
      hasFewer: was !== undefined && findingsOf(was).some((finding) => !isStillThere(finding)),
      saysOtherwise: details.length > 0 || saysOtherwise(was, is),
    });
    if (change === undefined || (isForeign && details.length === 0 && isOnlySpelling(change, was, is)))
      return [];
    return [{ ...differenceOf(after, { id, was, is }), change, details }];
  });
  return {
    schemaVersion: 1,
    before: sideOf(before),
    after: sideOf(after),
    surroundings: surroundingsThatDiffer(before, after).filter(
      ({ label, before: was, after: is }) => !isForeign || label === WRITER || !meansTheSame(was, is),
    ),
    checks: checks.toSorted((a, b) => rank(a) - rank(b)),
    unchanged: ids.length - checks.length,
    leftOut,
  };
}

const rowOf = ({ checks }: Report, id: string): CheckResult | undefined =>
  Object.hasOwn(checks, id) ? checks[id] : undefined;

const hasAnswer = ({ status }: CheckResult): boolean =>
  status !== 'crashed' && status !== 'incomplete' && status !== 'skipped';

/** Every doctor has words of its own for a row, and knows fewer or other ways of being fine. */
const isOnlySpelling = (change: Change, was: CheckResult | undefined, is: CheckResult | undefined): boolean =>
  change === 'changed' || (was !== undefined && is !== undefined && isFine(was) && isFine(is));

interface Facts {
  /** Some finding is new or worse. */
  readonly hasNew: boolean;
  /** Some finding is gone or lesser. */
  readonly hasFewer: boolean;
  readonly saysOtherwise: boolean;
}

/** First match wins. */
function changeOf(
  was: CheckResult | undefined,
  is: CheckResult | undefined,
  { hasNew, hasFewer, saysOtherwise: isOther }: Facts,
): Change | undefined {
  if (!is) return 'removed';
  if (is.status === 'fail' && hasNew) return was?.status === 'fail' ? 'other_failure' : 'failed';
  if (is.status === 'warning' && hasNew) return was && isBad(was) ? 'other_warning' : 'warned';
  if (!was) return 'added';
  if (is.status === 'crashed' || is.status === 'incomplete')
    return was.status === is.status ? (isOther ? 'changed' : undefined) : 'unanswered';
  if (is.status === 'skipped' && was.status !== 'skipped') return 'skipped';
  if (isBad(was) && (!isBad(is) || hasFewer)) return 'recovered';
  if (!hasAnswer(was) && hasAnswer(is)) return 'answered';
  return isOther || was.status !== is.status ? 'changed' : undefined;
}

/** The words of a row that is fine move with its values. */
function saysOtherwise(was: CheckResult | undefined, is: CheckResult | undefined): boolean {
  if (!was || !is || (!isBad(is) && is.status !== 'crashed')) return false;
  return isVolatileText(was.summary, is.summary) ? false : was.summary !== is.summary;
}

const isVolatileText = (was: string, is: string): boolean => isVolatile('', was, is);

function detailsThatDiffer(was: CheckResult | undefined, is: CheckResult | undefined): readonly Difference[] {
  // Of a row that stands on one side only, or was not looked at there, every value would differ.
  if (!was || !is || !hasAnswer(was) || !hasAnswer(is)) return [];
  const labels = new Set([...Object.keys(was.details), ...Object.keys(is.details)]);
  return [...labels].flatMap((label) => differ(label, valueOf(was, label), valueOf(is, label)));
}

const valueOf = ({ details }: CheckResult, label: string): DetailValue | undefined =>
  Object.hasOwn(details, label) ? details[label] : undefined;

const differ = (
  label: string,
  before: DetailValue | undefined,
  after: DetailValue | undefined,
): readonly Difference[] =>
  same(before, after)
    ? []
    : [{ label, ...(before !== undefined && { before }), ...(after !== undefined && { after }) }];

interface Rows {
  readonly id: string;
  readonly was: CheckResult | undefined;
  readonly is: CheckResult | undefined;
}

function differenceOf(after: Report, { id, was, is }: Rows): Omit<CheckDifference, 'change' | 'details'> {
  const cause = after.rootCauses.find(({ symptoms }) => symptoms.includes(id))?.check;
  return {
    check: id,
    ...(was && { before: readingOf(was) }),
    ...(is && { after: readingOf(is) }),
    ...(cause !== undefined && { cause }),
    ...(is && isBad(is) && cause === undefined && is.remediation && { remedy: is.remediation }),
  };
}

const readingOf = ({ status, failure, summary }: CheckResult): Reading => ({
  status,
  ...(failure && { failureClass: failure.class }),
  summary,
});

const sideOf = ({ generatedAt, overallStatus, tool, target }: Report): Side => ({
  generatedAt,
  overallStatus,
  tool: `${tool.name} ${tool.version}`,
  agent: `${target.agent}${target.version === null ? '' : ` ${target.version}`} at ${target.home}`,
});

const surroundingsThatDiffer = (before: Report, after: Report): readonly Difference[] =>
  Object.entries(SURROUNDINGS).flatMap(([label, read]) => differ(label, read(before), read(after)));

const WRITER = 'report written by';

const SURROUNDINGS: Readonly<Record<string, (report: Report) => DetailValue>> = {
  agent: ({ target }) => target.agent,
  "agent's version": ({ target }) => target.version,
  home: ({ target }) => target.home,
  'home named by': ({ target }) => target.homeSource,
  'operating system': ({ platform }) => platform.os,
  architecture: ({ platform }) => platform.architecture,
  runtime: ({ platform }) => platform.runtime,
  doctor: ({ tool }) => `${tool.name} ${tool.version}`,
  [WRITER]: ({ importedFrom }) => importedFrom?.format ?? 'stethos',
};

/** By importance; within it, causes before what only shows them. */
const rank = ({ change, cause }: CheckDifference): number =>
  CHANGES.indexOf(change) * 2 + (cause === undefined ? 0 : 1);
