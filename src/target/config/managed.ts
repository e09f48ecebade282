import { join } from 'node:path';
import type { Files } from '../../host/files.ts';
import type { Environment, Home } from '../home.ts';
import type { ConfigLayer, ConfigProblem, ConfigTable, ConfigValue } from './facts.ts';
import { isTable, valueAt } from './facts.ts';
import { describe } from './describe.ts';
import type { LoadedLayer } from './layer.ts';
import { readToml } from './toml/read.ts';

/** Where an administrator keeps configuration for all users of the machine. */
export function systemFolder(home: Home, env: Environment): string {
  return process.platform === 'win32'
    ? join(env['ProgramData'] ?? String.raw`C:\ProgramData`, 'OpenAI', 'Codex')
    : join('/etc', home.profile.id);
}

/** A list of allowed values, the key that it constrains, and what the agent takes when nobody chose. */
const CONSTRAINTS = [
  { list: 'allowed_approval_policies', key: 'approval_policy', fallback: 'on-request' },
  { list: 'allowed_sandbox_modes', key: 'sandbox_mode', fallback: undefined },
  { list: 'allowed_web_search_modes', key: 'web_search', fallback: undefined },
] as const;

/**
 * Reads `requirements.toml`: limits that hold whatever the user sets. Becomes a layer of the values that it forces.
 * @param effective merged over all other layers
 */
export function requirementsLayer({
  path,
  files,
  effective,
  sourceOf,
}: {
  path: string;
  files: Files;
  effective: ConfigTable;
  sourceOf: (key: string) => ConfigLayer | undefined;
}): LoadedLayer | undefined {
  const read = files.readText(path);
  if (read.kind === 'missing') return undefined;
  if (read.kind !== 'read') {
    const problem: ConfigProblem = {
      kind: 'unreadable',
      layer: 'managed',
      origin: path,
      readFault:
        read.kind === 'denied' ? 'permissions' : read.kind === 'wrong_type' ? 'wrong_type' : 'failed',
      message: 'the administrator’s requirements could not be read',
      fatal: read.kind !== 'dangling',
    };
    return {
      layer: { kind: 'managed', origin: path, state: 'unreadable', values: {} },
      written: {},
      problems: [problem],
    };
  }
  const { values: required, faults } = readToml(read.text);
  const problems = faults.map((fault): ConfigProblem => ({
    kind: 'malformed',
    layer: 'managed',
    origin: path,
    fatal: true,
    ...fault,
  }));
  const forced = new Map<string, ConfigValue>();
  if (isTable(required['features'])) forced.set('features', required['features']);
  for (const constraint of CONSTRAINTS) {
    const allowed = valueAt(required, constraint.list);
    const chosen = valueAt(effective, constraint.key);
    const value = chosen ?? constraint.fallback;
    if (!Array.isArray(allowed) || value === undefined || allowed.includes(value)) continue;
    const [first] = allowed;
    if (first === undefined) continue;
    forced.set(constraint.key, first);
    const source = sourceOf(constraint.key);
    // Nobody chose what the administrator forbids when only the default changes.
    if (chosen === undefined || !source) continue;
    problems.push({
      kind: 'shadowed_key',
      layer: source.kind,
      origin: source.origin,
      keyPath: constraint.key,
      message: `the administrator’s requirements (${path}) do not allow this value; the agent uses another`,
      found: describe(chosen),
      allowed: allowed.filter((word) => typeof word === 'string'),
      fatal: false,
    });
  }
  const state = faults.length === 0 ? 'loaded' : 'malformed';
  const layer: ConfigLayer = { kind: 'managed', origin: path, state, values: Object.fromEntries(forced) };
  return { layer, written: required, problems };
}
