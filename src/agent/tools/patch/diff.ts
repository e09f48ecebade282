import type { StructuredPatch, StructuredPatchHunk } from 'diff';
import type { FileChange } from '../../protocol/turn-item.ts';
import type { PlannedChange } from './plan.ts';

/** The shortest difference of long texts that have little in common takes minutes to find, and nobody reads it. */
const MAX_EDIT_LENGTH = 1_000;
const CONTEXT_LINES = 3;

/** The changes of a plan as approvals, events and items show them. */
export async function describeChanges(changes: readonly PlannedChange[]): Promise<readonly FileChange[]> {
  const described: FileChange[] = [];
  for (const change of changes) described.push(await describeChange(change));
  return described;
}

async function describeChange(change: PlannedChange): Promise<FileChange> {
  const { label, path, movedTo, before = '', after = '' } = change;
  if (label === 'A') return { path, kind: 'add', diff: after };
  if (label === 'D') return { path, kind: 'delete', diff: before };
  const { formatPatch, OMIT_HEADERS } = await import('diff');
  const diff = formatPatch(await difference({ path, before, after }), OMIT_HEADERS);
  return { path, kind: 'update', ...(movedTo === undefined ? {} : { movedTo }), diff };
}

/** A file before and after; undefined: there was none. `path` is shown with slashes, relative where it can be. */
export interface FileDifference {
  readonly path: string;
  /** Where it was before, when that is another place. */
  readonly movedFrom?: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** One difference in the form of `git diff`. */
export async function gitDiff(file: FileDifference): Promise<string> {
  const { formatPatch } = await import('diff');
  const { path, movedFrom = path, before, after } = file;
  return formatPatch({
    ...(await difference({ path, before: before ?? '', after: after ?? '' })),
    oldFileName: before === undefined ? '/dev/null' : `a/${movedFrom}`,
    newFileName: after === undefined ? '/dev/null' : `b/${path}`,
    isGit: true,
    ...(before === undefined ? { isCreate: true, newMode: PLAIN_MODE } : {}),
    ...(after === undefined ? { isDelete: true, oldMode: PLAIN_MODE } : {}),
    ...(movedFrom === path ? {} : { isRename: true }),
  });
}

/** Git wants one, and knows but one for files that are no programs. */
const PLAIN_MODE = '100644';

async function difference(file: { path: string; before: string; after: string }): Promise<StructuredPatch> {
  const { structuredPatch } = await import('diff');
  const { path, before, after } = file;
  const noHeader = undefined;
  const options = { context: CONTEXT_LINES, maxEditLength: MAX_EDIT_LENGTH };
  return (
    structuredPatch(path, path, before, after, noHeader, noHeader, options) ?? {
      oldFileName: path,
      newFileName: path,
      oldHeader: undefined,
      newHeader: undefined,
      hunks: [everything(before, after)],
    }
  );
}

/** One hunk that takes all lines out and puts all lines in. */
function everything(before: string, after: string): StructuredPatchHunk {
  const removed = markedLines('-', before);
  const added = markedLines('+', after);
  return {
    oldStart: 1,
    oldLines: countOf(removed),
    newStart: 1,
    newLines: countOf(added),
    lines: [...removed, ...added],
  };
}

const NO_LINE_END = '\\ No newline at end of file';

function markedLines(mark: '+' | '-', text: string): readonly string[] {
  const lines = text.split('\n');
  const last = lines.pop();
  const whole = lines.map((line) => mark + line);
  return last ? [...whole, mark + last, NO_LINE_END] : whole;
}

const countOf = (lines: readonly string[]): number => lines.filter((line) => line !== NO_LINE_END).length;
