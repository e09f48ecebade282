import type { ImageDetail } from '../protocol/item.ts';

/** What the core has to know of a model; from the provider's catalogue, or the fallback for unknown slugs. */
export interface ModelInfo {
  readonly slug: string;
  /** Tokens; undefined when nobody knows. */
  readonly contextWindow: number | undefined;
  /** Tokens; undefined: 90 % of the window. */
  readonly autoCompactTokenLimit: number | undefined;
  readonly supportsReasoningSummaries: boolean;
  readonly defaultEffort: string | undefined;
  readonly supportsVerbosity: boolean;
  /** What the model is asked for where nobody says anything else; absent: nothing is said. */
  readonly defaultVerbosity?: 'low' | 'medium' | 'high';
  readonly defaultSummary?: 'auto' | 'concise' | 'detailed' | 'none';
  readonly supportsParallelToolCalls: boolean;
  readonly supportsImageInput: boolean;
  /** Can hold back tools and look for them. */
  readonly supportsToolSearch: boolean;
  readonly serviceTiers: readonly string[];
  readonly usesResponsesLite: boolean;
  /** How much of a tool's output the model is shown. */
  readonly truncation: { readonly mode: 'bytes' | 'tokens'; readonly limit: number };
  /** As the model was trained to call it: free text, or a function with one string. */
  readonly applyPatch: 'freeform' | 'function' | 'none';
  readonly imageDetails: readonly ImageDetail[];
}
