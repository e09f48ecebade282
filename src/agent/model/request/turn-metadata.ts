import type { JsonObject, JsonValue } from '../../../host/json.ts';
import type { ModelRequest } from '../client.ts';

/** Name of the header, and of the key in `client_metadata`. */
export const TURN_METADATA = 'x-codex-turn-metadata';

/** Where a request stands (spec/transport.md 2.7). */
export interface TurnMetadataFacts {
  readonly sessionId: string;
  readonly threadId: string;
  readonly turnId?: string;
  readonly forkedFromThreadId?: string;
  readonly threadSource?: string;
  readonly sandbox: string;
  readonly turnStartedAtUnixMs?: number;
  readonly requestKind: 'turn' | 'prewarm' | 'compaction' | 'memory';
  readonly windowId: string;
  /** Trigger, reason, implementation, phase, strategy. */
  readonly compaction?: JsonObject;
  /** By root of the repository: what git says of it. */
  readonly workspaces?: JsonObject;
}

/** Refused to clients even where the agent itself says nothing under that name (trap 43). */
const RESERVED: ReadonlySet<string> = new Set([
  'session_id',
  'thread_id',
  'turn_id',
  'turn_started_at_unix_ms',
  'forked_from_thread_id',
  'parent_thread_id',
  'subagent_kind',
  'request_kind',
  'compaction',
  'window_id',
]);

/**
 * The turn metadata of a request. What a client adds never replaces what the agent says.
 * @param clientMetadata from `user_input` or a steer: the last one counts, whole
 */
export function turnMetadata(
  facts: TurnMetadataFacts,
  clientMetadata: Readonly<Record<string, string>> = {},
): Record<string, JsonValue> {
  const metadata = new Map(Object.entries(ownMetadata(facts)));
  for (const [key, value] of Object.entries(clientMetadata))
    if (!RESERVED.has(key) && !metadata.has(key)) metadata.set(key, value);
  return Object.fromEntries(metadata);
}

function ownMetadata(facts: TurnMetadataFacts): JsonObject {
  const { turnId, forkedFromThreadId, threadSource, turnStartedAtUnixMs, compaction, workspaces } = facts;
  return {
    session_id: facts.sessionId,
    thread_id: facts.threadId,
    ...(turnId !== undefined && { turn_id: turnId }),
    ...(forkedFromThreadId !== undefined && { forked_from_thread_id: forkedFromThreadId }),
    ...(threadSource !== undefined && { thread_source: threadSource }),
    sandbox: facts.sandbox,
    ...(turnStartedAtUnixMs !== undefined && { turn_started_at_unix_ms: turnStartedAtUnixMs }),
    request_kind: facts.requestKind,
    window_id: facts.windowId,
    ...(compaction && { compaction }),
    ...(workspaces && { workspaces }),
  };
}

/** Whose request it is and what for, as its metadata say: for facts, so that a turn is named in one place. */
export function askedForIn({
  turn_id: turnId,
  request_kind: kind,
}: Readonly<Record<string, JsonValue>>): Pick<ModelRequest, 'turnId' | 'purpose'> {
  return {
    ...(typeof turnId === 'string' && { turnId }),
    ...((kind === 'compaction' || kind === 'prewarm') && { purpose: kind }),
  };
}

/** JSON that any header can carry: whatever is not printable ASCII is written as `\uXXXX` (trap 42). */
export const asciiJson = (value: JsonValue | Readonly<Record<string, JsonValue>>): string =>
  JSON.stringify(value).replaceAll(
    /[^\x20-\x7e]/g,
    (unit) => String.raw`\u` + unit.charCodeAt(0).toString(16).padStart(4, '0'),
  );
