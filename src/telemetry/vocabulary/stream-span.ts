import type { FactTime } from '../facts/fact.ts';
import type { InferenceFact } from '../facts/inference.ts';
import { GENAI } from './genai-names.ts';
import { contextAt, SPANS } from './speaker.ts';
import type { InferenceTold, Speaker, ThreadTold } from './speaker.ts';

type Ended = Extract<InferenceFact, { readonly type: 'inference_ended' }> & FactTime;

/** One span for the stream, with what came in it as counts: no span and no event per delta. */
export function recordStream(
  { api }: Speaker,
  { spans }: ThreadTold,
  { atMs, inferenceId, firstEventMs = 0, usage }: Ended,
  { startedAtMs, deltas, events }: InferenceTold,
): void {
  const parent = spans.find(SPANS.attempt(inferenceId)) ?? spans.find(SPANS.client(inferenceId));
  let deltaCount = 0;
  for (const { count } of deltas.values()) deltaCount += count;
  spans.record(
    'receiving_stream',
    {
      parent: contextAt(api, parent),
      atMs: Math.min(atMs, startedAtMs + firstEventMs),
      attributes: {
        'stream.event_count': events + deltaCount,
        'stream.delta_count': deltaCount,
        ...Object.fromEntries(
          [...deltas].flatMap(([kind, { count, durationMs }]) => [
            [`stream.deltas.${kind}.count`, count],
            [`stream.deltas.${kind}.duration_ms`, Math.round(durationMs)],
          ]),
        ),
        ...(usage && {
          [GENAI.inputTokens]: usage.input_tokens,
          [GENAI.cacheReadTokens]: usage.cached_input_tokens,
          [GENAI.outputTokens]: usage.output_tokens,
          'codex.usage.reasoning_output_tokens': usage.reasoning_output_tokens,
          'codex.usage.total_tokens': usage.total_tokens,
        }),
      },
    },
    { atMs },
  );
}
