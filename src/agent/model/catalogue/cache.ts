import { join } from 'node:path';
import type { Files } from '../../../host/files.ts';
import { record } from '../../../target/credentials/token.ts';
import type { ModelFacts } from './known.ts';
import { readModels } from './read-models.ts';

/** The real agent asks anew after this time. */
const FRESH_MS = 5 * 60_000;
/** A real one, with the instructions of each model, has some hundred kilobytes. */
const MAX_BYTES = 8 * 1024 * 1024;

export interface CachedModels {
  readonly models: ReadonlyMap<string, ModelFacts>;
  readonly etag: string | undefined;
}

/**
 * The list that a real agent left in `models_cache.json` (codex 0.169: `fetched_at`, `etag`, `client_version`, `identity`,
 * `models`), if it is fresh and was given to the same version. Nothing is written there: `identity` is a hash of the
 * account and address that only the real agent can make.
 */
export function readModelsCache(
  home: string,
  {
    files,
    nowMs,
    clientVersion,
  }: { readonly files: Files; readonly nowMs: number; readonly clientVersion: string },
): CachedModels | undefined {
  const read = files.readText(join(home, 'models_cache.json'), { maxBytes: MAX_BYTES });
  if (read.kind !== 'read' || read.truncated) return undefined;
  const cache = record(parsed(read.text));
  const fetchedAt = cache?.['fetched_at'];
  const ageMs = typeof fetchedAt === 'string' ? nowMs - Date.parse(fetchedAt) : Number.NaN;
  if (!(ageMs >= 0 && ageMs < FRESH_MS) || cache?.['client_version'] !== clientVersion) return undefined;
  const etag = cache['etag'];
  return { models: readModels(cache), etag: typeof etag === 'string' ? etag : undefined };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
