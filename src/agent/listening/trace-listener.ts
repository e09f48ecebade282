import { resolve } from 'node:path';
import type { Listener, ListenerPlace } from './listeners.ts';

/** Ours, and the one of the real agent. */
const ROOT_VARIABLES = ['STETHOS_ROLLOUT_TRACE_ROOT', 'CODEX_ROLLOUT_TRACE_ROOT'] as const;

/** The folder that a rollout trace is written to; undefined where nobody names one. */
export const traceRootOf = ({ env, cwd }: Pick<ListenerPlace, 'env' | 'cwd'>): string | undefined => {
  const root = ROOT_VARIABLES.map((name) => env[name]?.trim()).find(Boolean);
  return root === undefined ? undefined : resolve(cwd, root);
};

/** Rollout traces, where the environment names a folder for them (spec/observability.md 5). */
export async function openTraceListener(place: ListenerPlace): Promise<Listener | undefined> {
  const root = traceRootOf(place);
  if (root === undefined) return undefined;
  const { createTraceRecorder } = await import('../../trace/record/recorder.ts');
  const { clock, ids, onWarning } = place;
  return { observer: createTraceRecorder({ root, clock, ids, onWarning }) };
}
