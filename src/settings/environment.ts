import type { Environment } from '../target/home.ts';
import { pathOf, SETTING_KEYS, TRUST_VARIABLE } from './keys.ts';
import type { SettingValue } from './keys.ts';
import { resolvePaths } from './paths.ts';
import type { Setting, SettingsFault } from './settings.ts';
import { acceptVariable } from './values.ts';
import type { Refused } from './values.ts';

export interface EnvironmentRead {
  /** By the key of the same meaning: `doctor.fail_on`. */
  readonly values: ReadonlyMap<string, Setting<SettingValue>>;
  readonly trustProject: boolean;
  readonly faults: readonly SettingsFault[];
}

/** Reads the `STETHOS_*` variables that stand for keys; an empty one says nothing. */
export function readEnvironment(env: Environment, cwd: string): EnvironmentRead {
  const values = new Map<string, Setting<SettingValue>>();
  const faults: SettingsFault[] = [];
  for (const key of SETTING_KEYS) {
    const text = env[key.variable];
    if (text === undefined || text === '') continue;
    const judged = acceptVariable(key.type, text);
    if (judged.kind === 'accepted')
      values.set(pathOf(key), {
        value: resolvePaths(key, judged.value, cwd),
        source: { kind: 'environment', where: key.variable },
      });
    else faults.push(faultOf(key.variable, judged));
  }
  const trust = acceptVariable({ kind: 'boolean' }, env[TRUST_VARIABLE] || '0');
  if (trust.kind === 'refused') faults.push(faultOf(TRUST_VARIABLE, trust));
  return { values, trustProject: trust.kind === 'accepted' && trust.value === true, faults };
}

const faultOf = (variable: string, { problem, suggestion }: Refused): SettingsFault => ({
  path: variable,
  problem: `${variable} ${problem}`,
  ...(suggestion !== undefined && { suggestion }),
});
