import type { Check } from '../../doctor/check.ts';
import { defineCheck } from '../../doctor/check.ts';
import { readDuration } from '../../host/duration.ts';
import type { DeclaredCheck, Source } from '../../settings/settings.ts';
import { nearest } from '../../target/config/suggest.ts';
import { decodeCheck } from './decode.ts';
import type { Problem } from './decode.ts';
import type { Place, Work } from './kind.ts';
import { command } from './kinds/command.ts';
import { env } from './kinds/env.ts';
import { file } from './kinds/file.ts';
import { http } from './kinds/http.ts';
import { sqlite } from './kinds/sqlite.ts';
import { version } from './kinds/version.ts';
import type { CheckSpec } from './vocabulary.ts';

/** A declaration that cannot be followed, and why. */
export interface DeclaredFault extends Problem {
  /** Where the table is written. */
  readonly source: Source;
  /** As far as it says one. */
  readonly id: string | undefined;
}

export interface DeclaredChecks {
  /** In the order in which they are declared. */
  readonly checks: readonly Check[];
  /** A gate with a check that is passed over would be no gate: with one of these, nothing should run. */
  readonly faults: readonly DeclaredFault[];
}

/** What a program or a server takes to notice that its time is up, before the row is given up instead. */
const MARGIN_MS = 1_000;
/** Explains the kinds; what a check is for is for its title and remedy to say. */
const PAGE = 'docs/declarative-checks.md';
/** A check that takes longer holds up every run. */
const MAX_TIMEOUT_MS = 300_000;

/**
 * Makes checks of the tables of `[[check]]`. Their results are like those of built-in checks. Nothing is run or opened
 * here.
 * @param known ids that are taken, and that `needs` may name: of built-in checks and of plugins
 */
export function declaredChecks(
  declared: readonly DeclaredCheck[],
  { known }: { readonly known: readonly string[] },
): DeclaredChecks {
  const ids = new Set(known);
  const checks: Check[] = [];
  const faults: DeclaredFault[] = [];
  for (const { table, from, source } of declared) {
    const decoded = decodeCheck(table);
    const problems = decoded.kind === 'faulty' ? decoded.problems : problemsOf(decoded.spec, ids);
    const id = typeof table['id'] === 'string' ? table['id'] : undefined;
    faults.push(...problems.map((problem) => ({ ...problem, source, id })));
    if (decoded.kind === 'faulty' || problems.length > 0) continue;
    ids.add(decoded.spec.id);
    checks.push(checkOf(decoded.spec, { from }));
  }
  return { checks, faults };
}

/** What one table alone cannot tell. */
function problemsOf({ id, needs, timeout }: CheckSpec, ids: ReadonlySet<string>): Problem[] {
  const timeoutMs = readDuration(timeout) ?? 0;
  return [
    ...(ids.has(id) ? [{ problem: `\`id\` is "${id}", and another check is called so already` }] : []),
    ...needs
      .filter((need) => !ids.has(need))
      .map((need) => {
        const near = nearest(need, ids);
        return {
          problem: `\`needs\` names ${need}, and no check of that id stands before this one`,
          ...(near !== undefined && { suggestion: near }),
        };
      }),
    ...(timeoutMs < 1 || timeoutMs > MAX_TIMEOUT_MS
      ? [{ problem: `\`timeout\` is "${timeout}"; expected is a time of 1ms to ${MAX_TIMEOUT_MS / 60_000}m` }]
      : []),
  ];
}

function checkOf(spec: CheckSpec, place: Place): Check {
  const { id, section, needs, timeout } = spec;
  const { title, probe, judge, network } = workOf(spec, place);
  return defineCheck({
    id,
    section,
    category: id.slice(id.lastIndexOf('.') + 1),
    title: spec.title ?? title,
    needs,
    budgetMs: (readDuration(timeout) ?? 0) + MARGIN_MS,
    docs: PAGE,
    ...(network && { network }),
    probe,
    judge,
  });
}

/** Evidence of any kind, handed from its own probe to its own judge. */
function workOf(spec: CheckSpec, place: Place): Work<unknown> {
  switch (spec.kind) {
    case 'command':
      return command(spec, place);
    case 'file':
      return file(spec, place);
    case 'http':
      return http(spec);
    case 'env':
      return env(spec);
    case 'version':
      return version(spec, place);
    case 'sqlite':
      return sqlite(spec, place);
  }
}
