/** What a file name in the session folders says. */
export type RolloutName =
  | {
      readonly kind: 'rollout';
      /** Lower-case UUID. The id inside the file wins over this one. */
      readonly threadId: string;
      readonly compressed: boolean;
    }
  /** Named like a session file, but without a date or an id that can be read. */
  | { readonly kind: 'malformed'; readonly compressed: boolean }
  | { readonly kind: 'other' };

const COMPRESSED_SUFFIX = '.zst';
// The date holds dashes as well, so the id is taken from the right.
const WELL_FORMED =
  /^rollout-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-([\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})\.jsonl(?:\.zst)?$/i;

/** Named like a session file, malformed or not. */
export const isRolloutName = (name: string): boolean => {
  const plain = plainName(name);
  return plain.startsWith('rollout-') && plain.endsWith('.jsonl');
};

/** The same as `parseRolloutName` says of a session file, without making strings of it. */
export const isMalformed = (name: string): boolean => !WELL_FORMED.test(name);

/** Reads a file name such as `rollout-2026-11-20T07-41-40-<uuid>.jsonl.zst`. */
export function parseRolloutName(name: string): RolloutName {
  if (!isRolloutName(name)) return { kind: 'other' };
  const compressed = name.endsWith(COMPRESSED_SUFFIX);
  const threadId = WELL_FORMED.exec(name)?.[1];
  return threadId
    ? { kind: 'rollout', threadId: threadId.toLowerCase(), compressed }
    : { kind: 'malformed', compressed };
}

/** The name without the suffix that compression adds: a file and its compressed twin share it. */
export function plainName(path: string): string {
  return path.endsWith(COMPRESSED_SUFFIX) ? path.slice(0, -COMPRESSED_SUFFIX.length) : path;
}
