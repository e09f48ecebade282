import type { InferenceFact } from '../facts/inference.ts';
import { GENAI, GENERAL } from './genai-names.ts';
import { textOf } from './speaker.ts';
import type { InferenceTold, Speaker } from './speaker.ts';

type Ended = Extract<InferenceFact, { readonly type: 'inference_ended' }>;

/** What one call of a model comes to in numbers: time, and tokens by their kind. */
export function measureInference(
  speaker: Speaker,
  { attributes: known }: InferenceTold,
  { durationMs, firstEventMs, responseModel, usage }: Ended,
  error: string | undefined,
): void {
  const attributes = {
    ...known,
    ...(responseModel !== undefined && { [GENAI.responseModel]: textOf(speaker, responseModel) }),
  };
  const { genAi } = speaker.measurements;
  genAi('gen_ai.client.inference.duration', durationMs / 1000, {
    ...attributes,
    ...(error !== undefined && { [GENERAL.errorType]: error }),
  });
  if (firstEventMs !== undefined)
    genAi('gen_ai.client.inference.time_to_first_chunk', firstEventMs / 1000, attributes);
  // The API does not say of what kind tokens are; a failed call spends none that it told.
  const counted = { ...attributes, [GENAI.modality]: 'unknown' };
  genAi('gen_ai.client.inference.usage.input_tokens', usage?.input_tokens ?? 0, counted);
  genAi('gen_ai.client.inference.usage.output_tokens', usage?.output_tokens ?? 0, counted);
  if (!usage) return;
  genAi('gen_ai.client.inference.usage.cache_read.input_tokens', usage.cached_input_tokens, counted);
  genAi('gen_ai.client.inference.usage.reasoning.output_tokens', usage.reasoning_output_tokens, counted);
}
