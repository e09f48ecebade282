import type { Check } from '../doctor/check.ts';
import type { ContextOptions } from '../doctor/context.ts';
import type { PluginReference } from '../settings/settings.ts';
import type { Format } from '../../reporters/reporter.ts';

export interface LoadPluginsOptions {
  readonly contextOptions: ContextOptions;
  /** The user's interrupt. */
  readonly signal: AbortSignal;
  /** Time for all of them to be loaded, milliseconds. */
  readonly timeoutMs: number;
  /** Ids that are taken: of built-in and of declared checks. A plugin's check may need them, and may not have one. */
  readonly knownIds: readonly string[];
}

export interface LoadedPlugins {
  /** A row `plugin.<name>` for each plugin, then the checks that could be taken from it. */
  readonly checks: readonly Check[];
  /** By the name of the format; none is called as one of ours. */
  readonly reporters: Readonly<Record<string, Format>>;
  /** Ends every process of the plugins, and what those have started. */
  close(): Promise<void>;
}

/**
 * Loads plugins, each in a process of its own, side by side. Never rejects: what cannot be loaded is a row.
 * @param references in the order of the report
 */
export async function loadPlugins(
  references: readonly PluginReference[],
  options: LoadPluginsOptions,
): Promise<LoadedPlugins> {
  void references;
  void options;
  return { checks: [], reporters: {}, close: async () => undefined };
}
