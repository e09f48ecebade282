import type { Registry } from '../../doctor/registry.ts';
import type { SelectedChecks } from '../../doctor/run-selected.ts';
import { networkChecks, selectChecks } from '../../doctor/select.ts';
import type { SelectionResult } from '../../doctor/select.ts';
import { EXIT } from '../../doctor/report.ts';
import { print } from '../finish.ts';
import { UsageError } from '../usage-error.ts';

interface Selection {
  readonly only: readonly string[];
  readonly skip: readonly string[];
  readonly networkOnly: boolean;
  /** Why checks of plugins are missing, for who names one. */
  readonly faults?: readonly string[];
}

/** Ids of the checks that are to run, and of those that are not. @throws UsageError where a name is unknown or nothing is left */
export async function select(
  registry: Registry,
  { only, skip, networkOnly, faults = [] }: Selection,
): Promise<Required<SelectedChecks>> {
  const known = networkOnly ? networkChecks(registry.checks) : registry.checks.map((check) => check.id);
  const selection = await selectChecks(known, { only, skip });
  if (selection.kind === 'unknown') throw unknownCheck(selection, faults);
  if (selection.ids.size === 0)
    throw new UsageError('No check is left to run.', '--skip removes everything that --only names.');
  return { selected: selection.ids, unwanted: selection.unwanted };
}

/** Prints the selected checks, one a line. */
export function list(registry: Registry, selected: ReadonlySet<string>): void {
  const checks = registry.checks.filter((check) => selected.has(check.id));
  const width = Math.max(...checks.map((check) => check.id.length));
  print(checks.map((check) => `${check.id.padEnd(width)}  ${check.title}\n`).join(''), {
    what: 'the list',
    unwritten: EXIT.incomplete,
  });
}

function unknownCheck(
  { pattern, suggestion }: Extract<SelectionResult, { kind: 'unknown' }>,
  faults: readonly string[],
): UsageError {
  const guess = suggestion ? `Did you mean ${suggestion}?` : 'stethos doctor --list names them all.';
  return new UsageError(`No check is called ${pattern}.`, [...faults, guess].join('\n'));
}
