import { overallStatusOf, STATUSES } from '../report.ts';
import type { CheckResult, Counts, Note, OverallStatus, Report, RootCause, Status } from '../report.ts';
import { groupRootCauses } from '../root-causes.ts';
import type { Draft } from './draft.ts';
import { inOrderOf, listOf, member, oneOf, recordOf, textOf } from './narrow.ts';
import { failureClassOf } from './row-parts.ts';

/** Notes about the file itself stand under this name, which no check has. */
const FILE = 'report';

/**
 * The report of a draft. What the file says of its own rows is kept where they say the same; otherwise it is judged
 * again, and a note says that the file contradicts itself.
 */
export function settle(draft: Draft): Report {
  const { rows, said } = draft;
  const overallStatus = overallStatusOf(rows);
  const claimed = oneOf<OverallStatus>(['ok', 'warning', 'fail'], said.overallStatus);
  const believed = rootCausesOf(said.rootCauses, rows);
  const rootCauses = believed ?? groupRootCauses(rows);
  const problems = [
    ...draft.problems,
    ...(claimed !== undefined && claimed !== overallStatus
      ? [`it says ${claimed} as a whole, and its rows say ${overallStatus}`]
      : []),
    ...(countsDiffer(said.counts, rows) ? ['its counts are not those of its rows'] : []),
    ...(said.rootCauses !== undefined && believed === undefined
      ? ['its root causes do not fit its rows and were looked for again']
      : []),
  ];
  const notes: Note[] = [
    ...problems.map((text): Note => ({
      kind: 'warning',
      check: FILE,
      text: `In the file that was read: ${text}`,
    })),
    ...(believed ? draft.notes : withCauses(rootCauses, draft.notes)),
  ];
  const { gate, redactions } = draft;
  return {
    schemaVersion: 1,
    generatedAt: draft.generatedAt,
    overallStatus,
    interrupted: draft.interrupted,
    tool: draft.tool,
    target: draft.target,
    platform: draft.platform,
    durationMs: draft.durationMs,
    counts: { ...countsOf(rows), notes: notes.length },
    notes,
    rootCauses,
    checks: Object.fromEntries(rows.map((row) => [row.id, row])),
    ...(gate && { gate }),
    importedFrom: { format: draft.format },
    ...(redactions && { redactions }),
  };
}

/** As an examination promotes them: each cause once, before everything else. */
function withCauses(rootCauses: readonly RootCause[], notes: readonly Note[]): Note[] {
  const causes = new Set(rootCauses.map(({ check }) => check));
  return [
    ...rootCauses.map(({ check, cause }): Note => ({ kind: 'cause', check, text: cause })),
    ...notes.filter(({ kind, check }) => kind !== 'cause' && (kind !== 'warning' || !causes.has(check))),
  ];
}

function countsOf(rows: readonly CheckResult[]): Omit<Counts, 'notes'> {
  const counts = Object.fromEntries(STATUSES.map((status) => [status, 0])) as Record<Status, number>;
  for (const { status } of rows) counts[status] += 1;
  return counts;
}

function countsDiffer(value: unknown, rows: readonly CheckResult[]): boolean {
  const said = recordOf(value);
  if (!said) return false;
  return Object.entries(countsOf(rows)).some(([status, count]) => (member(said, status) ?? 0) !== count);
}

/**
 * The root causes that a file names, where they fit: each is a bad row or explains one, its symptoms are rows, and every
 * failed row is in one of them.
 */
function rootCausesOf(value: unknown, rows: readonly CheckResult[]): readonly RootCause[] | undefined {
  const byId = new Map(rows.map((row) => [row.id, row]));
  const explained = new Set<string>();
  const causes: RootCause[] = [];
  for (const item of listOf(value) ?? [undefined]) {
    const read = recordOf(item) ?? {};
    const row = byId.get(textOf(member(read, 'check')) ?? '');
    const status = oneOf<RootCause['status']>(['warning', 'fail'], member(read, 'status'));
    const cause = textOf(member(read, 'cause'));
    const symptoms = (listOf(member(read, 'symptoms')) ?? []).filter((id) => typeof id === 'string');
    const isBad = row?.status === 'fail' || row?.status === 'warning';
    if (!row || !isBad || !status || cause === undefined || explained.has(row.id)) return undefined;
    if (!symptoms.every((id) => byId.has(id))) return undefined;
    const failureClass = failureClassOf(member(read, 'failureClass'));
    const remedy = textOf(member(read, 'remedy')) ?? '';
    for (const id of [row.id, ...symptoms]) explained.add(id);
    causes.push(
      inOrderOf(read, {
        check: row.id,
        status,
        ...(failureClass && { failureClass }),
        cause,
        remedy,
        symptoms,
      }),
    );
  }
  return rows.every(({ id, status }) => status !== 'fail' || explained.has(id)) ? causes : undefined;
}
