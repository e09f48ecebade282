import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AgentObserver, AgentThread, EventMsg } from '../agent/index.ts';
import { readDatabase } from '../store/sqlite/read.ts';
import { readRollout } from '../store/rollouts/read.ts';
import type { CheckContext } from './context.ts';
import { TOOL_VERSION } from './version.ts';

/** One request as it went out. */
export interface CanaryAttempt {
  readonly kind: 'http' | 'websocket_connect' | 'websocket_request';
  readonly success: boolean;
  readonly httpStatus?: number;
  readonly requestId?: string;
  readonly cfRay?: string;
}

/** How one turn of the embedded agent went. Holds nothing of the conversation but whether it was the expected one. */
export interface CanaryTurn {
  /** `late`: the time was up before the turn was over. `not_started`: `message` says why. */
  readonly end: 'completed' | 'failed' | 'late' | 'not_started';
  readonly model: string;
  /** In the core's words, of the last request that failed; empty without one. */
  readonly message: string;
  /** `ErrorInfo.kind` of a turn that failed. */
  readonly errorKind: string | undefined;
  /** The model called the tool that it was told to call. */
  readonly hasCalledTool: boolean;
  /** Its answer holds the word that only the tool could tell. */
  readonly hasToldWord: boolean;
  readonly attempts: readonly CanaryAttempt[];
  /** An event of a stream came, of whatever kind. */
  readonly hasHeardStream: boolean;
  readonly firstTokenMs: number | null;
  readonly durationMs: number;
  readonly totalTokens: number;
  /** Call, result and answer are in the session file. */
  readonly isOnDisk: boolean;
  /** The thread has its row in the index. */
  readonly isIndexed: boolean;
}

const TOOL = {
  name: 'stethos_canary',
  description: 'Tells a word. Takes no arguments.',
  inputSchema: { type: 'object', properties: {} },
} as const;
const PROMPT = `This is a check of the connection and no task. Call the tool ${TOOL.name} once, then answer with the word that it tells and with nothing else.`;
const WORD_BYTES = 4;
/** A rollout's records of a turn that went through: the call, its result, the answer. */
const RECORDS = ['function_call', 'function_call_output', 'message'] as const;

/**
 * Lets the embedded agent take one turn with the configuration and the login of the examined home: a request, a stream, a
 * call of a tool that this process answers itself, and the answer. Everything that is written stands in a temporary
 * folder, which is gone afterwards. Spends tokens.
 * @param timeoutMs for the turn; never throws over what happens in it
 */
