import type { ModelInfo } from '../info.ts';

/** What is known of a model, its name aside. */
export type ModelFacts = Omit<ModelInfo, 'slug'>;

const WINDOW_TOKENS = 272_000;

/** Every current model; recorded from the catalogue inside of codex 0.169. */
const current: ModelFacts = {
  contextWindow: WINDOW_TOKENS,
  autoCompactTokenLimit: undefined,
  supportsReasoningSummaries: true,
  defaultEffort: 'medium',
  supportsVerbosity: true,
  defaultVerbosity: 'low',
  defaultSummary: 'none',
  supportsParallelToolCalls: true,
  supportsImageInput: true,
  supportsToolSearch: true,
  serviceTiers: ['priority'],
  usesResponsesLite: false,
  truncation: { mode: 'tokens', limit: 10_000 },
  applyPatch: 'freeform',
  imageDetails: ['auto', 'low', 'high', 'original'],
};

/** Those that reason by default as little as they can, and take their conversation in the short form. */
const lite: ModelFacts = { ...current, usesResponsesLite: true };

/** Before 5.5: no tools held back, and images in the usual sizes only. */
const earlier: ModelFacts = {
  ...current,
  defaultSummary: 'auto',
  supportsToolSearch: false,
  imageDetails: ['auto', 'low', 'high'],
};

/** Open weights, served by anybody. */
const open: ModelFacts = {
  ...earlier,
  contextWindow: 131_072,
  supportsReasoningSummaries: false,
  supportsVerbosity: false,
  supportsParallelToolCalls: false,
  supportsImageInput: false,
  serviceTiers: [],
  applyPatch: 'function',
  truncation: { mode: 'bytes', limit: 10_000 },
  imageDetails: [],
};

/**
 * A model that nobody knows. The window is not guessed: the provider says when a conversation is too long. The rest is
 * what codex 0.169 sends for such a name: tools in parallel, a summary of the reasoning, and no way to patch but a shell.
 */
export const UNKNOWN_MODEL: ModelFacts = {
  ...earlier,
  contextWindow: undefined,
  defaultEffort: undefined,
  supportsVerbosity: false,
  serviceTiers: [],
  truncation: { mode: 'bytes', limit: 10_000 },
  applyPatch: 'none',
};

/** Amazon serves two models, in one tier (spec/transport.md 3.5). */
const bedrock: ModelFacts = { ...current, serviceTiers: [] };

/** By the beginning of a name; the longest that fits counts, as in the real agent. */
export const KNOWN_MODELS: ReadonlyMap<string, ModelFacts> = new Map([
  ['gpt-6', lite],
  ['gpt-6.1-sol', { ...lite, defaultEffort: 'low' }],
  ['gpt-6.1-terra', { ...lite, defaultEffort: 'low', contextWindow: 500_000 }],
  ['gpt-6-astra', { ...lite, defaultEffort: 'low' }],
  ['gpt-5.6', lite],
  ['gpt-5.6-sol', { ...lite, defaultEffort: 'low' }],
  ['codex-auto-review', lite],
  ['gpt-5.5', current],
  ['gpt-5', earlier],
  ['gpt-5-codex', { ...earlier, supportsVerbosity: false, supportsParallelToolCalls: false }],
  ['gpt-5.1-codex', { ...earlier, supportsVerbosity: false, supportsParallelToolCalls: false }],
  ['gpt-5.2-codex', { ...earlier, supportsVerbosity: false }],
  ['gpt-5.3-codex', { ...earlier, supportsVerbosity: false }],
  ['gpt-oss', open],
  ['openai.gpt-5.5', bedrock],
  ['openai.gpt-5.4', { ...bedrock, supportsToolSearch: false }],
]);
