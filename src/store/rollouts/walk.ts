import { setImmediate } from 'node:timers/promises';
import type { DirectoryEntry, Files, PathFault } from '../../host/files.ts';
import { createRolloutList } from './files.ts';
import type { OpenRolloutList, RolloutList } from './files.ts';
import { isMalformed, isRolloutName, plainName } from './name.ts';
import { closeTally, createTally } from './tally.ts';
import type { OpenTally, Tally } from './tally.ts';

/** The folder itself: `read` also when something below it could not be. */
export type TreeState =
  | { readonly kind: 'read' }
  | { readonly kind: 'wrong_type'; readonly type: string }
  | PathFault;

/** Everything below one of the two session folders. Places are relative to the home. */
export interface RolloutTree {
  readonly folder: string;
  readonly state: TreeState;
  /** Newest first, by folder and name. A compressed file is left out while its plain twin exists, as the agent does. */
  readonly files: RolloutList;
  /** Of all session files, hidden twins included. */
  readonly bytes: number;
  readonly twins: Tally;
  readonly malformedNames: Tally;
  /** Below the session folder the agent follows no link, so what stands behind one is not seen. */
  readonly links: Tally;
  /** Links that lead nowhere, or back to themselves. */
  readonly brokenLinks: Tally;
  /** Something that is neither a file nor a folder, a folder named as a session file, a file named as a day. */
  readonly wrongTypes: Tally;
  /** Folders and files that could not be looked at, with the reason. */
  readonly unreadable: Tally;
  readonly otherFiles: number;
  /** False when the walk was stopped half way. */
  readonly complete: boolean;
}

/** The agent nests `YYYY/MM/DD`; what lies far deeper was put there by something else. */
const MAX_DEPTH = 8;
/** Between two turns of the event loop: some 10 ms of file system calls. */
const ENTRIES_PER_TURN = 2_000;
const DATE_PART = /^\d{1,4}$/;

/**
 * Walks one session folder without opening a file. Never throws and never blocks on what stands there. Hands control
 * back regularly, and stops when the signal aborts.
 */
export async function walkRollouts(
  files: Files,
  home: string,
  folder: string,
  signal: AbortSignal,
): Promise<RolloutTree> {
  const walk: Walk = {
    files,
    found: createRolloutList(),
    pending: [{ folder, path: `${home}/${folder}`, depth: 0 }],
    twins: createTally(),
    malformedNames: createTally(),
    links: createTally(),
    brokenLinks: createTally(),
    wrongTypes: createTally(),
    unreadable: createTally(),
    bytes: 0,
    otherFiles: 0,
  };
  let sinceTurn = 0;
  let state: TreeState = { kind: 'read' };

  for (let next = walk.pending.pop(); next && !signal.aborted; next = walk.pending.pop()) {
    const listed = files.list(next.path);
    if (listed.kind !== 'read') {
      if (next.depth === 0) state = listed;
      // A folder that went away since its parent was listed is no fault.
      else if (listed.kind !== 'missing') walk.unreadable.add(`${next.folder}: ${describe(listed)}`);
      continue;
    }
    if (listed.truncated) walk.unreadable.add(`${next.folder}: more entries than can be listed`);
    const here: Here = { ...next, names: [], facts: [] };
    for (const entry of listed.entries) {
      if ((sinceTurn += 1) >= ENTRIES_PER_TURN) {
        sinceTurn = 0;
        await setImmediate();
        if (signal.aborted) break;
      }
      takeEntry(walk, here, entry);
    }
    keepNewestFirst(walk.found, here);
  }
  return {
    folder,
    state,
    files: walk.found,
    bytes: walk.bytes,
    twins: closeTally(walk.twins),
    malformedNames: closeTally(walk.malformedNames),
    links: closeTally(walk.links),
    brokenLinks: closeTally(walk.brokenLinks),
    wrongTypes: closeTally(walk.wrongTypes),
    unreadable: closeTally(walk.unreadable),
    otherFiles: walk.otherFiles,
    complete: !signal.aborted,
  };
}

type TallyName = 'twins' | 'malformedNames' | 'links' | 'brokenLinks' | 'wrongTypes' | 'unreadable';

