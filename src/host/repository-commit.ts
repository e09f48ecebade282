import { join } from 'node:path';
import type { Files } from './files.ts';
import type { Repository } from './repository.ts';

/** One reference is a line; a large repository packs some ten thousand of them into one file. */
const MAX_BYTES = 4 * 1024 * 1024;
const COMMIT = /^([0-9a-f]{40}(?:[0-9a-f]{24})?)\s*$/;

/**
 * The commit that a repository's `HEAD` stands at, from files alone. Undefined before the first commit, and where the
 * references are kept in a format that is not read here.
 */
export function headCommit(
  { head, commonDirectory }: Pick<Repository, 'head' | 'commonDirectory'>,
  files: Pick<Files, 'readText'>,
): string | undefined {
  if (head.kind === 'detached') return head.commit;
  // Git allows no such name, and it would lead out of the folder of references.
  if (head.kind !== 'branch' || head.name.split('/').includes('..')) return undefined;
  const reference = `refs/heads/${head.name}`;
  const loose = files.readText(join(commonDirectory, reference), { maxBytes: MAX_BYTES });
  if (loose.kind === 'read') return COMMIT.exec(loose.text)?.[1];
  const packed = files.readText(join(commonDirectory, 'packed-refs'), { maxBytes: MAX_BYTES });
  if (packed.kind !== 'read') return undefined;
  const line = packed.text.split('\n').find((each) => each.trimEnd().endsWith(` ${reference}`));
  return line === undefined ? undefined : COMMIT.exec(line.split(' ')[0] ?? '')?.[1];
}
