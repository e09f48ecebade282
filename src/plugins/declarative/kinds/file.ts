import { setTimeout as pause } from 'node:timers/promises';
import { conclude } from '../../../doctor/check.ts';
import type { Verdict } from '../../../doctor/check.ts';
import type { CheckContext } from '../../../doctor/context.ts';
import type { Files, PathFacts } from '../../../host/files.ts';
import { pathOf } from '../kind.ts';
import type { Place, Work } from '../kind.ts';
import { issuesOf } from '../issue.ts';
import type { SpecOf } from '../vocabulary.ts';
import { faultsOfFile } from './file-faults.ts';
import { modeText } from './file-seen.ts';
import type { Content, Digest, SeenFile } from './file-seen.ts';

type Spec = SpecOf<'file'>;

/** A marker or a setting stands in the beginning of a file, and configuration files are smaller. */
const MAX_CONTENT_BYTES = 4 * 1024 * 1024;
/** Read in less than a second from an ordinary disk. */
const MAX_DIGEST_BYTES = 256 * 1024 * 1024;
const CHUNK_BYTES = 1024 * 1024;

/** Something stands at a path as it should, or nothing does. */
export const file = (spec: Spec, place: Place): Work<SeenFile> => ({
  title: spec.exists ? `${spec.path} is as it should be` : `${spec.path} does not exist`,
  probe: (context) => look(spec, place, context),
  judge: (seen) => judgeFile(spec, seen),
});

async function look(spec: Spec, place: Place, context: CheckContext): Promise<SeenFile> {
  const { files, clock } = context;
  const path = pathOf(spec.path, place, context);
  const seen = files.look(path);
  const isFile = seen.kind === 'found' && seen.type === 'file';
  return {
    path,
    look: seen,
    nowMs: clock.now(),
    userId: process.getuid?.(),
    ...(isFile && (spec.contains ?? spec.matches) !== undefined && { content: readContent(path, files) }),
    ...(isFile && spec.sha256 !== undefined && { digest: await digestOf(path, seen, context) }),
  };
}

function readContent(path: string, files: Files): Content {
  const read = files.readText(path, { maxBytes: MAX_CONTENT_BYTES });
  return read.kind === 'read'
    ? { kind: 'text', text: read.text, isCut: read.truncated }
    : { kind: 'unread', why: read.kind };
}

async function digestOf(
  path: string,
  { size }: PathFacts,
  { files, signal }: Pick<CheckContext, 'files' | 'signal'>,
): Promise<Digest> {
  if (size > MAX_DIGEST_BYTES) return { kind: 'too_large', limitBytes: MAX_DIGEST_BYTES };
  const { createHash } = await import('node:crypto');
  const hash = createHash('sha256');
  for (let offset = 0; offset < MAX_DIGEST_BYTES; offset += CHUNK_BYTES) {
    const read = files.readBytes(path, { offset, maxBytes: CHUNK_BYTES });
    if (read.kind !== 'read') return { kind: 'unread', why: read.kind };
    hash.update(read.bytes);
    if (!read.truncated) return { kind: 'sha256', hex: hash.digest('hex') };
    // Other checks have their turn between two pieces.
    await pause(0, 'over', { signal });
  }
  return { kind: 'too_large', limitBytes: MAX_DIGEST_BYTES };
}

export function judgeFile(spec: Spec, seen: SeenFile): Verdict {
  const facts = seen.look.kind === 'found' ? seen.look : undefined;
  return conclude({
    summary: spec.exists ? `${spec.path} is as it should be` : `${spec.path} does not exist`,
    details: {
      path: seen.path,
      state: facts?.type ?? seen.look.kind,
      mode: facts && modeText(facts.mode),
      bytes: facts?.size,
      'modified at': facts && timeText(facts.modifiedAtMs),
    },
    issues: issuesOf(faultsOfFile(spec, seen), spec),
  });
}

/** A file system may hold a time that no calendar has. */
const timeText = (ms: number): string | undefined =>
  Math.abs(ms) <= 8.64e15 ? new Date(ms).toISOString() : undefined;
