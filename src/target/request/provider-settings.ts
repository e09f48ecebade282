import { isTable, tableAt } from '../config/facts.ts';
import type { ConfigTable } from '../config/facts.ts';

/**
 * The table of a provider with its values, secrets among them: `Provider` holds names only. Whoever reads here wraps
 * what may not be shown in a `Secret`.
 */
export function providerSettings(config: ConfigTable, id: string): ConfigTable {
  const providers = tableAt(config, 'model_providers') ?? {};
  // Not by key path: an id may hold dots.
  const table = Object.hasOwn(providers, id) ? providers[id] : undefined;
  return isTable(table) ? table : {};
}
