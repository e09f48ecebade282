import { join } from 'node:path';
import type { Files } from '../../host/files.ts';
import type { Environment, Home } from '../home.ts';
import type { ConfigLayer, ConfigProblem, ConfigTable, ConfigValue } from './facts.ts';
import { isTable, valueAt } from './facts.ts';
import { describe } from './check-shape.ts';
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
  const forced: [string, ConfigValue][] = [];
  const features = required['features'];
  if (isTable(features)) forced.push(['features', features]);
  for (const { list, key, fallback } of CONSTRAINTS) {
    const allowed = valueAt(required, list);
    if (!Array.isArray(allowed) || allowed.length === 0) continue;
    const chosen = valueAt(effective, key);
    const [first] = allowed;
    if (
      first === undefined ||
      (chosen ?? fallback) === undefined ||
      allowed.includes(chosen ?? fallback ?? '')
    )
      continue;
    forced.push([key, first]);
    const source = chosen === undefined ? undefined : sourceOf(key);
    if (!source) continue;
    problems.push({
      kind: 'shadowed_key',
      layer: source.kind,
      origin: source.origin,
      keyPath: key,
      message: `the administrator’s requirements (${path}) do not allow this value; the agent uses another`,
      found: chosen === undefined ? 'nothing' : describe(chosen),
      allowed: allowed.filter((value) => typeof value === 'string'),
      fatal: false,
    });
  }
  const layer: ConfigLayer = {
    kind: 'managed',
    origin: path,
    state: faults.length === 0 ? 'loaded' : 'malformed',
    values: Object.fromEntries(forced),
  };
  return { layer, written: required, problems };
}
