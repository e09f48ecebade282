import { basename, dirname, join, resolve } from 'node:path';
import type { Files } from '../../host/files.ts';
import type { Home } from '../home.ts';
import type { ConfigProblem, ConfigTable, ProjectFacts } from './facts.ts';
import { formatKeyPath } from './key-path.ts';
import { readLayer } from './layer.ts';
import type { LoadedLayer } from './layer.ts';
import { valueAtPath, withoutKeys } from './merge.ts';

const DEFAULT_ROOT_MARKERS = ['.git'];
/** No real path has more folders; a made-up one must not keep the doctor looking. */
const MAX_DEPTH = 128;

/**
 * Keys that the agent does not read from a project's own file: they choose whom a credential is sent to or what is
 * run, and a cloned repository must not.
 */
const USER_ONLY_KEYS = [
  'apps_mcp_product_sku',
  'chatgpt_base_url',
  'experimental_realtime_webrtc_call_base_url',
  'experimental_realtime_ws_base_url',
  'model_provider',
  'model_providers',
  'notify',
  'openai_base_url',
  'otel',
  'profile',
  'profiles',
  'responses_api_metadata',
];

interface Surroundings {
  readonly home: Home;
  readonly files: Files;
  readonly cwd: string;
  /** The layers below and the command line, merged: they say what a project root is and which one is trusted. */
  readonly base: ConfigTable;
}

/** The project around the working directory and its configuration layers, root first. */
export function projectLayers({ home, files, cwd, base }: Surroundings): {
  readonly project: ProjectFacts;
  readonly layers: readonly LoadedLayer[];
  /** Configuration folders of the trusted ones, root first. */
  readonly folders: readonly string[];
} {
  const start = files.realpath(cwd) ?? resolve(cwd);
  const root = findRoot(start, base, files);
  const repository = mainRepository(root, files);
  const trustOf = (folder: string): ProjectFacts['trust'] => {
    for (const candidate of [folder, root, repository]) {
      const level = candidate && valueAtPath(base, ['projects', candidate, 'trust_level']);
      if (level === 'trusted' || level === 'untrusted') return level;
    }
    return 'unknown';
  };
  const layers: LoadedLayer[] = [];
  const folders: string[] = [];
  const homePath = files.realpath(home.path) ?? home.path;
  for (const folder of foldersBetween(root, start)) {
    const configFolder = join(folder, home.profile.defaultHome);
    // Started from the user's own folder, the home itself is not a project's configuration.
    if ((files.realpath(configFolder) ?? configFolder) === homePath) continue;
    if (trustOf(folder) === 'trusted') folders.push(configFolder);
    const path = join(configFolder, 'config.toml');
    if (files.look(path).kind === 'missing') continue;
    if (trustOf(folder) === 'trusted') layers.push(projectLayer(path, { home, files }));
    else
      layers.push({
        layer: { kind: 'project', origin: path, state: 'untrusted', values: {} },
        written: {},
        problems: [],
      });
  }
  return { project: { root, trust: trustOf(start) }, layers, folders };
}

function projectLayer(path: string, { home, files }: Pick<Surroundings, 'home' | 'files'>): LoadedLayer {
  const read = readLayer({ kind: 'project', path, files, profile: home.profile.id });
  const ignored = USER_ONLY_KEYS.filter((key) => Object.hasOwn(read.layer.values, key));
  if (ignored.length === 0) return read;
  const problems = ignored.map((key): ConfigProblem => ({
    kind: 'ignored_key',
    layer: 'project',
    origin: path,
    keyPath: formatKeyPath([key]),
    ...read.locate?.([key]),
    message: 'the agent does not read this key from a project, only from the user’s own configuration',
    fatal: false,
  }));
  return {
    ...read,
    layer: { ...read.layer, values: withoutKeys(read.layer.values, ignored) },
    written: withoutKeys(read.written, ignored),
    problems: [...read.problems, ...problems],
  };
}

function findRoot(start: string, base: ConfigTable, files: Files): string {
  const set = valueAtPath(base, ['project_root_markers']);
  const markers = Array.isArray(set) ? set.filter((name) => typeof name === 'string') : DEFAULT_ROOT_MARKERS;
  if (markers.length === 0) return start;
  for (const folder of upwards(start))
    if (markers.some((marker) => files.look(join(folder, marker)).kind !== 'missing')) return folder;
  return start;
}

/** In a linked worktree, trust given to the repository counts. Its `.git` is a file that names the repository. */
function mainRepository(root: string, files: Files): string | undefined {
  const link = files.readText(join(root, '.git'), { maxBytes: 4096 });
  if (link.kind !== 'read') return undefined;
  const folder = /^gitdir:\s*(\S.*?)\s*$/m.exec(link.text)?.[1];
  if (folder === undefined) return undefined;
  const worktrees = dirname(resolve(root, folder));
  return basename(worktrees) === 'worktrees' ? dirname(dirname(worktrees)) : undefined;
}

function* upwards(start: string): Generator<string> {
  let folder = start;
  for (let depth = 0; depth < MAX_DEPTH; depth += 1) {
    yield folder;
    const parent = dirname(folder);
    if (parent === folder) return;
    folder = parent;
  }
}

function foldersBetween(root: string, start: string): string[] {
  const folders: string[] = [];
  for (const folder of upwards(start)) {
    folders.unshift(folder);
    if (folder === root) return folders;
  }
  return [start];
}
