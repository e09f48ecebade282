import { builtInChecks } from '../../../checks/index.ts';
import type { Registry } from '../../doctor/registry.ts';
import { nearest, networkChecks, selectChecks } from '../../doctor/select.ts';
import { UsageError } from '../usage-error.ts';

interface Selection {
  readonly only: readonly string[];
  readonly skip: readonly string[];
  readonly networkOnly: boolean;
}

/** Ids of the checks that are to run. @throws UsageError where a name is unknown or nothing is left */
export async function select(
  registry: Registry,
  { only, skip, networkOnly }: Selection,
): Promise<ReadonlySet<string>> {
  const known = networkOnly ? networkChecks(registry.checks) : registry.checks.map((check) => check.id);
  const selection = await selectChecks(known, { only, skip });
  if (selection.kind === 'unknown') throw unknownCheck(selection.pattern, selection.suggestion);
  if (selection.ids.size === 0)
    throw new UsageError('No check is left to run.', '--skip removes everything that --only names.');
  return selection.ids;
}

/** Prints the selected checks, one a line. */
export function list(registry: Registry, selected: ReadonlySet<string>): void {
  const checks = registry.checks.filter((check) => selected.has(check.id));
  const width = Math.max(...checks.map((check) => check.id.length));
  process.stdout.write(checks.map((check) => `${check.id.padEnd(width)}  ${check.title}\n`).join(''));
}

/** Prints the page of a check. @throws UsageError for an unknown one */
export async function explain(id: string): Promise<void> {
  const ids = builtInChecks.map((check) => check.id);
  if (!ids.includes(id)) throw unknownCheck(id, nearest(id, ids));
  const { readFile } = await import('node:fs/promises');
  const { packageFile } = await import('../package-file.ts');
  process.stdout.write(await readFile(packageFile(`docs/checks/${id}.md`), 'utf8'));
}

function unknownCheck(pattern: string, suggestion: string | undefined): UsageError {
  return new UsageError(
    `No check is called ${pattern}.`,
    suggestion ? `Did you mean ${suggestion}?` : 'stethos doctor --list names them all.',
  );
}
