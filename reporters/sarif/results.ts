import type { CheckResult, Issue, RedactedReport } from '../../src/doctor/report.ts';
import { passedAt } from '../findings.ts';
import { issueText, longestOf, relationText, rootCausesOf, shownCauseOf } from '../machine/words.ts';
import type { RootCauses } from '../machine/words.ts';
import type { Style } from '../reporter.ts';
import { fingerprintsOf } from './fingerprints.ts';
import { cleanText, messageOf } from './message.ts';

/** GitHub refuses a run with more of them or of rules, and keeps 5,000 results: the worst stand first. */
const MOST_RESULTS = 25_000;

interface Found {
  readonly row: CheckResult;
  readonly issue: Issue;
  readonly fingerprints: Readonly<Record<string, string>>;
}

export interface Results {
  readonly results: readonly Readonly<Record<string, unknown>>[];
  /** The rows that they are of, in the order of the report: `ruleIndex` is a place in it. */
  readonly rows: readonly CheckResult[];
  /** How many are too many for the consumers. */
  readonly leftOut: number;
}

/** A result for each issue: failures first, causes before their symptoms. */
export function resultsOf(report: RedactedReport, style: Pick<Style, 'anchorFile'>): Results {
  const rootCauses = rootCausesOf(report);
  const found = Object.values(report.checks)
    .filter(isBad)
    .flatMap((row) => {
      const fingerprints = fingerprintsOf(row);
      return row.issues.map((issue, index): Found => ({
        row,
        issue,
        fingerprints: fingerprints[index] ?? {},
      }));
    });
  const weight = ({ row, issue }: Found): number => {
    const isSymptom = shownCauseOf(row, rootCauses) !== undefined;
    return (issue.severity === 'fail' ? 0 : 2) + (isSymptom ? 1 : 0);
  };
  const sorted = found.toSorted((a, b) => weight(a) - weight(b)).slice(0, MOST_RESULTS);
  const kept = new Set(sorted.map(({ row }) => row));
  const rows = Object.values(report.checks).filter((row) => kept.has(row));
  const ruleIndexes = new Map(rows.map(({ id }, index) => [id, index]));
  const longest = longestOf(sorted.length);
  return {
    results: sorted.map((each) => resultOf(each, { report, rootCauses, ruleIndexes, style, longest })),
    rows,
    leftOut: found.length - sorted.length,
  };
}

const isBad = ({ status }: CheckResult): boolean => status === 'fail' || status === 'warning';

interface Surroundings {
  readonly report: RedactedReport;
  readonly rootCauses: RootCauses;
  readonly ruleIndexes: ReadonlyMap<string, number>;
  readonly style: Pick<Style, 'anchorFile'>;
  readonly longest: number;
}

function resultOf(
  { row, issue, fingerprints }: Found,
  { report, rootCauses, ruleIndexes, style, longest }: Surroundings,
): Readonly<Record<string, unknown>> {
  const relation = relationText(row, rootCauses);
  const root = rootCauses.get(row.id);
  return {
    ruleId: row.id,
    ruleIndex: ruleIndexes.get(row.id),
    level: issue.severity === 'fail' ? 'error' : 'warning',
    message: messageOf([issueText(issue), ...(relation === undefined ? [] : [relation])].join('\n'), longest),
    locations: [locationOf(row, { report, style })],
    partialFingerprints: fingerprints,
    ...acceptanceOf(row, report),
    properties: {
      ...((issue.failureClass ?? row.failure?.class) && {
        failureClass: issue.failureClass ?? row.failure?.class,
      }),
      ...(root && { rootCause: root.check }),
    },
  };
}

function locationOf(
  { id }: CheckResult,
  { report, style }: Pick<Surroundings, 'report' | 'style'>,
): Readonly<Record<string, unknown>> {
  const { anchorFile } = style;
  return {
    ...(anchorFile !== undefined && {
      physicalLocation: {
        artifactLocation: { uri: anchorFile.toWellFormed().split('/').map(encodeURIComponent).join('/') },
        region: { startLine: 1 },
      },
    }),
    logicalLocations: [
      { name: id, fullyQualifiedName: `${cleanText(report.target.profile)}/${id}`, kind: 'resource' },
    ],
  };
}

/** Where one result says whether it is suppressed, each has to. What the gate did not judge has no state of a baseline. */
function acceptanceOf({ id }: CheckResult, { gate }: RedactedReport): Readonly<Record<string, unknown>> {
  if (!gate) return {};
  const passed = passedAt(gate, id);
  return {
    suppressions:
      passed?.because === 'waived'
        ? [
            {
              kind: 'external',
              status: 'accepted',
              justification: cleanText(`until ${passed.expires}: ${passed.reason}`),
            },
          ]
        : [],
    ...(gate.known.includes(id) && { baselineState: 'unchanged' }),
    // Only where there is a baseline for certain.
    ...(gate.known.length > 0 && gate.counted.includes(id) && { baselineState: 'new' }),
  };
}
