import type { SessionMeta } from '../../../store/rollouts/line.ts';

/** The id becomes part of the names of files. */
const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

/**
 * Why a thread with such metadata cannot be gone on with; undefined when it can. A file holds whatever somebody wrote into it,
 * whatever `SessionMeta` says; looked at is what a thread is made of.
 */
export function metaFault(meta: SessionMeta): string | undefined {
  const stored: Readonly<Record<string, unknown>> = { ...meta };
  if (!isUuid(stored['id'])) return 'its id is no UUID';
  const { forked_from_id: origin, base_instructions: instructions, history_base: base } = stored;
  if (isSet(origin) && !isUuid(origin)) return 'the id of the thread that it was forked from is no UUID';
  if (isSet(instructions) && typeof fieldOf(instructions, 'text') !== 'string')
    return 'its instructions are no text';
  if (!isSet(base)) return undefined;
  if (!isUuid(fieldOf(base, 'thread_id'))) return 'the id of the thread that it continues is no UUID';
  const end = fieldOf(base, 'end_byte_offset');
  return isSet(end) && !Number.isSafeInteger(end) ? 'the place where it continues is no number' : undefined;
}

const isSet = (value: unknown): boolean => value !== undefined && value !== null;
const isUuid = (value: unknown): boolean => typeof value === 'string' && UUID.test(value);
const fieldOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;