interface Walk extends Readonly<Record<TallyName, OpenTally>> {
  readonly files: Files;
  readonly found: OpenRolloutList;
  readonly pending: Folder[];
  bytes: number;
  otherFiles: number;
}

interface Folder {
  /** Relative to the home. */
  readonly folder: string;
  readonly path: string;
  readonly depth: number;
}

/** One folder and its session files so far, names and numbers apart: as objects they would make the heap grow. */
interface Here extends Folder {
  readonly names: string[];
  /** Size and time of each. */
  readonly facts: number[];
  /** The last name that is not compressed. */
  plain?: string;
}

// A function of its own, and the next one too: as a part of the loop it would be compiled for longer than a usual walk takes.
function takeEntry(walk: Walk, here: Here, entry: DirectoryEntry): void {
  const kind = kindOf(entry, here.depth);
  if (kind === 'rollout') {
    takeRollout(walk, here, entry.name);
    return;
  }
  const place = `${here.folder}/${entry.name}`;
  const path = `${here.path}/${entry.name}`;
  switch (kind) {
    case 'folder':
      if (here.depth >= MAX_DEPTH) walk.unreadable.add(`${place}: nested too deeply`);
      else walk.pending.push({ folder: place, path, depth: here.depth + 1 });
      break;
    case 'link':
      noteLink(walk, path, place);
      break;
    case 'wrong_type':
      walk.wrongTypes.add(`${place}: ${entry.type}`);
      break;
    case 'other':
      walk.otherFiles += 1;
  }
}

function takeRollout(walk: Walk, here: Here, name: string): void {
  const { path, folder, names, facts } = here;
  const seen = walk.files.look(`${path}/${name}`);
  if (seen.kind !== 'found') {
    if (seen.kind !== 'missing') walk.unreadable.add(`${folder}/${name}: ${describe(seen)}`);
    return;
  }
  walk.bytes += seen.size;
  if (isMalformed(name)) walk.malformedNames.add(`${folder}/${name}`);
  const plain = plainName(name);
  // Entries come sorted, so the plain file stands before its twin.
  if (plain === name) here.plain = name;
  else if (plain === here.plain) {
    walk.twins.add(`${folder}/${name}`);
    return;
  }
  names.push(name);
  facts.push(seen.size, seen.modifiedAtMs);
}

function keepNewestFirst(found: OpenRolloutList, { folder, names, facts }: Here): void {
  for (let index = names.length - 1; index >= 0; index -= 1)
    found.add({
      folder,
      name: names[index] ?? '',
      bytes: facts[2 * index] ?? 0,
      modifiedAtMs: facts[2 * index + 1] ?? 0,
    });
}

function kindOf(
  { name, type }: DirectoryEntry,
  depth: number,
): 'folder' | 'link' | 'rollout' | 'other' | 'wrong_type' {
  const named = isRolloutName(name);
  if (type === 'link') return 'link';
  if (type === 'directory') return named ? 'wrong_type' : 'folder';
  if (type !== 'file') return 'wrong_type';
  if (named) return 'rollout';
  // `sessions/2026/11/20` as a file: a day whose sessions cannot be written.
  return depth < 3 && DATE_PART.test(name) ? 'wrong_type' : 'other';
}

function noteLink({ files, links, brokenLinks }: Walk, path: string, place: string): void {
  const seen = files.look(path);
  if (seen.kind === 'found') links.add(`${place} (link to a ${seen.type})`);
  else if (seen.kind !== 'missing') brokenLinks.add(`${place} (${describe(seen)})`);
}

/** A fault in a few words, such as `permission denied (EACCES)`. */
export function describe(fault: PathFault | { readonly kind: 'wrong_type'; readonly type: string }): string {
  switch (fault.kind) {
    case 'missing':
      return 'missing';
    case 'dangling':
      return 'link to nothing';
    case 'loop':
      return 'link that leads back to itself';
    case 'denied':
      return `permission denied (${fault.code})`;
    case 'failed':
      return fault.code;
    case 'wrong_type':
      return fault.type;
  }
}
