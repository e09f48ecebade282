import type { AgentEvent, EventMsg } from '../protocol/event.ts';
import { turnId } from '../protocol/ids.ts';
import type { Op, Submission, ThreadSettings } from '../protocol/op.ts';
import type { ClientRequests } from './client-requests.ts';
import { limitsFor } from './core.ts';
import type { ThreadCore } from './core.ts';
import type { EventHub } from './events.ts';
import type { Recorder } from './recorder.ts';
import { withoutLastTurns } from './recording/history-from.ts';
import { applySettings } from './settings.ts';
import type { TurnSettings } from './settings.ts';
import { runShellCommand } from './shell-command.ts';
import { conduct } from './task.ts';
import type { TurnKind } from './task.ts';
import { refused, rollbackProblem, steerable } from './submission-rules.ts';
import type { AgentThread } from './thread.ts';
import type { ThreadTools } from './thread-tools.ts';
import { createTurnTimer } from './timing.ts';
import { runCompaction, runTurn } from './turn.ts';
import { createTurn } from './turn-state.ts';
import type { OwnedTurn, Prompt } from './turn-state.ts';
import { isEmptyInput } from './user-input.ts';

export interface SessionOptions {
  readonly core: ThreadCore;
  readonly settings: TurnSettings;
  readonly tools: ThreadTools;
  readonly requests: ClientRequests;
  readonly recorder: Recorder;
  readonly hub: EventHub;
  /** The thread has ended and said so. */
  readonly onClosed: () => void;
}

/** A turn on its way, and when it will be over. */
interface Running {
  readonly kind: TurnKind;
  readonly turn: OwnedTurn;
  /** Never rejects. */
  readonly ended: Promise<void>;
}

interface TaskStart extends Pick<UserInputOp, 'finalOutputJsonSchema' | 'clientMetadata'> {
  readonly id: string;
  readonly trace: Submission['trace'] | undefined;
  readonly opening?: readonly Prompt[];
}

type UserInputOp = Extract<Op, { readonly type: 'user_input' }>;

/** Events of the thread itself belong to no submission. */
const NO_SUBMISSION = '';

/**
 * One thread at work. Whether an operation is accepted is decided in the moment it is submitted; what takes time follows
 * in order, one turn after the other.
 */
