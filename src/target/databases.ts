import { dirname, join, resolve } from 'node:path';
import type { DirectoryRead, Files, PathLook } from '../host/files.ts';
import type { ConfigFacts } from './config/facts.ts';
import { stringAt } from './config/facts.ts';
import { userDirectory } from './home.ts';
import type { Environment, Home } from './home.ts';
import type { DatabaseProfile } from './profile.ts';

/** Where the agent keeps its databases, and which stand there. */
export interface DatabaseInventory {
  /** The folder that holds all of them except a log database that follows `log_dir`. */
  readonly home: { readonly path: string; readonly source: string; readonly look: PathLook };
  /** `read` when every database there is listed; otherwise why unknown ones could not be found. */
  readonly listing: DirectoryRead['kind'] | 'truncated';
  /** Those that the profile names, in its order and whether they exist or not; then every other `*.sqlite`, by name. */
  readonly databases: readonly InventoriedDatabase[];
}

export interface InventoriedDatabase {
  /** As the profile calls it; for others the file name. */
  readonly label: string;
  readonly path: string;
  readonly look: PathLook;
  /** Undefined for a file that the profile does not know: an older version's, or somebody else's. */
  readonly profile: DatabaseProfile | undefined;
}

interface Wanted {
  readonly home: Home;
  readonly cwd: string;
  readonly env: Environment;
  readonly files: Files;
  readonly config: ConfigFacts;
}

export function findDatabases(wanted: Wanted): DatabaseInventory {
  const { home, files } = wanted;
  const { path, source } = sqliteHome(wanted);
  const logFolder = configuredFolder('log_dir', wanted)?.path ?? path;
  const known = home.profile.databases.map((profile) => {
    const file = join(profile.followsLogDirectory ? logFolder : path, profile.file);
    return { label: profile.label, path: file, look: files.look(file), profile };
  });
  const listed = files.list(path);
  const taken = new Set(known.map((database) => database.path));
  const others = (listed.kind === 'read' ? listed.entries : [])
    .filter(({ name, type }) => name.endsWith('.sqlite') && (type === 'file' || type === 'link'))
    .map(({ name }) => ({ label: name, path: join(path, name), profile: undefined }))
    .filter((database) => !taken.has(database.path))
    .map((database) => ({ ...database, look: files.look(database.path) }));
  return {
    home: { path, source, look: files.look(path) },
    listing: listed.kind === 'read' && listed.truncated ? 'truncated' : listed.kind,
    databases: [...known, ...others],
  };
}

/** `sqlite_home` of the configuration, then the variable, then the agent's home: as codex 0.169 decides. */
function sqliteHome(wanted: Wanted): { path: string; source: string } {
  const configured = configuredFolder('sqlite_home', wanted);
  if (configured) return configured;
  const { home, cwd, env } = wanted;
  const name = home.profile.sqliteHomeVariable;
  const fromVariable = env[name]?.trim();
  if (fromVariable) return { path: resolve(cwd, expanded(fromVariable, env)), source: name };
  return { path: home.path, source: home.source };
}

/** A folder named in a file is relative to that file, one named on the command line to the current folder. */
function configuredFolder(
  key: 'sqlite_home' | 'log_dir',
  { config, cwd, env }: Wanted,
): { path: string; source: string } | undefined {
  const value = stringAt(config.effective, key);
  const layer = config.sourceOf(key);
  if (value === undefined || !layer) return undefined;
  const base = layer.kind === 'override' ? cwd : dirname(layer.origin);
  return { path: resolve(base, expanded(value, env)), source: `${key} in ${layer.origin}` };
}

function expanded(path: string, env: Environment): string {
  return path === '~' || path.startsWith('~/') ? join(userDirectory(env), path.slice(1)) : path;
}
