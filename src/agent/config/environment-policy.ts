import { booleanAt, stringAt, tableAt, valueAt } from '../../target/config/facts.ts';
import type { ConfigFacts, ConfigValue } from '../../target/config/facts.ts';
import type { EnvironmentPolicy } from '../tools/terminal/inherited.ts';

/**
 * `shell_environment_policy`. By default commands get everything, names of secrets among it; `filters` is the newer
 * spelling of `exclude` and `include_only` (both measured on codex 0.169).
 */
export function environmentPolicyOf({ effective }: ConfigFacts): EnvironmentPolicy {
  const policy = tableAt(effective, 'shell_environment_policy') ?? {};
  const inherit = stringAt(policy, 'inherit');
  const filters = Object.entries(tableAt(policy, 'filters') ?? {});
  const filtered = (word: string): string[] =>
    filters.flatMap(([pattern, value]) => (value === word ? [pattern] : []));
  return {
    inherit: inherit === 'core' || inherit === 'none' ? inherit : 'all',
    dropsSecrets: booleanAt(policy, 'ignore_default_excludes') === false,
    exclude: [...textsOf(valueAt(policy, 'exclude')), ...filtered('exclude')],
    set: Object.fromEntries(
      Object.entries(tableAt(policy, 'set') ?? {}).flatMap(([name, value]) =>
        typeof value === 'string' ? [[name, value]] : [],
      ),
    ),
    includeOnly: [...textsOf(valueAt(policy, 'include_only')), ...filtered('include')],
  };
}

const textsOf = (value: ConfigValue | undefined): string[] =>
  Array.isArray(value) ? value.filter((text) => typeof text === 'string') : [];
