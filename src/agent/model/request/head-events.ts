import { first } from '../../../net/http/answer.ts';
import type { AnswerHeaders } from '../../../net/http/answer.ts';
import type { RateLimitSnapshot } from '../../protocol/usage.ts';
import type { ModelEvent } from '../event.ts';

/**
 * What the head of an answer tells, in this order, before anything of its body (spec/transport.md 1.3). That of a
 * WebSocket is told with every response on it (trap 21).
 * @param snapshots what it says of rate limits; a WebSocket tells of them in frames
 */
export function headEvents(
  headers: AnswerHeaders,
  snapshots: readonly RateLimitSnapshot[],
): readonly ModelEvent[] {
  const model = first(headers, 'openai-model');
  const etag = first(headers, 'x-models-etag');
  const isReasoningIncluded = first(headers, 'x-reasoning-included') !== undefined;
  return [
    ...(model === undefined ? [] : [{ type: 'server_model', model } as const]),
    ...snapshots.map((snapshot) => ({ type: 'rate_limits', snapshot }) as const),
    ...(etag === undefined ? [] : [{ type: 'models_etag', etag } as const]),
    ...(isReasoningIncluded ? [{ type: 'server_reasoning_included' } as const] : []),
  ];
}