export function createSession(options: SessionOptions): AgentThread {
  const { core, tools, requests, recorder, hub } = options;
  const { journal, world, facts } = core;
  const { tell } = world;
  let { settings } = options;
  /** The last turn that was started; it may still wait for the one before. */
  let current: Running | undefined;
  let shuttingDown: Promise<void> | undefined;
  /** What goes on beside the turns. */
  const aside = new Set<Promise<void>>();

  const openTask = (): Running | undefined => (current?.turn.isOpen ? current : undefined);

  const startTask = (
    kind: Running['kind'],
    start: TaskStart,
    work: (turn: OwnedTurn) => Promise<string | null>,
  ): void => {
    openTask()?.turn.interrupt('replaced');
    const before = current?.ended ?? Promise.resolve();
    const turn = createTurn({
      id: turnId(start.id),
      opening: start.opening ?? [],
      settings,
      timer: createTurnTimer(world.clock, (what, durationMs) =>
        tell?.({ type: what, turnId: start.id, durationMs }),
      ),
      trace: start.trace,
      outputSchema: start.finalOutputJsonSchema,
      clientMetadata: start.clientMetadata ?? {},
      journal,
    });
    const take = async (): Promise<void> => {
      await before;
      await conduct(core, turn, {
        kind,
        work: () => work(turn),
        // Whoever hears of the end may ask for what needs an idle thread.
        onOver: () => {
          if (current?.turn === turn) current = undefined;
        },
      });
    };
    current = { kind, turn, ended: take() };
  };

  const change = (id: string, settingsChange: ThreadSettings | undefined): void => {
    if (!settingsChange) return;
    settings = applySettings(settings, settingsChange, (slug) => core.provider.modelInfo(slug));
    journal.emit(id, { type: 'thread_settings_applied' });
  };

  /** Steers the turn that runs, or opens one. Gives the id of that turn. */
  const accept = (op: UserInputOp, id: string, trace: Submission['trace']): string => {
    if (isEmptyInput(op.items)) throw refused({ kind: 'empty_input' });
    const steered = steerable(openTask(), op.expectedTurnId);
    change(id, op.threadSettings);
    if (steered) {
      steered.queue({ items: op.items }, op.clientMetadata);
      return steered.id;
    }
    startTask('turn', { ...op, id, trace, opening: [{ items: op.items }] }, (turn) => runTurn(core, turn));
    return id;
  };

  const interrupt = (): void => {
    const task = openTask();
    if (task) task.turn.interrupt('interrupted');
    else tools.cancelStartup();
  };

  const rollback = (id: string, numTurns: number): void => {
    const problem = rollbackProblem({
      numTurns,
      isBusy: current !== undefined,
      isSaved: recorder.path !== undefined,
    });
    if (problem !== undefined) {
      journal.emit(id, { type: 'error', message: problem, info: { kind: 'thread_rollback_failed' } });
      return;
    }
    core.history.replace(withoutLastTurns(core.history.items, numTurns));
    core.memory.context = undefined;
    core.usage.reestimate();
    journal.emit(id, { type: 'thread_rolled_back', num_turns: numTurns });
    journal.emit(id, core.usage.tokenCount(limitsFor(core, settings.model).window));
  };

  /** Beside the turn that runs, or in one of its own, which then also hears what is steered in. */
  const runCommand = (id: string, command: string, trace: Submission['trace']): void => {
    const running = openTask();
    if (running && running.kind !== 'compact')
      goAside(id, 'The command failed', () => runShellCommand(core, running.turn, { command, tools }));
    else
      startTask('user_shell', { id, trace }, async (turn) => {
        await runShellCommand(core, turn, { command, tools });
        return turn.close() ? null : runTurn(core, turn);
      });
  };

  /** What nobody waits for may fail, and is told then. */
  const quietly = async (id: string, what: string, work: () => Promise<unknown>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      const reason = error instanceof Error ? error.message : 'for an unknown reason';
      journal.emit(id, { type: 'warning', message: `${what}: ${reason}` });
    }
  };

  const goAside = (id: string, what: string, work: () => Promise<unknown>): void => {
    const done = quietly(id, what, work).finally(() => aside.delete(done));
    aside.add(done);
  };

  /** Tells what is done for one submission; what takes time belongs to the turn that it opens. */
  const dispatched = <Value>({ op, id, trace }: Submission, work: () => Value): Value => {
    tell?.({ type: 'operation_started', submissionId: id, operation: op.type, ...(trace && { trace }) });
    try {
      return work();
    } finally {
      tell?.({ type: 'operation_ended', submissionId: id });
    }
  };

  const shutDown = async (id: string): Promise<void> => {
    tell?.({ type: 'operation_started', submissionId: id, operation: 'shutdown' });
    let status: 'completed' | 'failed' = 'failed';
    try {
      await endEverything(id);
      status = 'completed';
    } finally {
      tell?.({ type: 'operation_ended', submissionId: id });
      tell?.({ type: 'thread_ended', status });
    }
  };

  const endEverything = async (id: string): Promise<void> => {
    openTask()?.turn.interrupt('interrupted');
    await current?.ended;
    core.warmUp.cancel();
    await quietly(id, 'Tools did not end cleanly', async () => {
      await tools.close();
      // A command that this cut off is still to be recorded.
      await Promise.all(aside);
    });
    core.model.close();
    await quietly(id, 'The conversation was not saved to its end', () => recorder.close());
    hub.emit({ id, msg: { type: 'shutdown_complete' } } satisfies AgentEvent);
    hub.close();
    options.onClosed();
  };

  const perform = (op: Op, id: string, trace: Submission['trace']): string => {
    switch (op.type) {
      case 'user_input':
        return accept(op, id, trace);
      case 'thread_settings':
        change(id, op.settings);
        break;
      case 'interrupt':
        interrupt();
        break;
      case 'compact':
        startTask('compact', { id, trace }, (turn) => runCompaction(core, turn));
        break;
      case 'thread_rollback':
        rollback(id, op.numTurns);
        break;
      case 'run_user_shell_command':
        runCommand(id, op.command, trace);
        break;
      case 'clean_background_terminals':
        goAside(id, 'Terminals did not end cleanly', () => tools.cleanTerminals());
        break;
      case 'exec_approval':
      case 'patch_approval':
      case 'user_input_answer':
      case 'dynamic_tool_response':
      case 'resolve_elicitation':
        if (requests.answer(op) === 'interrupts') openTask()?.turn.interrupt('interrupted');
        break;
      case 'shutdown':
        shuttingDown ??= shutDown(id);
        break;
    }
    return id;
  };

  journal.emit(NO_SUBMISSION, configuredEvent(core, settings, recorder.path));
  for (const { kind, message } of core.config.warnings)
    journal.emit(
      NO_SUBMISSION,
      kind === 'warning' ? { type: 'warning', message } : { type: 'deprecation_notice', summary: message },
    );

  return {
    id: facts.threadId,
    sessionId: facts.sessionId,
    rolloutPath: recorder.path,
    submit(op, { trace } = {}) {
      if (shuttingDown) throw refused({ kind: 'shut_down' });
      const id = world.ids.timeOrdered();
      const work = (): string => perform(op, id, trace);
      return op.type === 'shutdown' ? work() : dispatched({ op, id, ...(trace && { trace }) }, work);
    },
    events: () => hub.events(),
    subscribe: (listener) => hub.subscribe(listener),
    shutdown: () => (shuttingDown ??= shutDown(world.ids.timeOrdered())),
  };
}

function configuredEvent(
  { facts, provider }: ThreadCore,
  settings: TurnSettings,
  path: string | undefined,
): EventMsg {
  return {
    type: 'session_configured',
    session_id: facts.sessionId,
    thread_id: facts.threadId,
    ...(facts.forkedFrom && { forked_from_id: facts.forkedFrom }),
    model: settings.model.slug,
    model_provider_id: provider.id,
    ...(settings.effort !== undefined && { reasoning_effort: settings.effort }),
    // Policies are JSON by their nature.
    approval_policy: settings.approvalPolicy as string,
    sandbox_policy: { ...settings.sandboxPolicy },
    cwd: settings.cwd,
    ...(path !== undefined && { rollout_path: path }),
  };
}
