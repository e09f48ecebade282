import { builtInChecks } from '../../checks/index.ts';
import { targetOf } from '../doctor/context.ts';
import type { ContextOptions } from '../doctor/context.ts';
import { examine as examineWith } from '../doctor/examine.ts';
import { createRegistry } from '../doctor/registry.ts';
import type { Registry } from '../doctor/registry.ts';
import type { Report } from '../doctor/report.ts';
import type { RunObserver } from '../doctor/runner.ts';
import type { SelectedChecks } from '../doctor/run-selected.ts';
import { selectChecks } from '../doctor/select.ts';
import { files } from '../host/files.ts';
import { knownSecrets } from '../target/known-secrets.ts';
import { rememberSecrets } from './secrets-of-reports.ts';

/** What is examined, and how; everything has a default, which is that of `stethos doctor`. */
export interface ExamineOptions {
  /** Default: the built-in checks. */
  readonly registry?: Registry;
  /** Default `auto`: the agent whose home exists, codex when several do. */
  readonly target?: ContextOptions['target'];
  /** The agent's home instead of the one that it would use. */
  readonly home?: string;
  /** Ids of checks, or globs over them; all when absent. */
  readonly only?: readonly string[];
  /** Wins over `only`. */
  readonly skip?: readonly string[];
  /** Talk to no other machine. */
  readonly offline?: boolean;
  /** Default true: run well-known helper programs such as git and rg, under the trust rule. */
  readonly exec?: boolean;
  /** Also try the real sandbox, start configured MCP servers and take a turn, which spends tokens. */
  readonly deep?: boolean;
  /** Default: that of this process. */
  readonly cwd?: string;
  /** The environment that the agent would have; default: that of this process. */
  readonly env?: ContextOptions['env'];
  /** Keys of the examined configuration to be taken otherwise, as `-c`, `--enable` and `--disable`. */
  readonly overrides?: Partial<ContextOptions['overrides']>;
  /** For the whole run, default 30 s. What has no answer by then is a row that says so. */
  readonly timeoutMs?: number;
  /** Ends the run early; rows without an answer say so. */
  readonly signal?: AbortSignal;
  /** Told what the run is doing; must not throw. */
  readonly observer?: RunObserver;
}

const DEFAULT_TIMEOUT_MS = 30_000;

/**
 * Examines the coding agent on this machine, as `stethos doctor` does: nothing in its home changes, and whatever is found
 * there is a row of the report, never an exception. The report may hold secrets until `redactReport` has seen it.
 * @throws RangeError for an `only` or `skip` that matches no check, so that a misspelt one does not look healthy
 */
export async function examine(options: ExamineOptions = {}): Promise<Report> {
  const { registry = builtInRegistry(), only = [], skip = [], observer } = options;
  const context = contextOf(options);
  const target = targetOf(context);
  const report = await examineWith(registry, {
    context,
    target,
    ...(await selected(registry, { only, skip })),
    timeoutMs: options.timeoutMs ?? DEFAULT_TIMEOUT_MS,
    signal: options.signal ?? new AbortController().signal,
    ...(observer && { observer }),
  });
  rememberSecrets(report, () => knownSecrets(target, files));
  return report;
}

function contextOf(options: ExamineOptions): ContextOptions {
  const { target = 'auto', home, cwd = process.cwd(), env = process.env, overrides } = options;
  const { offline = false, exec = true, deep = false } = options;
  return {
    target,
    home,
    cwd,
    env,
    overrides: { set: [], enable: [], disable: [], ...overrides },
    exec,
    deep,
    offline,
  };
}

async function selected(
  { checks }: Registry,
  wanted: { readonly only: readonly string[]; readonly skip: readonly string[] },
): Promise<SelectedChecks> {
  const known = checks.map(({ id }) => id);
  const selection = await selectChecks(known, wanted);
  if (selection.kind === 'selected') return { selected: selection.ids, unwanted: selection.unwanted };
  const { pattern, suggestion } = selection;
  throw new RangeError(
    `no check is called ${pattern}${suggestion === undefined ? '' : `; did you mean ${suggestion}?`}`,
  );
}

/** The checks that `stethos doctor` runs; add your own with `createRegistry([...builtInRegistry().checks, mine])`. */
export const builtInRegistry = (): Registry => createRegistry(builtInChecks);
