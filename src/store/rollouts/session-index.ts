import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Files } from '../../host/files.ts';
import { parseLine } from './lines.ts';

/** Names of threads, one line per naming; the newest line of a thread wins (spec/observability.md 1). */
export const SESSION_INDEX = 'session_index.jsonl';

/** A hundred bytes per naming: more than anybody names in a lifetime. */
const MAX_BYTES = 64 * 1024 * 1024;

/** Appends a naming in one write, so that several processes may name threads at once. */
export async function appendThreadName({
  home,
  threadId,
  name,
  nowMs,
}: {
  readonly home: string;
  readonly threadId: string;
  readonly name: string;
  readonly nowMs: number;
}): Promise<void> {
  const line = { id: threadId, thread_name: name, updated_at: new Date(nowMs).toISOString() };
  await appendFile(join(home, SESSION_INDEX), `${JSON.stringify(line)}\n`);
}

/** The present name of each named thread. Lines that say nothing are passed over. */
export function readThreadNames(files: Files, home: string): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  const read = files.readBytes(join(home, SESSION_INDEX), { maxBytes: MAX_BYTES });
  if (read.kind !== 'read') return names;
  for (const text of read.bytes.toString('utf8').split('\n')) {
    const parsed = parseLine(Buffer.from(text));
    if (parsed.kind !== 'record') continue;
    const { id, thread_name: name } = parsed.record;
    if (typeof id === 'string' && typeof name === 'string') names.set(id.toLowerCase(), name);
  }
  return names;
}
