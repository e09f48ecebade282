import { join } from 'node:path';
import type { Files } from '../../host/files.ts';
import type { Environment, Home } from '../home.ts';
import { parseDotenv } from './dotenv.ts';

/** `.env` is written by hand; a larger one is not read further by us. */
const MAX_DOTENV_BYTES = 1024 * 1024;
/** The agent keeps its own variables out of reach of the file (measured on codex 0.169). */
const RESERVED_PREFIX = 'CODEX_';

export type DotenvFile =
  | { readonly kind: 'missing' }
  | {
      readonly kind: 'read';
      readonly names: readonly string[];
      /** Names that the agent ignores in this file. */
      readonly reservedNames: readonly string[];
      readonly rejectedLines: readonly number[];
      readonly truncated: boolean;
    }
  | { readonly kind: 'unusable'; readonly state: string };

/** The environment that the agent works with: the shell's, overlaid by the `.env` file of its home. */
export interface AgentEnvironment {
  readonly values: Environment;
  readonly path: string;
  readonly file: DotenvFile;
  /** Where the effective value of a variable comes from. */
  originOf(name: string): VariableOrigin | undefined;
}

export type VariableOrigin = 'shell' | '.env' | '.env (replaces the value of the shell)';

export function loadEnvironment({
  home,
  env,
  files,
}: {
  readonly home: Home;
  readonly env: Environment;
  readonly files: Files;
}): AgentEnvironment {
  const path = join(home.path, '.env');
  const read = files.readBytes(path, { maxBytes: MAX_DOTENV_BYTES });
  // Bytes rather than text: a byte-order mark must stay, because it spoils the first name for the agent too.
  const parsed =
    read.kind === 'read' ? parseDotenv(read.bytes.toString('utf8'), (name) => env[name]) : undefined;
  const taken = new Map<string, string>();
  const reserved = new Set<string>();
  for (const { name, value } of parsed?.entries ?? []) {
    if (name.toUpperCase().startsWith(RESERVED_PREFIX)) reserved.add(name);
    else taken.set(name, value);
  }
  return {
    values: Object.assign(Object.create(null) as Record<string, string>, env, Object.fromEntries(taken)),
    path,
    file:
      read.kind === 'read'
        ? {
            kind: 'read',
            names: [...taken.keys()],
            reservedNames: [...reserved],
            rejectedLines: parsed?.rejectedLines ?? [],
            truncated: read.truncated,
          }
        : read.kind === 'missing'
          ? { kind: 'missing' }
          : { kind: 'unusable', state: read.kind === 'wrong_type' ? read.type : read.kind },
    originOf: (name) => {
      if (!taken.has(name)) return env[name] === undefined ? undefined : 'shell';
      return env[name] === undefined || env[name] === taken.get(name)
        ? '.env'
        : '.env (replaces the value of the shell)';
    },
  };
}
