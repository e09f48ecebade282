import type { UnauthorizedRecovery } from '../../auth/recovery.ts';
import type { ModelProvider } from '../../provider/provider.ts';
import type { ModelInfo } from '../info.ts';

/** A window as current models have it. */
const CONTEXT_WINDOW_TOKENS = 272_000;
const TOOL_OUTPUT_BYTES = 10_000;

const noRecovery: UnauthorizedRecovery = {
  mode: 'none',
  phase: 'none',
  next: async () => ({ outcome: 'recovery_not_run', reason: 'auth_manager_missing' }),
};

/** What the core asks of a provider, answered for a scripted model: nothing is to be reached and nobody to log in to. */
export function scriptedProvider(
  overrides: Partial<ModelProvider> & { readonly model?: Partial<ModelInfo> } = {},
): ModelProvider {
  const { model, ...provider } = overrides;
  return {
    id: 'scripted',
    name: 'Scripted',
    supportsWebsockets: false,
    isAzure: false,
    limits: {
      requestMaxRetries: 0,
      streamMaxRetries: 0,
      streamIdleTimeoutMs: 300_000,
      websocketConnectTimeoutMs: 15_000,
    },
    capabilities: { namespaceTools: true, imageGeneration: false, webSearch: false },
    resolve: async () => ({
      baseUrl: 'script:',
      queryParameters: {},
      headers: {},
      auth: { mode: undefined, usesChatgptBackend: false, headers: {} },
    }),
    recovery: () => noRecovery,
    modelInfo: (slug) => ({ ...scriptedModelInfo(slug), ...model }),
    noteModelsEtag: () => undefined,
    ...provider,
  };
}

const scriptedModelInfo = (slug: string): ModelInfo => ({
  slug,
  contextWindow: CONTEXT_WINDOW_TOKENS,
  autoCompactTokenLimit: undefined,
  supportsReasoningSummaries: true,
  defaultEffort: 'medium',
  supportsVerbosity: true,
  supportsParallelToolCalls: true,
  supportsImageInput: true,
  supportsToolSearch: false,
  serviceTiers: [],
  usesResponsesLite: false,
  truncation: { mode: 'bytes', limit: TOOL_OUTPUT_BYTES },
  applyPatch: 'freeform',
  imageDetails: ['auto', 'low', 'high', 'original'],
});
