import { resolve } from 'node:path';
import { editText } from './edit.ts';
import type { Hunk } from './patch.ts';

/** What stands at a place. */
export type FileState =
  | { readonly kind: 'text'; readonly text: string; /** Permission bits. */ readonly mode: number }
  | { readonly kind: 'missing' }
  /** `why` fits behind the path: "is a directory". */
  | { readonly kind: 'unusable'; readonly why: string };

/** The files as a plan sees them. */
export interface PatchFiles {
  /** Where the system comes to from an absolute path, all links followed; undefined when they lead in a circle. */
  target(path: string): string | undefined;
  /** The same place of a folder, but the last name as it is: a link itself. */
  entry(path: string): string | undefined;
  /** @param target from one of the two */
  read(target: string): FileState;
}

/** One thing to do. Nothing but these is ever done to a file. */
export type FileOperation =
  | {
      readonly kind: 'write';
      readonly target: string;
      readonly text: string;
      /** For a file that is made; absent: the system's default. */
      readonly mode?: number;
    }
  | { readonly kind: 'remove'; readonly target: string };

/** What becomes of one file. */
export interface PlannedChange {
  readonly label: 'A' | 'M' | 'D';
  /** As the patch writes it; of a moved file, where it goes. */
  readonly shown: string;
  /** Absolute. */
  readonly path: string;
  readonly movedTo?: string;
  /** Undefined: there was no file, or none that can be shown. */
  readonly before: string | undefined;
  /** Undefined: there is no file any more. */
  readonly after: string | undefined;
  readonly operations: readonly FileOperation[];
}

export type Planned =
  | { readonly kind: 'planned'; readonly changes: readonly PlannedChange[] }
  /** `message` is a sentence for the model. */
  | { readonly kind: 'impossible'; readonly message: string };

interface Surroundings {
  /** Absolute; paths of the patch start here. */
  readonly cwd: string;
  readonly files: PatchFiles;
}

/** What a patch would do, hunk by hunk, each upon what the ones before it leave. Touches nothing. */
export function planPatch(hunks: readonly Hunk[], { cwd, files }: Surroundings): Planned {
  const changes: PlannedChange[] = [];
  const seen = overlaid(files, changes);
  for (const hunk of hunks) {
    const planned = planHunk(hunk, { cwd, files: seen });
    if (typeof planned === 'string') return { kind: 'impossible', message: planned };
    changes.push(planned);
  }
  return { kind: 'planned', changes };
}

/** A change, or the sentence that says why there is none. */
function planHunk(hunk: Hunk, { cwd, files }: Surroundings): PlannedChange | string {
  // The system would read such a path up to that character.
  if ([hunk.path, movedTo(hunk) ?? ''].some((path) => path.includes('\0')))
    return `a path of the patch holds a character that no file name can hold`;
  const path = resolve(cwd, hunk.path);
  switch (hunk.kind) {
    case 'add':
      return planAdd(hunk, { path, files });
    case 'delete':
      return planDelete(hunk, { path, files });
    case 'update':
      return planUpdate(hunk, { path, cwd, files });
  }
}

interface Place {
  readonly path: string;
  readonly files: PatchFiles;
}

function planAdd(hunk: Hunk & { kind: 'add' }, { path, files }: Place): PlannedChange | string {
  const target = files.target(path);
  const state = target === undefined ? LOOP : files.read(target);
  if (target === undefined || (state.kind === 'unusable' && !isReplaceable(state)))
    return `cannot write ${path}: it ${state.kind === 'unusable' ? state.why : LOOP.why}`;
  return {
    label: 'A',
    shown: hunk.path,
    path,
    before: textOf(state),
    after: hunk.text,
    operations: [{ kind: 'write', target, text: hunk.text }],
  };
}

function planDelete(hunk: Hunk & { kind: 'delete' }, { path, files }: Place): PlannedChange | string {
  const entry = files.entry(path);
  const state = entry === undefined ? LOOP : files.read(entry);
  if (entry === undefined || state.kind === 'missing' || (state.kind === 'unusable' && !isReplaceable(state)))
    return `cannot delete ${path}: it ${state.kind === 'unusable' ? state.why : 'does not exist'}`;
  return {
    label: 'D',
    shown: hunk.path,
    path,
    before: textOf(state),
    after: undefined,
    operations: [{ kind: 'remove', target: entry }],
  };
}

function planUpdate(
  hunk: Hunk & { kind: 'update' },
  { path, cwd, files }: Surroundings & Place,
): PlannedChange | string {
  const target = files.target(path);
  const entry = files.entry(path);
  const state = target === undefined ? LOOP : files.read(target);
  if (target === undefined || entry === undefined || state.kind !== 'text')
    return `cannot read ${path} to update it: it ${state.kind === 'unusable' ? state.why : 'does not exist'}`;
  const edited = editText(state.text, hunk.chunks);
  if (edited.kind === 'no_context') return `cannot find the context "${edited.context}" in ${path}`;
  if (edited.kind === 'no_lines') return `cannot find these lines in ${path}:\n${edited.lines.join('\n')}`;
  const updated = { label: 'M', path, before: state.text, after: edited.text } as const;
  const write = { kind: 'write', target, text: edited.text } as const;
  if (hunk.movedTo === undefined) return { ...updated, shown: hunk.path, operations: [write] };

  const destination = resolve(cwd, hunk.movedTo);
  const end = files.target(destination);
  // Moved to where it is: removing the old place would remove the new one.
  if (end === target) return { ...updated, shown: hunk.movedTo, operations: [write] };
  const there = end === undefined ? LOOP : files.read(end);
  if (end === undefined || (there.kind === 'unusable' && !isReplaceable(there)))
    return `cannot move ${path} to ${destination}: that ${there.kind === 'unusable' ? there.why : LOOP.why}`;
  return {
    ...updated,
    shown: hunk.movedTo,
    movedTo: destination,
    operations: [
      { kind: 'write', target: end, text: edited.text, mode: state.mode },
      { kind: 'remove', target: entry },
    ],
  };
}

const LOOP = { kind: 'unusable', why: 'is a link that leads back to itself' } as const;
/** Content that cannot be edited may still be replaced or deleted as a whole. */
export const NOT_UTF8 = 'is not UTF-8 text';
export const TOO_LARGE = 'is too large for a patch';
const isReplaceable = ({ why }: FileState & { kind: 'unusable' }): boolean =>
  why === NOT_UTF8 || why === TOO_LARGE;

const textOf = (state: FileState): string | undefined => (state.kind === 'text' ? state.text : undefined);

const movedTo = (hunk: Hunk): string | undefined => (hunk.kind === 'update' ? hunk.movedTo : undefined);

/** The default of the system for a file that a plan makes; what it really gets does not matter to a later hunk. */
const NEW_FILE_MODE = 0o666;

/** The files as they would be behind the changes planned so far. */
function overlaid(files: PatchFiles, changes: readonly PlannedChange[]): PatchFiles {
  const lastAt = (target: string): FileOperation | undefined =>
    changes.flatMap(({ operations }) => operations).findLast((operation) => operation.target === target);
  return {
    entry: (path) => files.entry(path),
    // A link that was removed leads nowhere any more.
    target: (path) => {
      const entry = files.entry(path);
      return entry !== undefined && lastAt(entry) ? entry : files.target(path);
    },
    read: (target) => {
      const last = lastAt(target);
      if (!last) return files.read(target);
      if (last.kind === 'remove') return { kind: 'missing' };
      return { kind: 'text', text: last.text, mode: last.mode ?? NEW_FILE_MODE };
    },
  };
}
