import { join } from 'node:path';
import type { RolloutTrace } from './model/trace.ts';
import { apply } from './reduce/apply.ts';
import { completeTrace } from './reduce/complete.ts';
import { newDraft } from './reduce/draft.ts';
import { readEvents } from './reduce/event-log.ts';
import { TraceFault } from './reduce/fault.ts';
import { readManifest } from './reduce/open-bundle.ts';
import { openPayloads } from './reduce/payload-store.ts';

export interface ReduceOptions {
  /**
   * Takes a trace whose agent died while it wrote: what stands behind the last whole event is left out, and told in
   * {@link Reduced.leftOut}. Default: no, an incomplete last line is an error (trap 24).
   */
  readonly tolerant?: boolean;
}

export interface Reduced {
  readonly trace: RolloutTrace;
  /** Only with `tolerant`: what was not reduced, and why. */
  readonly leftOut?: { readonly line: number; readonly reason: string };
}

/**
 * Turns the events of a bundle into its model (spec/observability.md 5). Reads the log line by line, and of the payloads
 * those that it needs. The bundle is not changed, and nothing outside of it is opened.
 * @param bundle the folder with `manifest.json`
 * @throws TraceFault for what breaks a promise of the format
 */
export async function reduceTrace(
  bundle: string,
  { tolerant = false }: ReduceOptions = {},
): Promise<Reduced> {
  const { manifestSchema, rawEventSchema } = await import('./event/schema.ts');
  const manifest = readManifest(bundle, manifestSchema);
  const draft = newDraft(
    {
      trace_id: manifest.trace_id,
      rollout_id: manifest.rollout_id,
      started_at_unix_ms: manifest.started_at_unix_ms,
      ended_at_unix_ms: null,
      status: 'running',
      recording_complete: false,
      root_thread_id: manifest.root_thread_id,
    },
    openPayloads(bundle, manifest.payloads_dir),
  );
  const { brokenTail } = await readEvents(join(bundle, manifest.raw_event_log), {
    schema: rawEventSchema,
    rolloutId: manifest.rollout_id,
    onEvent: (event) => apply(draft, event),
  });
  if (brokenTail && !tolerant) throw new TraceFault('malformed_line', brokenTail.reason, brokenTail.line);
  return { trace: completeTrace(draft), ...(brokenTail && { leftOut: brokenTail }) };
}
