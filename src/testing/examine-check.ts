import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import type { Check } from '../doctor/check.ts';
import { createContext } from '../doctor/context.ts';
import type { ContextOptions } from '../doctor/context.ts';
import type { CheckResult } from '../doctor/report.ts';
import { runChecks } from '../doctor/runner.ts';
import { isBelow } from '../host/inside.ts';

export interface ExaminedPlace {
  /** Files of the agent's home, by their paths in it: `{ 'config.toml': 'model = "x"' }`. */
  readonly home?: Readonly<Record<string, string | Uint8Array>>;
  /** Files of the project in which the agent is started; empty by default. */
  readonly project?: Readonly<Record<string, string | Uint8Array>>;
  /** The environment that is examined: nothing of this process is in it. */
  readonly env?: Readonly<Record<string, string>>;
  /** What differs from the default: `codex` is examined, offline, and no helper program is run. */
  readonly options?: Partial<Omit<ContextOptions, 'home' | 'cwd' | 'env'>>;
}

const NO_OVERRIDES = { set: [], enable: [], disable: [] };

/**
 * Runs one check, as `stethos doctor` would, against a home that is made for it and removed again. What the check
 * `needs` is not run: it is taken for healthy. A check that says `network: true` is skipped unless `offline` is false.
 * @throws TypeError for a path that leads out of its folder
 */
export async function examineCheck<Evidence>(
  check: Check<Evidence>,
  { home = {}, project = {}, env = {}, options = {} }: ExaminedPlace = {},
): Promise<CheckResult> {
  const root = await mkdtemp(join(tmpdir(), 'stethos-check-'));
  try {
    const [homeFolder, cwd, userFolder] = [join(root, 'home'), join(root, 'project'), join(root, 'user')];
    await mkdir(userFolder);
    await Promise.all([write(homeFolder, home), write(cwd, project)]);
    const context = createContext({
      target: 'codex',
      overrides: NO_OVERRIDES,
      exec: false,
      deep: false,
      offline: true,
      ...options,
      home: homeFolder,
      cwd,
      env: { HOME: userFolder, ...env },
    });
    const { results } = await runChecks([check], context, {
      timeoutMs: check.budgetMs + MARGIN_MS,
      signal: new AbortController().signal,
    });
    const [result] = results;
    if (!result) throw new TypeError(`${check.id} has no row`);
    return result;
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

/** The budget of the check itself is what ends it. */
const MARGIN_MS = 60_000;

async function write(folder: string, contents: Readonly<Record<string, string | Uint8Array>>): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [path, content] of Object.entries(contents)) {
    const file = join(folder, path);
    if (isAbsolute(path) || !isBelow(file, folder))
      throw new TypeError(`${path} leads out of its folder: name files by their paths in it`);
    // oxlint-disable-next-line no-await-in-loop -- a later file may stand in the folder of an earlier one
    await mkdir(dirname(file), { recursive: true });
    // oxlint-disable-next-line no-await-in-loop -- as above
    await writeFile(file, content);
  }
}
