import type { ModelInfo } from '../info.ts';
import { KNOWN_MODELS, UNKNOWN_MODEL } from './known.ts';
import type { ModelFacts } from './known.ts';

/**
 * What is known of a model: from the server's list by its exact name, by the beginning of a name, the longest first, and
 * once more without a maker's name before a slash (`maker/gpt-5.5`). Measured on codex 0.169, where `gpt-5.5-mini` and
 * `foo/gpt-5.5` get what is known of `gpt-5.5`.
 */
export function lookUp(slug: string, listed: ReadonlyMap<string, ModelFacts>): ModelInfo {
  const names = slug.includes('/') ? [slug, slug.slice(slug.lastIndexOf('/') + 1)] : [slug];
  for (const name of names) {
    const found = listed.get(name) ?? byBeginning(name, listed) ?? byBeginning(name, KNOWN_MODELS);
    if (found) return { slug, ...found };
  }
  return { slug, ...UNKNOWN_MODEL };
}

function byBeginning(name: string, models: ReadonlyMap<string, ModelFacts>): ModelFacts | undefined {
  let best: readonly [string, ModelFacts] | undefined;
  for (const entry of models)
    if (name.startsWith(entry[0]) && entry[0].length > (best?.[0].length ?? 0)) best = entry;
  return best?.[1];
}
