import type { Attributes, Context } from '@opentelemetry/api';
import type { Redactor } from '../../redact/redactor.ts';
import type { AuthFacts } from '../auth-facts.ts';
import type { AuthEnvironmentFacts } from '../facts/attempt.ts';
import type { FactTime } from '../facts/fact.ts';
import type { ThreadStarted } from '../facts/thread.ts';
import type { EventPlace, Events, Subject } from './events.ts';
import type { Measurements, Tags } from './measurements.ts';
import type { OpenSpan, Spans } from './spans.ts';
import type { OtelApi } from './trace-context.ts';
import { safeName, safeText } from './words.ts';

/** What every teller works with. */
export interface Speaker {
  readonly api: OtelApi;
  readonly events: Events;
  readonly measurements: Measurements;
  readonly redactor: Pick<Redactor, 'text'>;
  readonly capturesContent: boolean;
  readonly logUserPrompt: boolean;
  readonly agentName: string;
}

/** One thread as its facts have told it. */
export interface ThreadTold {
  readonly facts: ThreadStarted;
  readonly auth: AuthFacts;
  readonly spans: Spans;
  readonly turns: Map<string, TurnTold>;
  /** Where the turn of a submission belongs, until it begins. */
  readonly dispatched: Map<string, Context>;
  /** Of tools whose end is not told yet, by turn and call. */
  readonly calls: Map<string, CallTold>;
  readonly inferences: Map<string, InferenceTold>;
  /** Attributes of the metric of calls to servers that are on their way. */
  readonly mcpCalls: Map<string, Attributes>;
  readonly subject: Subject;
  readonly tags: Tags;
  /** The conversation that the model sees is a summary of an older one. */
  isCompacted: boolean;
  toolResults: number;
}

export interface TurnTold {
  readonly id: string;
  readonly model: string;
  readonly subject: Subject;
  readonly tags: Tags;
  /** The question that is on its way. */
  samplingId: string | undefined;
  inferences: number;
}

export interface CallTold {
  readonly tool: string;
  readonly namespace: string | undefined;
  readonly origin: 'builtin' | 'mcp' | 'dynamic';
  readonly mcpServer: string | undefined;
  readonly input: () => string;
  readonly startedAtMs: number;
  /** The call to a server that is on its way. */
  mcpCallId: string | undefined;
  /** `error.type` of the call to a server that is over. */
  mcpError: string | undefined;
}

export interface InferenceTold {
  readonly purpose: 'turn' | 'compaction' | 'prewarm';
  readonly startedAtMs: number;
  readonly model: string;
  readonly attributes: Readonly<Record<string, string | number>>;
  readonly deltas: Map<string, DeltasTold>;
  events: number;
}

export interface DeltasTold {
  count: number;
  durationMs: number;
}

/** Keys of spans. */
export const SPANS = {
  exec: 'exec',
  loop: 'loop',
  spawn: 'spawn',
  init: 'init',
  warmUp: 'warm-up',
  operation: (id: string) => `operation ${id}`,
  task: (turn: string) => `task ${turn}`,
  run: (turn: string) => `run ${turn}`,
  agent: (turn: string) => `agent ${turn}`,
  sampling: (id: string) => `sampling ${id}`,
  attempt: (inference: string) => `try ${inference}`,
  client: (inference: string) => `client ${inference}`,
  chat: (inference: string) => `chat ${inference}`,
  dispatch: (call: string) => `dispatch ${call}`,
  tool: (call: string) => `tool ${call}`,
  mcp: (call: string) => `mcp ${call}`,
} as const;

export interface Scope {
  readonly turnId?: string | undefined;
  readonly inferenceId?: string | undefined;
  readonly callId?: string | undefined;
}

export const callKey = ({ turnId, callId }: { readonly turnId: string; readonly callId: string }): string =>
  `${turnId}/${callId}`;

/** The innermost open span of what something is done for. */
export function innermost({ spans, calls, turns }: ThreadTold, scope: Scope): OpenSpan | undefined {
  const { turnId, inferenceId, callId } = scope;
  const call = turnId !== undefined && callId !== undefined ? callKey({ turnId, callId }) : undefined;
  const mcpCallId = call === undefined ? undefined : calls.get(call)?.mcpCallId;
  const samplingId = turnId === undefined ? undefined : turns.get(turnId)?.samplingId;
  const keys = [
    ...(mcpCallId === undefined ? [] : [SPANS.mcp(mcpCallId)]),
    ...(call === undefined ? [] : [SPANS.tool(call), SPANS.dispatch(call)]),
    ...(inferenceId === undefined
      ? []
      : [SPANS.chat(inferenceId), SPANS.client(inferenceId), SPANS.attempt(inferenceId)]),
    ...(samplingId === undefined || call !== undefined ? [] : [SPANS.sampling(samplingId)]),
    ...(turnId === undefined ? [] : [SPANS.agent(turnId), SPANS.run(turnId), SPANS.task(turnId)]),
    SPANS.exec,
    SPANS.loop,
  ];
  for (const key of keys) {
    const found = spans.find(key);
    if (found) return found;
  }
  return undefined;
}

export const contextAt = (api: OtelApi, span: OpenSpan | undefined): Context =>
  span?.context ?? api.ROOT_CONTEXT;

/** Where an event of a scope goes. */
export const placeOf = (thread: ThreadTold, scope: Scope, { atMs }: FactTime): EventPlace => ({
  subject: subjectOf(thread, scope),
  atMs,
  at: innermost(thread, scope),
});

export const subjectOf = (thread: ThreadTold, { turnId }: Scope): Subject =>
  (turnId === undefined ? undefined : thread.turns.get(turnId)?.subject) ?? thread.subject;

export const tagsOf = (thread: ThreadTold, { turnId }: Scope): Tags =>
  (turnId === undefined ? undefined : thread.turns.get(turnId)?.tags) ?? thread.tags;

export const nameOf = ({ redactor }: Speaker, name: string): string => safeName(redactor, name);
export const textOf = ({ redactor }: Speaker, text: string): string => safeText(redactor, text).text;

/** Names and values of tags that are known; an empty one says that nothing is. */
export function knownTags(speaker: Speaker, tags: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(tags)
      .filter(([, value]) => value !== '')
      .map(([name, value]) => [name, textOf(speaker, value)]),
  );
}

export const environmentFields = (environment: AuthEnvironmentFacts) => ({
  'auth.env_openai_api_key_present': environment.openaiApiKeyPresent,
  'auth.env_codex_api_key_present': environment.codexApiKeyPresent,
  'auth.env_codex_api_key_enabled': environment.codexApiKeyEnabled,
  'auth.env_provider_key_name': environment.providerKeyName,
  'auth.env_provider_key_present': environment.providerKeyPresent,
  'auth.env_refresh_token_url_override_present': environment.refreshTokenUrlOverridePresent,
});
