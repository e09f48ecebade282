import { record } from '../../../target/credentials/token.ts';
import { UNKNOWN_MODEL } from './known.ts';
import type { ModelFacts } from './known.ts';

type Fields = Readonly<Record<string, unknown>>;

/**
 * The models of an answer to `GET models`, or of the cache of one, as codex 0.169 reads and writes them. Whatever is
 * missing or of another type counts as unknown; an entry without a name is left out.
 */
export function readModels(json: unknown): ReadonlyMap<string, ModelFacts> {
  const list = record(json)?.['models'];
  const models = new Map<string, ModelFacts>();
  for (const entry of Array.isArray(list) ? list : []) {
    const fields = record(entry);
    const slug = fields && text(fields['slug']);
    if (fields && slug) models.set(slug, factsOf(fields));
  }
  return models;
}

function factsOf(fields: Fields): ModelFacts {
  const verbosity = oneOf(fields['default_verbosity'], ['low', 'medium', 'high']);
  const summary = oneOf(fields['default_reasoning_summary'], ['auto', 'concise', 'detailed', 'none']);
  return {
    contextWindow: positive(fields['context_window']),
    autoCompactTokenLimit: positive(fields['auto_compact_token_limit']),
    supportsReasoningSummaries: fields['supports_reasoning_summaries'] !== false,
    defaultEffort: text(fields['default_reasoning_level']),
    supportsVerbosity: fields['support_verbosity'] === true,
    ...(verbosity && { defaultVerbosity: verbosity }),
    ...(summary && { defaultSummary: summary }),
    supportsParallelToolCalls: fields['supports_parallel_tool_calls'] !== false,
    supportsImageInput:
      !Array.isArray(fields['input_modalities']) || fields['input_modalities'].includes('image'),
    supportsToolSearch: fields['supports_search_tool'] === true,
    serviceTiers: tiersOf(fields['service_tiers']),
    usesResponsesLite: fields['use_responses_lite'] === true,
    truncation: truncationOf(fields['truncation_policy']),
    applyPatch: oneOf(fields['apply_patch_tool_type'], ['freeform', 'function']) ?? 'none',
    imageDetails:
      fields['supports_image_detail_original'] === true
        ? ['auto', 'low', 'high', 'original']
        : ['auto', 'low', 'high'],
  };
}

function tiersOf(value: unknown): string[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((tier) => text(record(tier)?.['id']) ?? []);
}

function truncationOf(value: unknown): ModelFacts['truncation'] {
  const fields = record(value);
  const mode = oneOf(fields?.['mode'], ['bytes', 'tokens']);
  const limit = positive(fields?.['limit']);
  return mode && limit ? { mode, limit } : UNKNOWN_MODEL.truncation;
}

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

const positive = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : undefined;

const oneOf = <const Word extends string>(value: unknown, words: readonly Word[]): Word | undefined =>
  words.find((word) => word === value);