export async function takeCanaryTurn(context: CheckContext, timeoutMs: number): Promise<CanaryTurn> {
  const folder = mkdtempSync(join(tmpdir(), 'stethos-canary-'));
  try {
    return await converse(context, { folder, timeoutMs });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function converse(
  context: CheckContext,
  { folder, timeoutMs }: { readonly folder: string; readonly timeoutMs: number },
): Promise<CanaryTurn> {
  const { target, env, cwd, clock, options, files } = context;
  const api = await import('../agent/index.ts');
  const attempts: CanaryAttempt[] = [];
  const seen = createWitness();
  const begunMs = clock.elapsed();
  const notStarted = (message: string): CanaryTurn => ({
    ...seen.facts(),
    end: 'not_started',
    message,
    attempts,
    durationMs: Math.round(clock.elapsed() - begunMs),
    isOnDisk: false,
    isIndexed: false,
  });
  let agent: ReturnType<typeof api.createAgent>;
  try {
    agent = api.createAgent({
      home: target.home.path,
      env,
      cwd,
      overrides: options.overrides,
      entryPoint: 'exec',
      ignoresRules: true,
      examination: { profile: target.home.profile.id, folder },
      client: { name: 'stethos', version: TOOL_VERSION },
      observer: observerOf(attempts, seen),
    });
  } catch (error) {
    if (error instanceof api.AgentStartError) return notStarted(error.message);
    throw error;
  }
  try {
    const thread = await agent.startThread({ dynamicTools: [TOOL] });
    const isOver = await follow(thread, seen, { timeoutMs, signal: context.signal });
    const durationMs = Math.round(clock.elapsed() - begunMs);
    await agent.close();
    const { rolloutPath } = thread;
    return {
      ...seen.facts(),
      ...(!isOver && { end: 'late' }),
      attempts,
      durationMs,
      isOnDisk: rolloutPath !== undefined && (await holdsTurn(rolloutPath, files)),
      isIndexed: await isIndexed(join(folder, 'state_5.sqlite')),
    };
  } catch (error) {
    if (error instanceof api.AgentStartError) return notStarted(error.message);
    throw error;
  } finally {
    await agent.close();
  }
}

/** Resolves when the turn is over; false when the time or the run was over before. */
async function follow(
  thread: AgentThread,
  witness: Witness,
  { timeoutMs, signal }: { readonly timeoutMs: number; readonly signal: AbortSignal },
): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const giveUp = (): void => resolve(false);
  const timer = setTimeout(giveUp, timeoutMs);
  signal.addEventListener('abort', giveUp, { once: true });
  thread.subscribe(({ msg }) => {
    witness.hear(msg);
    if (msg.type === 'dynamic_tool_call_request')
      thread.submit({
        type: 'dynamic_tool_response',
        id: msg.call_id,
        success: true,
        contentItems: [{ type: 'inputText', text: witness.word }],
      });
    if (msg.type === 'task_complete' || msg.type === 'turn_aborted') resolve(true);
  });
  thread.submit({ type: 'user_input', items: [{ type: 'text', text: PROMPT }] });
  const isOver = await promise;
  clearTimeout(timer);
  signal.removeEventListener('abort', giveUp);
  return isOver;
}

type Heard = Omit<CanaryTurn, 'attempts' | 'durationMs' | 'isOnDisk' | 'isIndexed'>;

interface Witness {
  /** Nobody but the tool can tell it. */
  readonly word: string;
  hear(msg: EventMsg): void;
  hearStream(): void;
  facts(): Heard;
}

function createWitness(): Witness {
  const { randomBytes } = process.getBuiltinModule('node:crypto');
  const word = `canary-${randomBytes(WORD_BYTES).toString('hex')}`;
  let facts: Heard = {
    end: 'failed',
    model: '',
    message: '',
    errorKind: undefined,
    hasCalledTool: false,
    hasToldWord: false,
    hasHeardStream: false,
    firstTokenMs: null,
    totalTokens: 0,
  };
  return {
    word,
    facts: () => facts,
    hearStream: () => {
      facts = { ...facts, hasHeardStream: true };
    },
    hear(msg) {
      switch (msg.type) {
        case 'session_configured':
          facts = { ...facts, model: msg.model };
          break;
        case 'dynamic_tool_call_request':
          facts = { ...facts, hasCalledTool: true };
          break;
        case 'token_count':
          facts = { ...facts, totalTokens: msg.info?.total_token_usage.total_tokens ?? 0 };
          break;
        case 'stream_error':
          facts = { ...facts, message: msg.details ?? msg.message };
          break;
        case 'error':
          facts = { ...facts, message: msg.message, errorKind: msg.info.kind };
          break;
        case 'task_complete':
          facts = {
            ...facts,
            end: msg.error === undefined ? 'completed' : 'failed',
            hasToldWord: msg.last_agent_message?.includes(word) === true,
            firstTokenMs: msg.time_to_first_token_ms,
          };
          break;
        default:
      }
    },
  };
}

function observerOf(attempts: CanaryAttempt[], witness: Witness): AgentObserver {
  return {
    observe(fact) {
      if (fact.type === 'stream_event' || fact.type === 'stream_deltas') witness.hearStream();
      if (fact.type !== 'attempt') return;
      const { kind, success, httpStatus, requestId, cfRay } = fact.facts;
      attempts.push({
        kind,
        success,
        ...(httpStatus !== undefined && { httpStatus }),
        ...(requestId !== undefined && { requestId }),
        ...(cfRay !== undefined && { cfRay }),
      });
    },
  };
}

async function holdsTurn(path: string, files: CheckContext['files']): Promise<boolean> {
  const found = new Set<unknown>();
  await readRollout({
    files,
    path,
    onLine: ({ line }) => {
      if (line.type === 'response_item') found.add(line.payload['type']);
    },
  });
  return RECORDS.every((record) => found.has(record));
}

async function isIndexed(database: string): Promise<boolean> {
  const read = await readDatabase(database, { task: 'threads', input: {} });
  return read.kind === 'read' && read.value.kind === 'indexed' && read.value.count === 1;
}
