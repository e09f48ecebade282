import { builtInChecks } from '../../../checks/index.ts';
import { FORMATS } from '../../../reporters/formats.ts';
import type { Format } from '../../../reporters/reporter.ts';
import type { Check } from '../../doctor/check.ts';
import type { ContextOptions } from '../../doctor/context.ts';
import { createRegistry } from '../../doctor/registry.ts';
import type { Registry } from '../../doctor/registry.ts';
import type { DeclaredCheck, PluginReference, Settings } from '../../settings/settings.ts';
import { UsageError } from '../usage-error.ts';

/** Everything that a run can use: our own checks and formats, those of settings files, those of plugins. */
export interface Assembly {
  readonly registry: Registry;
  readonly formats: Readonly<Record<string, Format>>;
  /** Why something of a plugin is not there, in words. */
  readonly faults: readonly string[];
  /** Ends what plugins run in. */
  readonly close: () => Promise<void>;
}

interface Assembling {
  readonly settings: Pick<Settings, 'checks' | 'plugins'>;
  /** As `--plugin` names them. */
  readonly plugins: readonly string[];
  readonly context: ContextOptions;
  readonly signal: AbortSignal;
  /** Time for plugins to be loaded, milliseconds. */
  readonly timeoutMs: number;
}

/**
 * Puts the registry together: our own checks, then declared ones, then those of plugins. Nothing is loaded for what there
 * is none of.
 * @throws UsageError where a declared check cannot be followed: a gate that passes over one would be no gate
 */
export async function assemble({
  settings,
  plugins,
  context,
  signal,
  timeoutMs,
}: Assembling): Promise<Assembly> {
  const own = [...builtInChecks, ...(await declared(settings.checks))];
  const references: readonly PluginReference[] = [
    ...plugins.map((specifier) => ({
      specifier,
      from: context.cwd,
      source: { kind: 'flag', where: '--plugin' } as const,
    })),
    ...settings.plugins,
  ];
  if (references.length === 0)
    return { registry: createRegistry(own), formats: FORMATS, faults: [], close: async () => undefined };
  const { loadPlugins } = await import('../../plugins/load-plugins.ts');
  const knownIds = own.map(({ id }) => id);
  const loaded = await loadPlugins(references, { signal, timeoutMs, knownIds });
  return {
    registry: createRegistry([...own, ...loaded.checks]),
    formats: { ...FORMATS, ...loaded.reporters },
    faults: loaded.faults,
    close: () => loaded.close(),
  };
}

export async function declared(tables: readonly DeclaredCheck[]): Promise<readonly Check[]> {
  if (tables.length === 0) return [];
  const { declaredChecks } = await import('../../plugins/declarative/declared-checks.ts');
  const { checks, faults } = declaredChecks(tables, { known: builtInChecks.map(({ id }) => id) });
  if (faults.length === 0) return checks;
  const lines = faults.map(
    ({ source, problem, suggestion }) =>
      `${source.where}: ${problem}.${suggestion === undefined ? '' : ` Did you mean ${suggestion}?`}`,
  );
  throw new UsageError(lines.join('\n'), 'docs/declarative-checks.md has an example of each kind.');
}
