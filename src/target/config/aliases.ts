import { isTable } from './facts.ts';
import type { ConfigTable } from './facts.ts';

/** Second spellings of a provider's keys that the embedded core takes (DECISIONS 9); codex knows the first alone. */
const PROVIDER_ALIASES: ReadonlyMap<string, string> = new Map([
  ['websocket_startup_timeout_ms', 'websocket_connect_timeout_ms'],
]);

/** The values of a layer with every alias under its own name; where both are set, the alias is left as it stands. */
export function withAliases(values: ConfigTable): ConfigTable {
  const providers = values['model_providers'];
  if (!isTable(providers)) return values;
  const renamed = Object.entries(providers).map(([id, provider]) => [
    id,
    isTable(provider) ? renameKeys(provider) : provider,
  ]);
  return { ...values, model_providers: Object.fromEntries(renamed) as ConfigTable };
}

function renameKeys(table: ConfigTable): ConfigTable {
  const entries = Object.entries(table).map(([key, value]) => {
    const own = PROVIDER_ALIASES.get(key);
    return [own === undefined || Object.hasOwn(table, own) ? key : own, value];
  });
  return Object.fromEntries(entries) as ConfigTable;
}
