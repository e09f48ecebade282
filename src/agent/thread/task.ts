import type { ThreadFact } from '../../telemetry/facts/thread.ts';
import type { AbortReason } from '../protocol/event.ts';
import type { TurnId } from '../protocol/ids.ts';
import { abortMarker } from './context.ts';
import { limitsFor } from './core.ts';
import type { ThreadCore } from './core.ts';
import { causeOf, classOf, turnErrorOf } from './failure.ts';
import type { TurnError } from './failure.ts';
import type { TurnProfile } from './timing.ts';
import { keepUnheard } from './turn.ts';
import type { OwnedTurn } from './turn-state.ts';

/** How long an interrupted turn may take to put its things in order before nobody waits any more (1.5). */
const GRACE_MS = 100;

export interface Task {
  /** What the turn does; its value is the last message of the model. */
  readonly work: () => Promise<string | null>;
  /** The turn is over, which is told next. */
  readonly onOver: () => void;
  readonly kind: TurnKind;
}

/** What opened a turn. */
export type TurnKind = Extract<ThreadFact, { readonly type: 'turn_started' }>['kind'];

/** How a turn ended and what it was busy with, for the log. */
export interface TurnReport {
  readonly turnId: TurnId;
  readonly end: TaskEnd['kind'];
  /** Why it failed or was aborted, without the words of a server. */
  readonly cause: string | undefined;
  readonly profile: TurnProfile;
}

type TaskEnd =
  | { readonly kind: 'completed'; readonly lastMessage: string | null }
  | { readonly kind: 'failed'; readonly error: TurnError; readonly fault: unknown }
  | { readonly kind: 'aborted'; readonly reason: AbortReason };

/**
 * Runs a turn and tells its start and its end: one of each, by construction, since nobody else tells them and the end is
 * decided once. Never rejects.
 */
export async function conduct(core: ThreadCore, turn: OwnedTurn, task: Task): Promise<void> {
  const { timer, trace } = turn;
  tellStart(core, turn, task.kind);
  const traceId = trace?.traceparent.split('-')[1];
  turn.emit({
    type: 'task_started',
    turn_id: turn.id,
    ...(traceId !== undefined && { trace_id: traceId }),
    started_at: seconds(timer.startedAtMs),
    model_context_window: limitsFor(core, turn.settings.model).window ?? null,
    collaboration_mode_kind: 'default',
  });
  void noteWorkspaces(core, turn);
  const end = await endOf(core, turn, task.work);
  switch (end.kind) {
    case 'completed':
      turn.end();
      break;
    case 'failed':
      await keepUnheard(core, turn);
      turn.end();
      await core.journal.flush(turn.id);
      break;
    case 'aborted':
      await keepUnheard(core, turn);
      // From here on the turn is mute, so that nothing of it comes behind the marker.
      turn.end();
      if (core.config.recordsInterruptMarker) await core.journal.record(turn.id, abortMarker());
      await core.journal.flush(turn.id);
      break;
  }
  task.onOver();
  tellEnd(core, turn, end);
}

/** Beside the turn, whose requests say nothing of it until it is known. */
async function noteWorkspaces({ world }: ThreadCore, turn: OwnedTurn): Promise<void> {
  turn.workspaces = await world.lookAtWorkspaces(turn.settings.cwd);
}

/** Decides, once, how a turn ended. */
async function endOf(core: ThreadCore, turn: OwnedTurn, work: Task['work']): Promise<TaskEnd> {
  const over = new AbortController();
  try {
    const lastMessage = await Promise.race([work(), hardAbort(core, turn, over.signal)]);
    return { kind: 'completed', lastMessage };
  } catch (error) {
    return turn.signal.aborted
      ? { kind: 'aborted', reason: turn.abortReason }
      : { kind: 'failed', error: turnErrorOf(error), fault: error };
  } finally {
    turn.settle();
    over.abort();
  }
}

/** Rejects when the grace after an interrupt has passed. */
function hardAbort({ world }: ThreadCore, turn: OwnedTurn, over: AbortSignal): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  const onInterrupt = (): void => {
    world.wait(GRACE_MS, over).then(
      () => reject(turn.signal.reason as Error),
      () => undefined,
    );
  };
  if (turn.signal.aborted) onInterrupt();
  else turn.signal.addEventListener('abort', onInterrupt, { once: true });
  return promise;
}

function tellStart({ world }: ThreadCore, { id, settings, trace }: OwnedTurn, kind: TurnKind): void {
  const effort = settings.effort ?? settings.model.defaultEffort;
  world.tell?.({
    type: 'turn_started',
    turnId: id,
    kind,
    model: settings.model.slug,
    ...(effort !== undefined && { effort }),
    ...(trace && { trace }),
  });
}

function tellEnd(core: ThreadCore, turn: OwnedTurn, end: TaskEnd): void {
  const profile = turn.timer.profile();
  announceEnd(core, turn, { end, profile });
  const { totalMs, ...others } = profile;
  const cause = classOfEnd(end);
  core.world.tell?.({
    type: 'turn_ended',
    turnId: turn.id,
    status: end.kind,
    ...(cause !== undefined && { cause }),
    durationMs: totalMs,
    ...others,
  });
}

function announceEnd(
  { journal, world }: ThreadCore,
  turn: OwnedTurn,
  { end, profile }: { readonly end: TaskEnd; readonly profile: TurnProfile },
): void {
  const { id, timer } = turn;
  world.onTurnEnd({ turnId: id, end: end.kind, cause: causeOfEnd(end), profile });
  const ended = {
    turn_id: id,
    completed_at: seconds(world.clock.now()),
    duration_ms: profile.totalMs,
  };
  if (end.kind === 'aborted') {
    journal.emit(id, { type: 'turn_aborted', reason: end.reason, ...ended });
    return;
  }
  if (end.kind === 'failed') journal.emit(id, { type: 'error', ...end.error });
  journal.emit(id, {
    type: 'task_complete',
    last_agent_message: end.kind === 'completed' ? end.lastMessage : null,
    started_at: seconds(timer.startedAtMs),
    time_to_first_token_ms: profile.timeToFirstTokenMs,
    ...ended,
    ...(end.kind === 'failed' && { error: end.error.info }),
  });
}

function causeOfEnd(end: TaskEnd): string | undefined {
  if (end.kind === 'completed') return undefined;
  return end.kind === 'failed' ? causeOf(end.fault) : end.reason;
}

/** The same for those who may not hear any words. */
function classOfEnd(end: TaskEnd): string | undefined {
  return end.kind === 'failed' ? classOf(end.fault) : causeOfEnd(end);
}

const seconds = (milliseconds: number): number => Math.floor(milliseconds / 1000);
