import { join } from 'node:path';
import type { Files, PathLook } from '../host/files.ts';

/** A file or folder that the agent uses if it is there, and makes by itself if it is not. */
interface WellKnownPlace {
  /** Relative to the home. */
  readonly place: string;
  readonly type: 'file' | 'directory';
  /** What the agent keeps there, in the user's words. */
  readonly holds: string;
  /** Kept nowhere by a link to /dev/null, as people do on purpose. */
  readonly mayBeDiscarded?: boolean;
}

const file = (place: string, holds: string): WellKnownPlace => ({ place, type: 'file', holds });
const folder = (place: string, holds: string): WellKnownPlace => ({ place, type: 'directory', holds });

/** Of codex 0.169, without those that a check of their own reads (configuration, credentials, databases, sessions). */
const PLACES: readonly WellKnownPlace[] = [
  file('AGENTS.md', 'your own instructions'),
  file('installation_id', 'the id of this installation'),
  { ...file('history.jsonl', 'the prompt history'), mayBeDiscarded: true },
  file('session_index.jsonl', 'the names of sessions'),
  file('models_cache.json', 'the list of models'),
  file('cloud-config-bundle-cache.json', 'settings from your workspace'),
  file('.credentials.json', 'the logins of MCP servers'),
  file('hooks.json', 'your hooks'),
  file('auth.lock', 'the lock of the login'),
  file('auth.json.lock', 'the lock of the login file'),
  file('.sandbox_migration', 'the state of the sandbox'),
  { ...file('log/codex-tui.log', 'the text log'), mayBeDiscarded: true },
  folder('db-backups', 'damaged databases that were put aside'),
  folder('shell_snapshots', 'the captured shell environment'),
  folder('skills', 'skills'),
  folder('skills/.system', 'the skills that come with the agent'),
  folder('.tmp', 'scratch files'),
  folder('tmp', 'scratch files'),
  folder('thread-writer-locks', 'the locks of sessions'),
  folder('app-server-control', 'the socket of the background server'),
  folder('app-server-daemon', 'the state of the background server'),
  folder('packages', 'installed releases'),
  folder('packages/app-server-daemon', 'releases of the background server'),
  folder('tui-thread-reference-capabilities', 'marks of sessions'),
  folder('memories', 'memories'),
  folder('prompts', 'your prompts'),
  folder('rules', 'your rules'),
  folder('plugins', 'plugins'),
];

/** A well-known place at which something else stands, or nothing that can be used. */
export interface TakenPlace extends WellKnownPlace {
  readonly path: string;
  readonly look: Exclude<PathLook, { readonly kind: 'missing' }>;
}

/** Looks at every well-known place without opening anything. */
export function findTakenPlaces(files: Pick<Files, 'look' | 'realpath'>, home: string): TakenPlace[] {
  return PLACES.flatMap((known) => {
    const path = join(home, known.place);
    const look = files.look(path);
    if (look.kind === 'missing' || (look.kind === 'found' && look.type === known.type)) return [];
    if (known.mayBeDiscarded && files.realpath(path) === '/dev/null') return [];
    return [{ ...known, path, look }];
  });
}
