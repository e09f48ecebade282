import type { EventMsg } from './event.ts';
import { sessionId, threadId } from './ids.ts';
import type { JsonObject, JsonValue } from '../../host/json.ts';

type SessionConfigured = Extract<EventMsg, { readonly type: 'session_configured' }>;
type Ids = 'type' | 'session_id' | 'thread_id';

/** Its ids are certain; everything else is there as far as its writer knew of it. */
export type StoredSessionConfigured = Pick<SessionConfigured, Ids> & Partial<Omit<SessionConfigured, Ids>>;

const TEXTS = ['model', 'model_provider_id', 'reasoning_effort', 'cwd', 'rollout_path'] as const;

/**
 * A `session_configured` that was written down, also by agents from before a tree of threads had an id of its own: where
 * there is no `thread_id`, it is the session's (spec/agent-core.md 1.1). What newer agents say in a `permission_profile`
 * comes as `sandbox_policy`.
 * @returns undefined for what is no such event
 */
export function readSessionConfigured(value: JsonValue): StoredSessionConfigured | undefined {
  if (!isObject(value) || value['type'] !== 'session_configured') return undefined;
  const session = textAt(value, 'session_id');
  if (session === undefined) return undefined;
  const forkedFrom = textAt(value, 'forked_from_id');
  const { approval_policy: approvals, permission_profile: profile, sandbox_policy: policy } = value;
  const permissions = profile ?? policy;
  return {
    type: 'session_configured',
    session_id: sessionId(session),
    thread_id: threadId(textAt(value, 'thread_id') ?? session),
    ...(forkedFrom !== undefined && { forked_from_id: threadId(forkedFrom) }),
    ...Object.fromEntries(
      TEXTS.flatMap((key) => {
        const text = textAt(value, key);
        return text === undefined ? [] : [[key, text]];
      }),
    ),
    ...(approvals !== undefined && { approval_policy: approvals }),
    ...(permissions !== undefined && permissions !== null && { sandbox_policy: permissions }),
  };
}

const isObject = (value: JsonValue): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function textAt(value: JsonObject, key: string): string | undefined {
  const text = value[key];
  return typeof text === 'string' && text !== '' ? text : undefined;
}
