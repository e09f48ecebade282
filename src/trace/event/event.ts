import type { z } from 'zod';
import type { rawEventSchema } from './schema.ts';

/** A line of `trace.jsonl` (spec/observability.md 5, schema version 2 as codex 0.169 writes it). */
export type RawEvent = z.infer<typeof rawEventSchema>;

/** What happened, without when and in which order. */
export type EventPayload = RawEvent['payload'];

export type EventOf<Type extends EventPayload['type']> = Extract<EventPayload, { readonly type: Type }>;

/** The version of manifests and events that are written, and the only one that is read. */
export const SCHEMA_VERSION = 2;

/** `event_type` under which the facts of authentication stand in a trace; codex 0.169 keeps and passes over it [V]. */
export const AUTH_FACTS_EVENT = 'auth_facts';

/** Events of the protocol that are kept, by the names that they have in a trace. */
export const PROTOCOL_EVENTS: ReadonlyMap<string, string> = new Map([
  ['session_configured', 'session_configured'],
  ['task_started', 'turn_started'],
  ['turn_started', 'turn_started'],
  ['task_complete', 'turn_complete'],
  ['turn_complete', 'turn_complete'],
  ['turn_aborted', 'turn_aborted'],
  ['thread_rolled_back', 'thread_rolled_back'],
  ['error', 'error'],
  ['warning', 'warning'],
  ['shutdown_complete', 'shutdown_complete'],
]);
