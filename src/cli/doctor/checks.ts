import { builtInChecks } from '../../../checks/index.ts';
import { FORMATS } from '../../../reporters/formats.ts';
import type { Format } from '../../../reporters/reporter.ts';
import type { ContextOptions } from '../../doctor/context.ts';
import { createRegistry } from '../../doctor/registry.ts';
import type { Registry } from '../../doctor/registry.ts';
import type { PluginReference, Settings } from '../../settings/settings.ts';

/** Everything that a run can use: our own checks and formats, those of settings files, those of plugins. */
export interface Assembly {
  readonly registry: Registry;
  readonly formats: Readonly<Record<string, Format>>;
  /** Ends what plugins run in. */
  readonly close: () => Promise<void>;
}

interface Assembling {
  readonly settings: Pick<Settings, 'plugins'>;
  /** As `--plugin` names them. */
  readonly plugins: readonly string[];
  readonly context: ContextOptions;
  readonly signal: AbortSignal;
  /** Time for plugins to be loaded, milliseconds. */
  readonly timeoutMs: number;
}

/** Puts the registry together. Nothing of plugins is loaded where there are none. */
export async function assemble({
  settings,
  plugins,
  context,
  signal,
  timeoutMs,
}: Assembling): Promise<Assembly> {
  const references: readonly PluginReference[] = [
    ...plugins.map((specifier) => ({
      specifier,
      from: context.cwd,
      source: { kind: 'flag', where: '--plugin' } as const,
    })),
    ...settings.plugins,
  ];
  const own = builtInChecks;
  if (references.length === 0)
    return { registry: createRegistry(own), formats: FORMATS, close: async () => undefined };
  const { loadPlugins } = await import('../../plugins/load-plugins.ts');
  const loaded = await loadPlugins(references, {
    contextOptions: context,
    signal,
    timeoutMs,
    knownIds: own.map(({ id }) => id),
  });
  return {
    registry: createRegistry([...own, ...loaded.checks]),
    formats: { ...FORMATS, ...loaded.reporters },
    close: () => loaded.close(),
  };
}
