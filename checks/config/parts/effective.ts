import { isTable } from '../../../src/target/config/facts.ts';
import type { ConfigLayer, ConfigTable, ConfigValue } from '../../../src/target/config/facts.ts';
import { formatKeyPath } from '../../../src/target/config/key-path.ts';
import { layerName } from './place.ts';

/** A key that some layer sets. */
export interface SetKey {
  readonly keyPath: string;
  /** Names of the layers, lowest first: the last one decides. */
  readonly layers: readonly string[];
  /** Shown only where a value is a word of the agent's own or a model's name. */
  readonly value?: string;
}

/** Keys whose values are never secret and answer the first question a supporter asks. */
const HARMLESS: ReadonlySet<string> = new Set([
  'approval_policy',
  'approvals_reviewer',
  'cli_auth_credentials_store',
  'forced_login_method',
  'model',
  'model_provider',
  'model_reasoning_effort',
  'model_verbosity',
  'sandbox_mode',
  'web_search',
]);
/** A hostile file nests for ever; real settings do not. */
const MAX_DEPTH = 8;

/** Every key that the layers set, sorted, with the layers that do. */
export function setKeys(layers: readonly ConfigLayer[]): SetKey[] {
  const found = new Map<string, { layers: string[]; value: ConfigValue }>();
  for (const layer of layers)
    for (const [keyPath, value] of leaves(layer.values)) {
      const entry = found.get(keyPath);
      if (entry) {
        entry.layers.push(layerName(layer));
        entry.value = value;
      } else found.set(keyPath, { layers: [layerName(layer)], value });
    }
  return [...found]
    .map(([keyPath, entry]): SetKey => ({ keyPath, layers: entry.layers, ...shown(keyPath, entry.value) }))
    .toSorted((a, b) => (a.keyPath < b.keyPath ? -1 : 1));
}

const shown = (keyPath: string, value: ConfigValue): { readonly value?: string } =>
  HARMLESS.has(keyPath) && typeof value === 'string' && /^[\w.:/-]{1,60}$/.test(value) ? { value } : {};

function* leaves(
  table: ConfigTable,
  path: readonly string[] = [],
): Generator<readonly [string, ConfigValue]> {
  for (const [key, value] of Object.entries(table)) {
    const whole = [...path, key];
    if (isTable(value) && whole.length < MAX_DEPTH) yield* leaves(value, whole);
    else yield [formatKeyPath(whole), value];
  }
}
