import { once } from '../../../host/once.ts';
import type { Provider } from '../../../target/provider/facts.ts';
import type { ModelProviderOptions } from '../../provider/options.ts';
import type { RequestAuth, ResolvedProvider } from '../../provider/provider.ts';
import type { ModelInfo } from '../info.ts';
import { askForModels, MODELS_TIMEOUT_MS } from './ask-for-models.ts';
import type { ModelsAnswer } from './ask-for-models.ts';
import { readModelsCache } from './cache.ts';
import { lookUp } from './look-up.ts';

export interface Catalogue {
  /** Answers at once, with what is known by now. */
  modelInfo(slug: string): ModelInfo;
  /** Asks for the list if this is another one than ours, in the background. */
  noteEtag(etag: string): void;
  /** Asks for the list, once, where the server has one for us. In the background. */
  refreshWhereServed(auth: RequestAuth): void;
}

export interface CatalogueOptions extends ModelProviderOptions {
  readonly provider: Provider;
  readonly resolve: () => Promise<ResolvedProvider>;
  /** Default: the agent's own limit. */
  readonly timeoutMs?: number;
}

/**
 * What is known of models: a table, over it the list that a real agent left in the home, over it the list of the server.
 * No turn waits for it. Amazon has no list, and its table is all.
 */
export function createCatalogue(options: CatalogueOptions): Catalogue {
  const { target, files, clock, client, provider, resolve, signal } = options;
  const hasList = provider.aws === undefined;
  const cached = once(() =>
    // Whose list it is cannot be told, so it counts only where it can be but one.
    provider.id === 'openai' && provider.baseUrl === undefined
      ? readModelsCache(target.home.path, { files, nowMs: clock.now(), clientVersion: client.version })
      : undefined,
  );
  let answer: ModelsAnswer | undefined;
  let asking: Promise<void> | undefined;
  let hasAsked = false;

  const known = (): ModelsAnswer | undefined => answer ?? cached();
  const ask = async (): Promise<void> => {
    const resolved = await resolve().catch(() => undefined);
    if (!resolved || signal?.aborted) return;
    const timeoutMs = options.timeoutMs ?? MODELS_TIMEOUT_MS;
    answer = (await askForModels(resolved, { ...options, timeoutMs })) ?? answer;
  };
  const askInBackground = (): void => {
    if (!hasList || asking || signal?.aborted) return;
    hasAsked = true;
    // Never rejects: what fails is told to the observer, and the table stays.
    asking = ask().finally(() => {
      asking = undefined;
    });
  };
  let noted: string | undefined;

  return {
    modelInfo: (slug) => lookUp(slug, known()?.models ?? new Map()),
    noteEtag: (etag) => {
      if (etag === known()?.etag || etag === noted) return;
      noted = etag;
      askInBackground();
    },
    // With an API key or without any the real agent does not ask either (measured on codex 0.169).
    refreshWhereServed: (auth) => {
      const isServed = auth.usesChatgptBackend || provider.authCommand !== undefined;
      if (isServed && !hasAsked && !cached()) askInBackground();
    },
  };
}
