import { setImmediate } from 'node:timers/promises';
import type { DirectoryEntry, Files, PathFault } from '../../host/files.ts';
import { createRolloutList } from './files.ts';
import type { RolloutList } from './files.ts';
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
  const found = createRolloutList();
  const open = {
    twins: createTally(),
    malformedNames: createTally(),
    links: createTally(),
    brokenLinks: createTally(),
    wrongTypes: createTally(),
    unreadable: createTally(),
  };
  let bytes = 0;
  let otherFiles = 0;
  let sinceTurn = 0;
  let state: TreeState = { kind: 'read' };
  const pending = [{ folder, depth: 0 }];

  for (let next = pending.pop(); next && !signal.aborted; next = pending.pop()) {
    const path = `${home}/${next.folder}`;
    const { folder: parent } = next;
    const placeOf = (name: string): string => `${parent}/${name}`;
    const listed = files.list(path);
    if (listed.kind !== 'read') {
      if (next.depth === 0) state = listed;
      // A folder that went away since its parent was listed is no fault.
      else if (listed.kind !== 'missing') open.unreadable.add(`${next.folder}: ${describe(listed)}`);
      continue;
    }
    if (listed.truncated) open.unreadable.add(`${next.folder}: more entries than can be listed`);
    // Nothing is made per file that outlives its turn of the loop: a hundred thousand such objects make the heap grow.
    const names: string[] = [];
    const facts: number[] = [];
    let plain: string | undefined;
    for (const entry of listed.entries) {
      if ((sinceTurn += 1) >= ENTRIES_PER_TURN) {
        sinceTurn = 0;
        await setImmediate();
        if (signal.aborted) break;
      }
      const { name, type } = entry;
      switch (kindOf(entry, next.depth)) {
        case 'folder':
          if (next.depth >= MAX_DEPTH) open.unreadable.add(`${placeOf(name)}: nested too deeply`);
          else pending.push({ folder: placeOf(name), depth: next.depth + 1 });
          break;
        case 'link':
          noteLink(files, `${path}/${name}`, placeOf(name), open);
          break;
        case 'wrong_type':
          open.wrongTypes.add(`${placeOf(name)}: ${type}`);
          break;
        case 'other':
          otherFiles += 1;
          break;
        case 'rollout': {
          const seen = files.look(`${path}/${name}`);
          if (seen.kind !== 'found') {
            if (seen.kind !== 'missing') open.unreadable.add(`${placeOf(name)}: ${describe(seen)}`);
            break;
          }
          bytes += seen.size;
          if (isMalformed(name)) open.malformedNames.add(placeOf(name));
          // Entries come sorted, so the plain file stands before its twin.
          if (plain !== undefined && plain === plainName(name) && plain !== name) {
            open.twins.add(placeOf(name));
            break;
          }
          if (!name.endsWith('.zst')) plain = name;
          names.push(name);
          facts.push(seen.size, seen.modifiedAtMs);
        }
      }
    }
    for (let index = names.length - 1; index >= 0; index -= 1)
      found.add({
        folder: parent,
        name: names[index] ?? '',
        bytes: facts[2 * index] ?? 0,
        modifiedAtMs: facts[2 * index + 1] ?? 0,
      });
  }
  return {
    folder,
    state,
    files: found,
    bytes,
    twins: closeTally(open.twins),
    malformedNames: closeTally(open.malformedNames),
    links: closeTally(open.links),
    brokenLinks: closeTally(open.brokenLinks),
    wrongTypes: closeTally(open.wrongTypes),
    unreadable: closeTally(open.unreadable),
    otherFiles,
    complete: !signal.aborted,
  };
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

function noteLink(
  files: Files,
  path: string,
  place: string,
  open: { readonly links: OpenTally; readonly brokenLinks: OpenTally },
): void {
  const seen = files.look(path);
  if (seen.kind === 'found') open.links.add(`${place} (link to a ${seen.type})`);
  else if (seen.kind !== 'missing') open.brokenLinks.add(`${place} (${describe(seen)})`);
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
