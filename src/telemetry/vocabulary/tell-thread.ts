import type { Context } from '@opentelemetry/api';
import type { FactTime } from '../facts/fact.ts';
import type { ThreadFact } from '../facts/thread.ts';
import type { TraceContext } from '../observer.ts';
import { contextAt, environmentFields, innermost, knownTags, nameOf, SPANS } from './speaker.ts';
import type { Speaker, ThreadTold } from './speaker.ts';

type Told<Type extends ThreadFact['type']> = Extract<ThreadFact, { readonly type: Type }> & FactTime;

/** Turns that wait behind others; older ones find their place anew. */
const MAX_DISPATCHED = 64;
/** It belongs to no request of anybody (trap 14). */
const SHUTDOWN = 'shutdown';

export interface Parents {
  /** Of the process. */
  readonly environment: Context | undefined;
  /** Of a caller; `invalid`: there is one, and it is none. */
  readonly caller: (trace: TraceContext | undefined) => Context | 'invalid' | undefined;
}

export function tellThreadStarted(
  { api, events, measurements }: Speaker,
  thread: ThreadTold,
  { atMs }: FactTime,
  parents: Parents,
): void {
  const { facts, spans, tags, subject } = thread;
  const { threadId } = facts;
  spans.open(SPANS.loop, 'session_loop', {
    parent: api.ROOT_CONTEXT,
    atMs,
    attributes: { thread_id: threadId },
  });
  if (facts.source === 'exec')
    spans.open(SPANS.exec, 'codex.exec', {
      parent: parents.environment ?? api.ROOT_CONTEXT,
      atMs: facts.beganAtMs ?? atMs,
      attributes: { 'thread.id': threadId },
    });
  events.emit(
    'codex.conversation_starts',
    { subject, atMs, at: innermost(thread, {}) },
    {
      provider_name: facts.provider.name,
      ...environmentFields(facts.authEnvironment),
      reasoning_effort: facts.effort,
      reasoning_summary: facts.summary,
      context_window: facts.contextWindow,
      auto_compact_token_limit: facts.autoCompactTokenLimit,
      approval_policy: facts.approvalPolicy,
      sandbox_policy: facts.sandboxPolicy,
      mcp_servers: () => facts.mcpServers.join(', '),
      mcp_server_count: facts.mcpServers.length,
    },
  );
  const { isGit, isWorktree } = facts;
  measurements.count('codex.thread.started', {
    ...tags,
    is_git: String(isGit),
    is_worktree: String(isWorktree),
  });
}

export function tellThreadEnded(
  speaker: Speaker,
  { spans, auth }: ThreadTold,
  { atMs, status }: Told<'thread_ended'>,
): void {
  const root = spans.find(SPANS.exec);
  const loop = spans.find(SPANS.loop);
  loop?.span.setAttributes(knownTags(speaker, auth.tags()));
  const error = status === 'failed' ? 'failed' : undefined;
  // The two of the thread itself last: what is open below them did not end by itself.
  spans.endAll(atMs, { except: [SPANS.exec, SPANS.loop] });
  if (root) spans.end(SPANS.exec, { atMs, error });
  spans.end(SPANS.loop, { atMs });
}

export function tellOperationStarted(
  speaker: Speaker,
  thread: ThreadTold,
  { atMs, submissionId, operation, trace }: Told<'operation_started'>,
  parents: Parents,
): void {
  const name = nameOf(speaker, operation);
  const { spans, dispatched } = thread;
  const parent = operation === SHUTDOWN ? loopOf(speaker, thread) : parentOf(speaker, thread, trace, parents);
  const opened = spans.open(SPANS.operation(submissionId), `op.dispatch.${name}`, {
    parent,
    atMs,
    attributes: { 'submission.id': submissionId, 'codex.op': name },
  });
  dispatched.set(submissionId, opened.context);
  if (dispatched.size <= MAX_DISPATCHED) return;
  const [oldest] = dispatched.keys();
  if (oldest !== undefined) dispatched.delete(oldest);
}

const loopOf = ({ api }: Speaker, { spans }: ThreadTold): Context => contextAt(api, spans.find(SPANS.loop));

/** A caller's own trace beats everything; one that is invalid stands for nothing else (spec/observability.md 4.7, trap 17). */
export function parentOf(
  speaker: Speaker,
  thread: ThreadTold,
  trace: TraceContext | undefined,
  { caller, environment }: Parents,
): Context {
  const given = caller(trace);
  if (given === 'invalid') return loopOf(speaker, thread);
  return given ?? thread.spans.find(SPANS.exec)?.context ?? environment ?? loopOf(speaker, thread);
}
