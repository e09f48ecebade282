import type { Check, Verdict } from './check.ts';
import type { CheckContext, SharedContext } from './context.ts';
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

/** Checks that run at the same time; more would only queue on the disk. */
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
  const deadline = AbortSignal.any([options.signal, AbortSignal.timeout(options.timeoutMs)]);
  // Timers of abort signals do not keep the process alive: without this one, a run in which every probe waits for nothing
  // in particular would end without a word.
  const keepAlive = setTimeout(() => undefined, options.timeoutMs);
  const limit = createLimit(MAX_CONCURRENT);
  const running = new Map<string, Promise<Row>>();
  for (const check of checks) {
    const needed = (check.needs ?? []).flatMap((id) => running.get(id) ?? []);
    running.set(check.id, settle(check, needed));
  }
  const rows = await Promise.all(running.values());
  clearTimeout(keepAlive);
  return { results: rows.map((row) => row.result), notes: rows.flatMap((row) => row.notes) };

  async function settle(check: Check, needed: readonly Promise<Row>[]): Promise<Row> {
    const foundations = await Promise.all(needed);
    const broken = foundations.find(({ result }) => result.status === 'fail' || isSkippedForAFault(result));
    if (broken)
      return finish(
        skippedRow(check, shared, broken.result.id, `not looked at, because ${broken.result.id} failed`),
      );
    if (check.network && shared.options.offline)
      return finish(skippedRow(check, shared, '--offline', 'not asked, because of --offline'));
    return limit(async () => {
      options.observer?.onStart?.(check);
      return finish(await examineOne(check, shared, deadline, options));
    });
  }

  function finish(row: Row): Row {
    options.observer?.onFinish?.(row.result, row.notes);
    return row;
  }
}

interface Row {
  readonly result: CheckResult;
  readonly notes: readonly Note[];
}

/** A row that was skipped because of another check, not because of an option. */
const isSkippedForAFault = (result: CheckResult): boolean =>
  result.status === 'skipped' && !result.skippedBecause?.startsWith('--');

async function examineOne(
  check: Check,
  shared: SharedContext,
  deadline: AbortSignal,
  options: RunOptions,
): Promise<Row> {
  const startedAtMs = shared.clock.now();
  const begun = shared.clock.elapsed();
  const budget = AbortSignal.timeout(check.budgetMs);
  const signal = AbortSignal.any([deadline, budget]);
  let waiting: string | undefined;
  const context: CheckContext = {
    ...shared,
    signal,
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
  try {
    const seen = await withSignal(
      Promise.resolve().then(() => check.probe(context)),
      signal,
    );
    return rowOf(check, base('ok', ''), check.judge(seen));
  } catch (error) {
    if (signal.aborted) {
      const why = options.signal.aborted
        ? 'interrupted'
        : budget.aborted
          ? `no answer within its ${check.budgetMs} ms`
          : `the run's ${options.timeoutMs} ms were used up`;
      return {
        result: base('incomplete', waiting ? `${why}, while waiting for ${waiting}` : why),
        notes: [],
      };
    }
    return {
      result: {
        ...base('crashed', `the check itself failed: ${describeThrown(error)}`),
        remediation: 'This is a fault in stethos or in a plugin; please report it.',
      },
      notes: [],
    };
  }
}

function rowOf(check: Check, base: CheckResult, verdict: Verdict): Row {
  const docs = `docs/checks/${check.id}.md`;
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
  };
  return { result, notes: verdict.notes.map((note) => ({ ...note, check: check.id })) };
}

function skippedRow(check: Check, shared: SharedContext, because: string, summary: string): Row {
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

/** Settles with the work, or rejects as soon as the signal aborts; a late rejection of the work is swallowed. */
function withSignal<Value>(work: Promise<Value>, signal: AbortSignal): Promise<Value> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason as Error);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

/** Anything can be thrown: an Error, null, 0, a symbol. */
export function describeThrown(error: unknown): string {
  if (error instanceof Error) return error.message || error.name;
  if (typeof error === 'string') return error;
  return typeof error === 'object' && error !== null
    ? 'an object that is no Error'
    : `threw ${String(error)}`;
}

function createLimit(most: number): <Value>(work: () => Promise<Value>) => Promise<Value> {
  let free = most;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (free === 0) await new Promise<void>((resolve) => waiting.push(resolve));
    else free -= 1;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free += 1;
    }
  };
}
