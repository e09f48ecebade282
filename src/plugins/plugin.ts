import type { Check } from '../doctor/check.ts';
import type { RedactedReport } from '../doctor/report.ts';
import type { Style } from '../../reporters/reporter.ts';

/** The version of this contract. A plugin of another one is not loaded; its row says so. */
export const PLUGIN_API = 1;

/** An output format of a plugin: `--format NAME`. It never sees anything that was not redacted. */
export interface PluginReporter {
  readonly description: string;
  render(report: RedactedReport, style: Style): string | Promise<string>;
}

/**
 * What a package or file exports as its default to be loaded with `--plugin`. A check alone, from `defineCheck`, is a
 * plugin too. Its code runs in a process of its own: whatever it does there is at most a bad row of the report.
 */
export interface Plugin {
  readonly api: typeof PLUGIN_API;
  readonly name: string;
  readonly version?: string;
  readonly checks?: readonly Check[];
  readonly reporters?: Readonly<Record<string, PluginReporter>>;
}

export function definePlugin(plugin: Plugin): Plugin {
  return plugin;
}
