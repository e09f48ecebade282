import { join } from 'node:path';
import type { Files } from '../../host/files.ts';
import type { Environment, Home } from '../home.ts';
import { resolveFeatures } from './features.ts';
import type { ConfigFacts, ConfigLayer, ConfigProblem } from './facts.ts';
import { valueAt } from './facts.ts';
import { readLayer } from './layer.ts';
import type { LoadedLayer } from './layer.ts';
import { requirementsLayer, systemFolder } from './managed.ts';
import { mergeTables } from './merge.ts';
import { isProfileName, overrideLayers } from './overrides.ts';
import type { ConfigOverrides } from './overrides.ts';
import { projectLayers } from './project.ts';
import { fileRules } from './rules/files.ts';
import { keyRules } from './rules/keys.ts';
import { mcpServerRules } from './rules/mcp-servers.ts';
import { permissionRules } from './rules/permissions.ts';
import { providerRules } from './rules/providers.ts';
import type { Rule } from './rules/rule.ts';

export type { ConfigOverrides } from './overrides.ts';

const RULES: readonly Rule[] = [providerRules, mcpServerRules, permissionRules, fileRules, keyRules];

export interface ConfigSources {
  readonly home: Home;
  readonly files: Files;
  readonly cwd: string;
  readonly overrides: ConfigOverrides;
  readonly env?: Environment;
  /** The administrator's folder; `/etc/codex` unless a test says otherwise. */
  readonly systemFolder?: string;
}

/**
 * Puts the configuration together as the agent does: system, user, profile, projects from the root down, command line,
 * managed. Never throws; what cannot be read or does not fit is left out and named in `problems`.
 */
export function loadConfig(sources: ConfigSources): ConfigFacts {
  const { home, files, cwd, overrides } = sources;
  const { env = {} } = sources;
  const folder = sources.systemFolder ?? systemFolder(home, env);
  const file = (kind: ConfigLayer['kind'], path: string): LoadedLayer =>
    readLayer({ kind, path, files, profile: home.profile.id });
  const below = [file('system', join(folder, 'config.toml'))];
  if (!overrides.ignoreUserConfig) below.push(file('user', join(home.path, 'config.toml')));
  if (overrides.profile !== undefined && isProfileName(overrides.profile))
    below.push(asNamed(file('profile', join(home.path, `${overrides.profile}.config.toml`)), home));
  const commandLine = overrideLayers(overrides, home.profile.id);
  const base = valuesOf([...below, ...commandLine]);
  const { project, layers: projects, folders } = projectLayers({ home, files, cwd, base });
  const loaded = [
    ...below,
    ...projects,
    ...commandLine,
    file('managed', join(folder, 'managed_config.toml')),
  ];
  const requirements = requirementsLayer({
    path: join(folder, 'requirements.toml'),
    files,
    effective: valuesOf(loaded),
    sourceOf: (key) =>
      highest(
        loaded.map(({ layer }) => layer),
        key,
      ),
  });
  if (requirements) loaded.push(requirements);
  const effective = valuesOf(loaded);
  const layers = loaded.map(({ layer }) => layer).filter(isWorthNaming);
  const flags = resolveFeatures(layers, home.profile.id);
  const problems: ConfigProblem[] = [
    ...loaded.flatMap((layer) => layer.problems),
    ...RULES.flatMap((rule) => rule({ effective, layers: loaded, home, files, cwd, env })),
  ];
  return {
    layers,
    effective,
    problems,
    sourceOf: (keyPath) => highest(layers, keyPath),
    features: Object.fromEntries(flags.map(({ name, enabled }) => [name, enabled])),
    flags,
    project,
    folders: [folder, home.path, ...folders],
  };
}

/**
 * A profile that somebody asked for by name and that is not there. codex 0.169 works without it and says nothing (measured);
 * the embedded agent does not start with other settings than it was told to.
 */
function asNamed(loaded: LoadedLayer, { profile }: Home): LoadedLayer {
  const { layer, problems } = loaded;
  if (layer.state !== 'missing' || problems.length > 0) return loaded;
  const problem: ConfigProblem = {
    kind: 'unknown_reference',
    layer: layer.kind,
    origin: '--profile',
    message: `there is no such profile: ${layer.origin} does not exist`,
    fatal: profile.id === 'stethos',
  };
  return { ...loaded, problems: [problem] };
}

const valuesOf = (layers: readonly LoadedLayer[]): ConfigFacts['effective'] =>
  mergeTables(layers.map(({ layer }) => layer.values));

const highest = (layers: readonly ConfigLayer[], keyPath: string): ConfigLayer | undefined =>
  layers.findLast(({ values }) => valueAt(values, keyPath) !== undefined);

/** Every home has a user layer, even if its file is absent; an absent administrator's file is not news. */
const isWorthNaming = ({ kind, state }: ConfigLayer): boolean => kind === 'user' || state !== 'missing';
