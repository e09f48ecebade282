import { createLimit } from '../host/limit.ts';
import type { Check, Verdict } from './check.ts';
import type { CheckContext, SharedContext } from './context.ts';
import { Ending } from './ending.ts';
import type { CheckResult, Note, Status } from './report.ts';

/** Told what the run is doing; used for progress and for streaming formats. Must not throw. */
export interface RunObserver {
  onStart?(check: Check): void;
  onWaiting?(check: Check, what: string): void;
  onFinish?(result: CheckResult, notes: readonly Note[]): void;
}

export interface RunOptions {
  /** Whole run, milliseconds. */
  readonly timeoutMs: number;
  /** The user's interrupt. */
  readonly signal: AbortSignal;
  readonly observer?: RunObserver;
}

export interface RunOutcome {
  readonly results: readonly CheckResult[];
  readonly notes: readonly Note[];
}

/** Checks that run at the same time; more would only queue on the disk. What waits for the network does not count. */
const MAX_CONCURRENT = 8;

/**
 * Runs the checks, each as soon as those it needs are done. Never throws and never outlasts the deadline: whatever a
 * check does becomes a row. Results come in registry order.
 */
export async function runChecks(
  checks: readonly Check[],
  shared: SharedContext,
  options: RunOptions,
): Promise<RunOutcome> {
  const ending = new Ending(options);
  const limit = createLimit(MAX_CONCURRENT);
  const running = new Map<string, Promise<Row>>();
  for (const check of startOrder(checks)) {
    const needed = (check.needs ?? []).flatMap((id) => running.get(id) ?? []);
    running.set(check.id, settle(check, needed));
  }
  const rows = await Promise.all(checks.flatMap((check) => running.get(check.id) ?? []));
  ending.close();
  return { results: rows.map((row) => row.result), notes: rows.flatMap((row) => row.notes) };

  async function settle(check: Check, needed: readonly Promise<Row>[]): Promise<Row> {
    const foundations = await Promise.all(needed);
    const broken = foundations.find(({ result }) => result.status === 'fail' || isSkippedForAFault(result));
    if (broken) {
      const { id, status } = broken.result;
      const what = status === 'fail' ? 'failed' : 'could not be judged';
      return finish(
        skippedRow(check, shared, { because: id, summary: `not looked at, because ${id} ${what}` }),
      );
    }
    if (check.network && shared.options.offline) {
      return finish(
        skippedRow(check, shared, { because: '--offline', summary: 'not asked, because of --offline' }),
      );
    }
    const work = async (): Promise<Row> => {
      options.observer?.onStart?.(check);
      return finish(await examineOne(check, { shared, ending, options }));
    };
    return check.network ? work() : limit(work);
  }

  function finish(row: Row): Row {
    options.observer?.onFinish?.(row.result, row.notes);
    return row;
  }
}

/**
 * What may take longest starts first, so that its waiting overlaps with everything else; what builds on others comes
 * behind them.
 */
function startOrder(checks: readonly Check[]): readonly Check[] {
  const depths = new Map<string, number>();
  const depth = ({ needs = [] }: Check): number =>
    needs.length === 0 ? 0 : 1 + Math.max(...needs.map((id) => depths.get(id) ?? 0));
  for (const check of checks) depths.set(check.id, depth(check));
  return checks.toSorted((a, b) => depth(a) - depth(b) || b.budgetMs - a.budgetMs);
}

interface Row {
  readonly result: CheckResult;
  readonly notes: readonly Note[];
}

/** A row that was skipped because of another check, not because of an option. */
const isSkippedForAFault = (result: CheckResult): boolean =>
  result.status === 'skipped' && !result.skippedBecause?.startsWith('--');

interface Run {
  readonly shared: SharedContext;
  readonly ending: Ending;
  readonly options: RunOptions;
}

async function examineOne(check: Check, { shared, ending, options }: Run): Promise<Row> {
  const startedAtMs = shared.clock.now();
  const begun = shared.clock.elapsed();
  const turn = ending.turnFor(check.budgetMs);
  let waiting: string | undefined;
  const context: CheckContext = {
    ...shared,
    signal: turn.signal,
    waitingFor: (what) => {
      waiting = what;
      options.observer?.onWaiting?.(check, what);
    },
  };
  const base = (status: Status, summary: string): CheckResult => ({
    id: check.id,
    section: check.section,
    category: check.category,
    title: check.title,
    status,
    summary,
    details: {},
    issues: [],
    remediation: null,
    startedAt: new Date(startedAtMs).toISOString(),
    durationMs: Math.round((shared.clock.elapsed() - begun) * 10) / 10,
  });
  const incomplete = (reason: string): Row => ({
    result: base('incomplete', waiting ? `${reason}, while waiting for ${waiting}` : reason),
    notes: [],
  });
  try {
    const probe = Promise.resolve().then(() => check.probe(context));
    const seen = await Promise.race([probe.then((evidence) => ({ evidence })), turn.over]);
    return 'evidence' in seen
      ? rowOf(check, base('ok', ''), check.judge(seen.evidence))
      : incomplete(seen.reason);
  } catch (error) {
    // A probe that gives up because it was told to has no fault of its own.
    if (turn.signal.aborted) return incomplete((await turn.over).reason);
    return {
      result: {
        ...base('crashed', `the check itself failed: ${describeThrown(error)}`),
        remediation: 'This is a fault in stethos or in a plugin; please report it.',
      },
      notes: [],
    };
  } finally {
    turn.end();
  }
}

function rowOf(check: Check, base: CheckResult, verdict: Verdict): Row {
  const docs = check.docs ?? `docs/checks/${check.id}.md`;
  const issues = verdict.issues.map(({ failure, ...issue }) => ({
    ...issue,
    ...(failure && { failureClass: failure.class }),
    docs,
  }));
  const worst = verdict.issues.find((issue) => issue.severity === 'fail') ?? verdict.issues[0];
  const status: Status = verdict.kind === 'judged' ? (worst?.severity ?? 'ok') : verdict.kind;
  const result: CheckResult = {
    ...base,
    status,
    summary: verdict.summary,
    details: verdict.details,
    issues,
    ...(worst?.failure && { failure: worst.failure }),
    remediation: worst ? [...new Set(verdict.issues.map((issue) => issue.remedy))].join(' ') : null,
    ...(verdict.skippedBecause !== undefined && { skippedBecause: verdict.skippedBecause }),
    ...(verdict.causedBy !== undefined && { causedBy: verdict.causedBy }),
  };
  return { result, notes: verdict.notes.map((note) => ({ ...note, check: check.id })) };
}

function skippedRow(
  check: Check,
  shared: SharedContext,
  { because, summary }: { because: string; summary: string },
): Row {
  const { id, section, category, title } = check;
  const startedAt = new Date(shared.clock.now()).toISOString();
  return {
    result: {
      id,
      section,
      category,
      title,
      status: 'skipped',
      summary,
      details: {},
      issues: [],
      remediation: null,
      skippedBecause: because,
      startedAt,
      durationMs: 0,
    },
    notes: [],
  };
}

/** Anything can be thrown: an Error, null, 0, a symbol. */
export function describeThrown(error: unknown): string {
  if (error instanceof Error) return error.message || error.name;
  if (typeof error === 'string') return error;
  return typeof error === 'object' && error !== null
    ? 'an object that is no Error'
    : `threw ${String(error)}`;
}
