import { randomUUID } from 'node:crypto';
import { FORMATS } from '../../reporters/formats.ts';
import type { Format } from '../../reporters/reporter.ts';
import type { Check } from '../doctor/check.ts';
import { createLimit } from '../host/limit.ts';
import type { PluginReference } from '../settings/settings.ts';
import { admit } from './admit.ts';
import type { Taken } from './admit.ts';
import { killLeftovers } from './leftovers.ts';
import { createPluginHost } from './plugin-host.ts';
import { pluginRow, rowIds } from './plugin-row.ts';
import { proxyCheck, proxyFormat, titleOf } from './proxies.ts';

export interface LoadPluginsOptions {
  /** The user's interrupt. */
  readonly signal: AbortSignal;
  /** Time for all of them to be loaded, milliseconds. */
  readonly timeoutMs: number;
  /** Ids that are taken: of built-in and of declared checks. A plugin's check may need them, and may not have one. */
  readonly knownIds: readonly string[];
  /** Time for a reporter to write its text, milliseconds; default 30 s. */
  readonly renderTimeoutMs?: number;
}

export interface LoadedPlugins {
  /** A row `plugin.<name>` for each plugin, then the checks that could be taken from it. */
  readonly checks: readonly Check[];
  /** By the name of the format; none is called as one of ours. */
  readonly reporters: Readonly<Record<string, Format>>;
  /** Which plugin each of the checks comes from, and where that is named: `acme 1.2.0 (--plugin)`. */
  readonly origins: ReadonlyMap<string, string>;
  /** Why plugins, or parts of them, were not loaded: sentences without a final stop. */
  readonly faults: readonly string[];
  /** Ends every process of the plugins, and what those have started. */
  close(): Promise<void>;
}

/** Each is a Node.js of its own: more of them only wait for the processors. */
const MOST_PROCESSES = 4;
/** A page for each check of the largest report takes less than one. */
const RENDER_MS = 30_000;

/**
 * Loads plugins, each in a process of its own, side by side. Never rejects: what cannot be loaded is a row.
 * @param references in the order of the report
 */
export async function loadPlugins(
  references: readonly PluginReference[],
  { signal, timeoutMs, knownIds, renderTimeoutMs = RENDER_MS }: LoadPluginsOptions,
): Promise<LoadedPlugins> {
  const mark = randomUUID();
  const limit = createLimit(MOST_PROCESSES);
  const hosts = references.map((reference) => createPluginHost(reference, { mark, limit }));
  const outcomes = await Promise.all(
    hosts.map(async (host) => ({ host, outcome: await host.load({ signal, timeoutMs }) })),
  );
  const ids = rowIds(references.map(({ specifier }) => specifier));
  const taken: Taken = { ids: new Set(knownIds), formats: new Set(Object.keys(FORMATS)) };
  const checks: Check[] = [];
  const reporters: [string, Format][] = [];
  const origins = new Map<string, string>();
  const faults: string[] = [];
  for (const [index, { host, outcome }] of outcomes.entries()) {
    const loaded = outcome.kind === 'loaded' ? outcome.manifest : undefined;
    const admission = loaded ? admit(loaded, taken) : { checks: [], reporters: [], refused: [] };
    checks.push(pluginRow(ids[index] ?? '', { reference: host.reference, outcome, admission }));
    const name = loaded ? titleOf(loaded) : host.reference.specifier;
    const refused = outcome.kind === 'faulty' ? [outcome.fault] : admission.refused;
    faults.push(...refused.map(({ message }) => `${name} ${message}`));
    if (!loaded) continue;
    const title = titleOf(loaded);
    for (const { id } of admission.checks) origins.set(id, `${title} (${host.reference.source.where})`);
    for (const offered of admission.checks) checks.push(proxyCheck(offered, title, host));
    for (const offered of admission.reporters)
      reporters.push([
        offered.name,
        proxyFormat(offered, { plugin: title, host, budgetMs: renderTimeoutMs }),
      ]);
  }
  return {
    checks,
    reporters: Object.fromEntries(reporters),
    origins,
    faults,
    close: async () => {
      await Promise.all(hosts.map((host) => host.close()));
      killLeftovers(mark);
    },
  };
}
