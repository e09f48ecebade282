import { files } from '../host/files.ts';
import type { RolloutTrace } from './model/trace.ts';
import { TraceFault } from './reduce/fault.ts';
import { parseJson } from './read-json.ts';

/** A day's work comes to some tens of MiB; JavaScript reads no text of more than 512. */
const MAX_STATE_BYTES = 256 * 1024 * 1024;

/**
 * A trace that was reduced before, by this program or by `codex debug trace-reduce`.
 * @throws TraceFault for what is none
 */
export async function readState(path: string): Promise<RolloutTrace> {
  const read = files.readText(path, { maxBytes: MAX_STATE_BYTES });
  if (read.kind !== 'read') throw new TraceFault('not_a_bundle', `it cannot be read (${read.kind})`);
  if (read.truncated) throw new TraceFault('too_large', `it is larger than ${MAX_STATE_BYTES} bytes`);
  const { stateSchema } = await import('./state-schema.ts');
  const parsed = stateSchema.safeParse(parseJson(read.text));
  if (parsed.success) return parsed.data as unknown as RolloutTrace;
  const place = parsed.error.issues[0]?.path.join('.') ?? '';
  throw new TraceFault('not_a_bundle', `it is no reduced trace${place === '' ? '' : `: see ${place}`}`);
}
