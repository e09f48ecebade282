import type { Clock } from '../../host/clock.ts';
import { createAuthFacts } from '../../telemetry/auth-facts.ts';
import type { AgentFact } from '../../telemetry/facts/fact.ts';
import type { ThreadStarted } from '../../telemetry/facts/thread.ts';
import type { AgentObserver } from '../../telemetry/observer.ts';
import { createTraceWriter } from '../write/writer.ts';
import type { TraceLimits } from '../write/writer.ts';
import { newThread } from './recording.ts';
import type { Recording } from './recording.ts';
import { recordFact } from './record-fact.ts';
import { threadMetadata } from './thread-metadata.ts';

export interface TraceRecorderOptions {
  /** Folder of all bundles, as `CODEX_ROLLOUT_TRACE_ROOT` names it. */
  readonly root: string;
  readonly clock: Clock;
  readonly ids: { random(): string };
  /** A bundle is not written to its end, and why. */
  readonly onWarning: (message: string) => void;
  readonly limits?: Partial<TraceLimits>;
}

export interface TraceRecorder extends AgentObserver {
  /** Facts about threads that are recorded, which came too late or after recording had stopped. */
  lost(): number;
}

/**
 * Records what an agent tells as rollout traces: one bundle for each root thread, which its children share. Written on this
 * machine alone, with everything that people and models said (spec/observability.md 5).
 */
export function createTraceRecorder({
  root,
  clock,
  ids,
  onWarning,
  limits = {},
}: TraceRecorderOptions): TraceRecorder {
  /** By session, until its root thread has ended. */
  const recordings = new Map<string, Recording>();
  /** By thread; what has ended stays, so that what comes late is counted. */
  const byThread = new Map<string, Recording>();
  let lost = 0;

  const begin = (fact: ThreadStarted): Recording => {
    const { threadId, sessionId } = fact;
    const traceId = ids.random();
    const writer = createTraceWriter({
      root,
      traceId,
      rootThreadId: threadId,
      clock,
      limits,
      onStopped: (reason) => onWarning(`The trace of thread ${threadId} ends early: ${reason}.`),
    });
    const recording: Recording = {
      writer,
      sessionId,
      rootThreadId: threadId,
      threads: new Map(),
      calls: new Map(),
      callIds: new Set(),
      inferences: new Set(),
      asking: new Map(),
    };
    writer.event({ type: 'rollout_started', trace_id: traceId, root_thread_id: threadId });
    recordings.set(sessionId, recording);
    return recording;
  };

  const startThread = (fact: ThreadStarted): void => {
    const { threadId, sessionId, agentPath } = fact;
    const isChild = agentPath !== ROOT_PATH;
    const recording = (isChild ? recordings.get(sessionId) : undefined) ?? begin(fact);
    byThread.set(threadId, recording);
    const { writer, threads } = recording;
    const known = threads.get(threadId);
    if (known) {
      // A child that goes on is no new thread.
      if (known.hasEnded) writer.event({ type: 'thread_resumed', thread_id: threadId });
      known.hasEnded = false;
      return;
    }
    const metadata = writer.payload('session_metadata', threadMetadata(fact, threads));
    threads.set(threadId, newThread(fact, createAuthFacts(fact.authEnvironment)));
    writer.event({
      type: 'thread_started',
      thread_id: threadId,
      agent_path: agentPath,
      metadata_payload: metadata ?? null,
    });
  };

  const endThread = (threadId: string, status: 'completed' | 'failed'): void => {
    const recording = byThread.get(threadId);
    const thread = recording?.threads.get(threadId);
    if (!recording || !thread || thread.hasEnded) return;
    const { writer } = recording;
    thread.hasEnded = true;
    writer.event({ type: 'thread_ended', thread_id: threadId, status });
    if (threadId !== recording.rootThreadId) return;
    writer.event({ type: 'rollout_ended', status });
    writer.event({ type: 'recording_completed' });
    writer.close();
    recordings.delete(recording.sessionId);
  };

  /** The list of models is asked for with the credential of everybody: it is the latest attempt of each. */
  const hearOfNoThread = (fact: AgentFact): void => {
    if (fact.type !== 'attempt') return;
    for (const { threads } of recordings.values())
      for (const { auth } of threads.values()) auth.attempt(fact.facts);
  };

  const observe = (fact: AgentFact): void => {
    if (fact.type === 'thread_started') return startThread(fact);
    if (fact.type === 'thread_ended') return endThread(fact.threadId, fact.status);
    if (fact.threadId === undefined) return hearOfNoThread(fact);
    const recording = byThread.get(fact.threadId);
    if (!recording) return;
    if (recording.writer.stopped || recordings.get(recording.sessionId) !== recording) lost += 1;
    else recordFact(recording, fact, { ids });
  };

  return {
    namesInferences: true,
    lost: () => lost,
    observe(fact) {
      try {
        observe(fact);
      } catch (error) {
        lost += 1;
        onWarning(`A trace misses something: ${error instanceof Error ? error.message : String(error)}`);
      }
    },
    // Everything told is written already.
    flush: () => Promise.resolve(),
  };
}

const ROOT_PATH = '/root';
