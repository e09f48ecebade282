import type { RunState } from './runs.ts';

/** Answers by path and status; both are closed lists, so that nobody can make series. */
export interface RequestCounts {
  count(path: string, status: number): void;
  entries(): Iterable<readonly [path: string, status: number, count: number]>;
}

export const PATHS = ['/healthz', '/readyz', '/metrics', '/report.json'] as const;

export function createRequestCounts(): RequestCounts {
  const counts = new Map<string, { path: string; status: number; count: number }>();
  return {
    count: (path, status) => {
      const known = PATHS.find((name) => name === path) ?? 'other';
      const key = `${known} ${status}`;
      const entry = counts.get(key) ?? { path: known, status, count: 0 };
      entry.count += 1;
      counts.set(key, entry);
    },
    entries: () => [...counts.values()].map(({ path, status, count }) => [path, status, count] as const),
  };
}

/** What this server says of itself, in Prometheus' text format 0.0.4. */
export function metricsOfServer(state: RunState, requests: RequestCounts, nowMs: number): string {
  const { last, counts, isRunning } = state;
  return [
    family('stethos_serve_runs_total', 'counter', 'Examinations by whether they gave a report.', [
      ['{outcome="finished"}', counts.finished],
      ['{outcome="failed"}', counts.failed],
    ]),
    family('stethos_serve_running', 'gauge', 'Whether an examination is under way.', [
      ['', Number(isRunning)],
    ]),
    ...(last
      ? [
          family(
            'stethos_serve_run_duration_seconds',
            'gauge',
            'How long the last examination took, its process included.',
            [['', last.durationMs / 1_000]],
          ),
          family('stethos_serve_report_age_seconds', 'gauge', 'Age of the report that is served.', [
            ['', ageOf(last.finishedAtMs, nowMs) / 1_000],
          ]),
        ]
      : []),
    family(
      'stethos_serve_requests_total',
      'counter',
      'Answers by path and status.',
      [...requests.entries()].map(([path, status, count]) => [`{path="${path}",status="${status}"}`, count]),
    ),
  ].join('');
}

/** A clock that was set back makes nothing younger than new. */
export const ageOf = (finishedAtMs: number, nowMs: number): number => Math.max(0, nowMs - finishedAtMs);

function family(
  name: string,
  type: 'counter' | 'gauge',
  help: string,
  samples: readonly (readonly [labels: string, value: number])[],
): string {
  if (samples.length === 0) return '';
  const lines = samples.map(([labels, value]) => `${name}${labels} ${value}\n`);
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join('')}`;
}
