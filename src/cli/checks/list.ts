import { builtInChecks } from '../../../checks/index.ts';
import type { Check } from '../../doctor/check.ts';
import { EXIT } from '../../doctor/report.ts';
import { files } from '../../host/files.ts';
import { createRedactor } from '../../redact/redactor.ts';
import type { PluginReference, Settings } from '../../settings/settings.ts';
import { readSettings } from '../../settings/read-settings.ts';
import { faultText } from '../../settings/words.ts';
import type { Environment } from '../../target/home.ts';
import { redactionOfUser } from '../../target/redaction.ts';
import { columns } from '../columns.ts';
import { EXIT_DONE, EXIT_FAILED } from '../command.ts';
import { listenToInterrupt } from '../doctor/interrupt.ts';
import { declared } from '../doctor/checks.ts';
import { finish } from '../finish.ts';
import { UsageError } from '../usage-error.ts';
import type { ChecksArguments } from './options.ts';

/** A check as it is listed. */
interface ListedCheck extends Pick<Check, 'id' | 'section' | 'title'> {
  readonly kind: 'built-in' | 'declared' | 'plugin';
  /** Where it comes from, where that is not this program. */
  readonly from: string | null;
  readonly network: boolean;
  readonly needs: readonly string[];
}

/** Time for plugins to be loaded: that of a whole examination. */
const LOAD_MS = 30_000;
const INDENT = 2;

/** @throws UsageError where settings cannot be followed */
export async function listChecks(
  args: ChecksArguments,
  { env, cwd }: { readonly env: Environment; readonly cwd: string },
): Promise<never> {
  const signal = listenToInterrupt();
  const read = readSettings({ env, cwd, files, trustProject: args['trust-project'] });
  if (read.kind === 'faulty')
    throw new UsageError(
      read.faults.map(faultText).join('\n'),
      'stethos config check says what each key takes.',
    );
  const own = [...builtInChecks.map(builtIn), ...(await listDeclared(read.settings))];
  const references: readonly PluginReference[] = [
    ...args.plugin.map((specifier) => ({
      specifier,
      from: cwd,
      source: { kind: 'flag', where: '--plugin' } as const,
    })),
    ...read.settings.plugins,
  ];
  const { offered, faults } = await offeredBy(references, { knownIds: own.map(({ id }) => id), signal });
  if (signal.aborted) process.exit(EXIT.interrupted);
  const redactor = createRedactor(redactionOfUser({ env, cwd }, files));
  const shown = [...own, ...offered].map((check) => ({ ...redactor.value(check), id: check.id }));
  for (const fault of faults) process.stderr.write(`stethos: ${redactor.text(fault)}.\n`);
  finish(args.json ? asJson(shown) : await asText(shown), {
    exitCode: faults.length === 0 ? EXIT_DONE : EXIT_FAILED,
    what: 'the list',
    unwritten: EXIT_FAILED,
  });
}

const asJson = (listed: readonly ListedCheck[]): string =>
  `${JSON.stringify({ schemaVersion: 1, checks: listed }, undefined, INDENT)}\n`;

const asText = (listed: readonly ListedCheck[]): Promise<string> =>
  columns(listed.map(({ id, title, kind, from }) => [id, title, from === null ? kind : `${kind}: ${from}`]));

const listed = (check: Check, kind: ListedCheck['kind'], from: string | null = null): ListedCheck => {
  const { id, section, title, network = false, needs = [] } = check;
  return { id, section, title, kind, from, network, needs };
};

const builtIn = (check: Check): ListedCheck => listed(check, 'built-in');

async function listDeclared({ checks }: Settings): Promise<ListedCheck[]> {
  const places = new Map(checks.map(({ table, source }) => [table['id'], source.where]));
  return (await declared(checks)).map((check) => listed(check, 'declared', places.get(check.id)));
}

async function offeredBy(
  references: readonly PluginReference[],
  { knownIds, signal }: { readonly knownIds: readonly string[]; readonly signal: AbortSignal },
): Promise<{ readonly offered: readonly ListedCheck[]; readonly faults: readonly string[] }> {
  if (references.length === 0) return { offered: [], faults: [] };
  const { loadPlugins } = await import('../../plugins/load-plugins.ts');
  const loaded = await loadPlugins(references, {
    signal,
    timeoutMs: LOAD_MS,
    knownIds,
  });
  await loaded.close();
  const { checks, origins, faults } = loaded;
  // The row of a plugin itself is no check of anybody.
  const offered = checks.filter(({ id }) => origins.has(id));
  return { offered: offered.map((check) => listed(check, 'plugin', origins.get(check.id))), faults };
}
