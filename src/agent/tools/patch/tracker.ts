import { isAbsolute, relative, sep } from 'node:path';
import type { TurnId } from '../../protocol/ids.ts';
import { gitDiff } from './diff.ts';
import type { PlannedChange } from './plan.ts';

/** What the tools of one turn changed, all together. Owned by the turn. */
export interface DiffTracker {
  /** Takes what was written. What others changed in between does not show. */
  record(changes: readonly PlannedChange[]): void;
  /** From before the first change to behind the last, as `git diff` writes it; empty when everything is as it was. */
  unifiedDiff(): Promise<string>;
}

interface Tracked {
  readonly before: string | undefined;
  /** Where the text of `before` stood, if somewhere else. */
  readonly movedFrom?: string;
  readonly after: string | undefined;
}

/** @param cwd paths below it are shown relative to it */
export function createDiffTracker({ cwd }: { readonly cwd: string }): DiffTracker {
  // By path, in order of the first change.
  const tracked = new Map<string, Tracked>();
  const set = (path: string, { before, after }: Pick<PlannedChange, 'before' | 'after'>): void => {
    tracked.set(path, { before, ...tracked.get(path), after });
  };
  const shown = (path: string): string => {
    const below = relative(cwd, path);
    const isBelow = below !== '' && below.split(sep)[0] !== '..' && !isAbsolute(below);
    return (isBelow ? below : path.replace(/^\/+/, '')).split(sep).join('/');
  };
  return {
    record: (changes) => {
      for (const change of changes) {
        const { path, movedTo, before, after } = change;
        if (movedTo === undefined) {
          set(path, change);
          continue;
        }
        const origin = tracked.get(path) ?? { before, after: undefined };
        // What stood there before is lost from sight: the file that came is the one that the reader knows.
        const wasMade = origin.before === undefined;
        tracked.set(movedTo, {
          before: origin.before,
          ...(wasMade ? {} : { movedFrom: origin.movedFrom ?? path }),
          after,
        });
        tracked.delete(path);
      }
    },
    unifiedDiff: async () => {
      const parts: string[] = [];
      for (const [path, { before, movedFrom, after }] of tracked) {
        const isMoved = movedFrom !== undefined && movedFrom !== path && after !== undefined;
        if (before === after && !isMoved) continue;
        parts.push(
          await gitDiff({
            path: shown(path),
            ...(isMoved ? { movedFrom: shown(movedFrom) } : {}),
            before,
            after,
          }),
        );
      }
      return parts.join('');
    },
  };
}

/** The tracker of the turn that runs; a thread has one turn at a time, so the one before it is let go. */
export function createTurnDiffs(): (turn: { readonly turnId: TurnId; readonly cwd: string }) => DiffTracker {
  let current: { readonly turnId: TurnId; readonly tracker: DiffTracker } | undefined;
  return ({ turnId, cwd }) => {
    if (current?.turnId !== turnId) current = { turnId, tracker: createDiffTracker({ cwd }) };
    return current.tracker;
  };
}
