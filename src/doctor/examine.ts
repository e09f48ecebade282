import { createLookupProcess } from '../net/dial/lookup-process.ts';
import type { Target } from '../target/target.ts';
import { createContext } from './context.ts';
import type { ContextOptions } from './context.ts';
import type { Registry } from './registry.ts';
import { overallStatusOf, STATUSES } from './report.ts';
import type { CheckResult, Counts, Note, Report, Status } from './report.ts';
import { groupRootCauses } from './root-causes.ts';
import { runSelected } from './run-selected.ts';
import type { SelectedChecks } from './run-selected.ts';
import type { RunOptions } from './runner.ts';
import { TOOL_VERSION } from './version.ts';

export interface ExamineOptions extends RunOptions, SelectedChecks {
  readonly context: ContextOptions;
  /** The installation that the context names, for a caller who asks it for facts too, so that nothing is read twice. */
  readonly target?: Target;
}

/** Examines one agent installation. Never throws for anything found there; the report says it. */
export async function examine(registry: Registry, options: ExamineOptions): Promise<Report> {
  const resolver = createLookupProcess();
  const shared = createContext(options.context, {
    resolver,
    ...(options.target && { target: options.target }),
  });
  const generatedAt = new Date(shared.clock.now()).toISOString();
  const begun = shared.clock.elapsed();
  const { results, notes } = await runSelected(registry.checks, shared, options);
  resolver.end();
  const { home } = shared.target;
  const rootCauses = groupRootCauses(results);
  const promoted: Note[] = [
    ...rootCauses.map((cause): Note => ({ kind: 'cause', check: cause.check, text: cause.cause })),
    // A cause says more about its check than a warning that the check promotes by itself.
    ...notes.filter(
      ({ kind, check }) => kind !== 'warning' || !rootCauses.some((cause) => cause.check === check),
    ),
  ];
  return {
    schemaVersion: 1,
    generatedAt,
    overallStatus: overallStatusOf(results),
    interrupted: options.signal.aborted,
    tool: { name: 'stethos', version: TOOL_VERSION },
    target: {
      profile: home.profile.id,
      agent: home.profile.name,
      home: home.path,
      homeSource: home.source,
      version: versionOf(shared.target),
      alsoPresent: home.alsoPresent.map((other) => ({ profile: other.profile.id, home: other.path })),
    },
    platform: { os: process.platform, architecture: process.arch, runtime: `node ${process.versions.node}` },
    durationMs: Math.round((shared.clock.elapsed() - begun) * 10) / 10,
    counts: countsOf(results, promoted.length),
    notes: promoted,
    rootCauses,
    checks: Object.fromEntries(results.map((result) => [result.id, result])),
  };
}

/** The header of the report must not fail where a check would only be a crashed row. */
function versionOf(target: Target): string | null {
  try {
    return target.install().active?.version ?? null;
  } catch {
    return null;
  }
}

function countsOf(results: readonly CheckResult[], notes: number): Counts {
  const counts = Object.fromEntries(STATUSES.map((status) => [status, 0])) as Record<Status, number>;
  for (const { status } of results) counts[status] += 1;
  return { ...counts, notes };
}
