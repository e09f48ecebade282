import type { JsonValue } from '../../../host/json.ts';
import type { TokenUsage } from '../../protocol/usage.ts';
import type { ModelEvent } from '../event.ts';
import { booleanAt, isObject, numberAt, objectAt, stringAt } from './json-parts.ts';

type Completed = Extract<ModelEvent, { readonly type: 'completed' }>;

/** The end of a response, from the `response` of `response.completed`; undefined without one. */
export function completedOf(
  response: JsonValue | undefined,
  upstreamRequestId: string | null,
): Completed | 'malformed' | undefined {
  if (response === undefined || response === null) return undefined;
  const responseId = stringAt(response, 'id');
  const usage = usageOf(isObject(response) ? response['usage'] : undefined);
  if (responseId === undefined || usage === 'malformed') return 'malformed';
  return {
    type: 'completed',
    responseId,
    upstreamRequestId,
    usage,
    endTurn: booleanAt(response, 'end_turn'),
  };
}

function usageOf(usage: JsonValue | undefined): TokenUsage | 'malformed' | undefined {
  if (usage === undefined || usage === null) return undefined;
  const input = numberAt(usage, 'input_tokens');
  const output = numberAt(usage, 'output_tokens');
  const total = numberAt(usage, 'total_tokens');
  if (input === undefined || output === undefined || total === undefined) return 'malformed';
  return {
    input_tokens: input,
    cached_input_tokens: numberAt(objectAt(usage, 'input_tokens_details'), 'cached_tokens') ?? 0,
    output_tokens: output,
    reasoning_output_tokens: numberAt(objectAt(usage, 'output_tokens_details'), 'reasoning_tokens') ?? 0,
    total_tokens: total,
  };
}
