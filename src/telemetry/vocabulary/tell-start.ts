import type { Context } from '@opentelemetry/api';
import type { FactTime } from '../facts/fact.ts';
import type { StartFact } from '../facts/start.ts';
import type { EventPlace } from './events.ts';
import { contextAt, innermost, placeOf, SPANS } from './speaker.ts';
import type { Speaker, ThreadTold } from './speaker.ts';
import type { Parents } from './tell-thread.ts';

type Told<Type extends StartFact['type']> = Extract<StartFact, { readonly type: Type }> & FactTime;

/** What startup phases and the warm-up are spoken of as, as measured with codex 0.169. */
const PHASES = {
  create: 'thread_start_create_thread',
  tools: 'startup_prewarm_build_tools',
  connection: 'startup_prewarm_websocket_warmup',
  warmUp: 'startup_prewarm_total',
  waiting: 'startup_prewarm_resolve',
} as const;
const CONSUMED = 'consumed';

/** `thread_spawn`, below it `session_init`, below that its steps: all of them are over already. */
export function tellThreadSpawned(
  speaker: Speaker,
  thread: ThreadTold,
  fact: Told<'thread_spawned'>,
  parents: Parents,
): void {
  const { spans, subject } = thread;
  const { atMs, status, durationMs } = fact;
  const error = status === 'failed' ? status : undefined;
  const spawn = spans.open(SPANS.spawn, 'thread_spawn', {
    parent: parentOf(speaker, thread, parents),
    atMs: fact.beganAtMs,
    attributes: { 'thread.id': thread.facts.threadId },
  });
  const init = spans.open(SPANS.init, 'session_init', { parent: spawn.context, atMs: fact.initBeganAtMs });
  for (const { step, beganAtMs, durationMs: stepMs } of fact.steps)
    spans.record(
      `session_init.${step}`,
      { parent: init.context, atMs: beganAtMs },
      { atMs: beganAtMs + stepMs },
    );
  tellPhase(speaker, thread, { phase: PHASES.create, status, durationMs }, { subject, atMs, at: spawn });
  spans.end(SPANS.init, { atMs, error });
  spans.end(SPANS.spawn, { atMs, error });
}

/** Not the session loop: that begins when the thread is there, and roots a trace of its own. */
function parentOf({ api }: Speaker, { spans }: ThreadTold, { caller, environment }: Parents): Context {
  const NO_TRACE = undefined;
  const active = caller(NO_TRACE);
  return (
    (active === 'invalid' ? undefined : active) ??
    spans.find(SPANS.exec)?.context ??
    environment ??
    api.ROOT_CONTEXT
  );
}

export function tellWarmedUp(speaker: Speaker, thread: ThreadTold, fact: Told<'warmed_up'>): void {
  const { spans, subject, tags } = thread;
  const { atMs, status, durationMs, toolsMs } = fact;
  const at = spans.open(SPANS.warmUp, 'startup_prewarm', {
    parent: contextAt(speaker.api, innermost(thread, {})),
    atMs: atMs - durationMs,
  });
  const place = { subject, atMs, at };
  tellPhase(speaker, thread, { phase: PHASES.tools, durationMs: toolsMs }, place);
  // One that was given up may not have come that far.
  if (status !== 'cancelled')
    tellPhase(speaker, thread, { phase: PHASES.connection, durationMs: durationMs - toolsMs }, place);
  tellPhase(speaker, thread, { phase: PHASES.warmUp, status, durationMs }, place);
  speaker.measurements.record('codex.startup_prewarm.duration_ms', durationMs, { ...tags, status });
  spans.end(SPANS.warmUp, { atMs, error: status === 'ready' || status === 'cancelled' ? undefined : status });
}

export function tellWarmUpConsumed(
  speaker: Speaker,
  thread: ThreadTold,
  fact: Told<'warm_up_consumed'>,
): void {
  const { status, ageMs, waitedMs } = fact;
  const phase = { phase: PHASES.waiting, status, durationMs: waitedMs };
  tellPhase(speaker, thread, phase, placeOf(thread, {}, fact));
  speaker.measurements.record('codex.startup_prewarm.age_at_first_turn_ms', ageMs, {
    ...thread.tags,
    status: status === 'ready' ? CONSUMED : status,
  });
}

interface Phase {
  readonly phase: (typeof PHASES)[keyof typeof PHASES];
  readonly status?: string;
  readonly durationMs: number;
}

function tellPhase(
  { events, measurements }: Speaker,
  { tags }: ThreadTold,
  { phase, status, durationMs }: Phase,
  place: EventPlace,
): void {
  events.emit('codex.startup_phase', place, {
    'startup.phase': phase,
    'startup.status': status,
    duration_ms: durationMs,
  });
  measurements.record('codex.startup.phase.duration_ms', durationMs, {
    ...tags,
    phase,
    ...(status !== undefined && { status }),
  });
}
