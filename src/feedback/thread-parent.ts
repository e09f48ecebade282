import type { SessionMeta } from '../store/rollouts/line.ts';

/** The thread that spawned this one; undefined for a thread that a user began. */
export function parentOf(meta: Pick<SessionMeta, 'parent_thread_id' | 'source'>): string | undefined {
  if (typeof meta.parent_thread_id === 'string') return meta.parent_thread_id.toLowerCase();
  const spawn = memberOf(memberOf(meta.source, 'subagent'), 'thread_spawn');
  const parent = memberOf(spawn, 'parent_thread_id');
  return typeof parent === 'string' ? parent.toLowerCase() : undefined;
}

/** Where a session was begun, in one word. */
export function sourceOf({ source }: Pick<SessionMeta, 'source'>): string {
  if (typeof source === 'string') return source;
  return memberOf(source, 'subagent') === undefined ? 'unknown' : 'subagent';
}

const memberOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;
