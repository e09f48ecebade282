import { isEnd, prompt } from '../fixtures/thread.ts';
import type { Agent } from '../src/agent/agent.ts';
import { SubmissionRefused } from '../src/agent/index.ts';
import type { AgentEvent, AgentThread, EventMsg, Op } from '../src/agent/index.ts';
import { loadThread } from '../src/agent/thread/recording/load.ts';
import { DYNAMIC_TOOL, faultNames, faultOf, PLAN_PREFIX } from './soak-faults.ts';
import type { CallKind, Plan } from './soak-faults.ts';
import { pick } from './soak-random.ts';
import type { Random } from './soak-random.ts';

export type TurnEnd = 'done' | 'failed' | 'aborted';

export interface SoakTurn {
  readonly plan: Plan;
  readonly end: TurnEnd;
}

export interface LaneOptions {
  readonly agent: Agent;
  readonly home: string;
  readonly random: Random;
  readonly turns: number;
  /** Numbers the turns of all lanes. */
  readonly nextTurn: () => number;
  readonly onTurn: (turn: SoakTurn) => void;
  readonly onViolation: (what: string) => void;
}

/** After so many turns a thread is shut down; then it is resumed, or another one begins. */
const TURNS_AT_A_TIME = 5;
const CHANCES = { resume: 0.6, interrupt: 0.2, command: 0.1, secondAnswer: 0.2 } as const;
const MAX_CALLS = 3;
const MAX_INTERRUPT_MS = 120;
const CHEAP_CALLS: readonly CallKind[] = ['plan', 'dynamic', 'unknown'];

/** Takes turns, one after the other, on threads that come and go; none is left behind. */
export async function runLane(options: LaneOptions): Promise<void> {
  const { agent, turns, random } = options;
  let known: { readonly id: string; readonly turns: readonly number[] } | undefined;
  for (let taken = 0; taken < turns; taken += TURNS_AT_A_TIME) {
    const goesOn = known !== undefined && random() < CHANCES.resume;
    // oxlint-disable-next-line no-await-in-loop -- one thread after the other
    const thread = known && goesOn ? await agent.resumeThread(known.id) : await agent.startThread(TOOLS);
    const before = goesOn && known ? known.turns : [];
    // oxlint-disable-next-line no-await-in-loop -- one thread after the other
    const own = await runThread(thread, Math.min(TURNS_AT_A_TIME, turns - taken), options);
    known = { id: thread.id, turns: [...before, ...own] };
    // oxlint-disable-next-line no-await-in-loop -- one thread after the other
    await checkRollout(thread, known.turns, options);
  }
}

const TOOLS = {
  dynamicTools: [{ name: DYNAMIC_TOOL, description: 'Looks up.', inputSchema: { type: 'object' } }],
} as const;

async function runThread(thread: AgentThread, turns: number, options: LaneOptions): Promise<number[]> {
  const { random, onTurn, onViolation } = options;
  const ends = new Map<string, EventMsg[]>();
  const waiting = new Map<string, (end: EventMsg) => void>();
  thread.subscribe(({ id, msg }: AgentEvent) => {
    if (msg.type === 'dynamic_tool_call_request') answer(thread, msg.call_id, random);
    if (!isEnd(msg)) return;
    ends.set(id, [...(ends.get(id) ?? []), msg]);
    waiting.get(id)?.(msg);
  });
  const numbers: number[] = [];
  for (let taken = 0; taken < turns; taken += 1) {
    const plan = planOf(options);
    numbers.push(plan.turn);
    const id = thread.submit(prompt(`${PLAN_PREFIX}${JSON.stringify(plan)}`));
    const over = new Promise<EventMsg>((resolve) => void waiting.set(id, resolve));
    const isInterrupted = random() < CHANCES.interrupt;
    const interrupt = isInterrupted ? interruptAfter(random() * MAX_INTERRUPT_MS, thread) : undefined;
    // oxlint-disable-next-line no-await-in-loop -- one turn after the other
    const end = endOf(await over);
    // One that came too late would hit the next turn.
    clearTimeout(interrupt);
    onTurn({ plan, end });
    const isExpected = end === faultOf(plan.fault).ends || (isInterrupted && end === 'aborted');
    if (!isExpected) onViolation(`turn ${plan.turn} (${plan.fault}) ended as ${end}`);
  }
  await thread.shutdown();
  for (const [id, told] of ends)
    if (told.length !== 1) onViolation(`turn ${id} of ${thread.id} ended ${told.length} times`);
  if (ends.size !== turns) onViolation(`${thread.id} ended ${ends.size} turns of ${turns}`);
  return numbers;
}

function planOf({ nextTurn, random }: LaneOptions): Plan {
  const calls = Array.from({ length: Math.floor(random() * (MAX_CALLS + 1)) }, () =>
    random() < CHANCES.command ? 'command' : pick(CHEAP_CALLS, random),
  );
  return {
    turn: nextTurn(),
    fault: pick(faultNames, random),
    calls,
    at: Math.floor(random() * (calls.length + 1)),
  };
}

function endOf(msg: EventMsg): TurnEnd {
  if (msg.type !== 'task_complete') return 'aborted';
  return msg.error ? 'failed' : 'done';
}

const interruptAfter = (delayMs: number, thread: AgentThread): NodeJS.Timeout =>
  setTimeout(() => submit(thread, { type: 'interrupt' }), delayMs);

function answer(thread: AgentThread, id: string, random: Random): void {
  const contentItems = [{ type: 'inputText', text: 'found' }] as const;
  const times = random() < CHANCES.secondAnswer ? 2 : 1;
  for (let count = 0; count < times; count += 1)
    submit(thread, { type: 'dynamic_tool_response', id, success: true, contentItems });
}

/** A thread that was shut down meanwhile takes nothing more. */
function submit(thread: AgentThread, op: Op): void {
  try {
    thread.submit(op);
  } catch (error) {
    if (!(error instanceof SubmissionRefused)) throw error;
  }
}

/** Nothing is lost: the file holds every prompt once, and as many ends as starts. */
async function checkRollout(
  thread: AgentThread,
  turns: readonly number[],
  { home, onViolation }: LaneOptions,
): Promise<void> {
  const loaded = await loadThread({ home, path: thread.rolloutPath ?? '' });
  if (loaded.kind !== 'loaded') return onViolation(`${thread.id} cannot be read: ${loaded.kind}`);
  const { lines, badLines } = loaded.thread;
  if (badLines > 0) onViolation(`${thread.id} has ${badLines} bad lines`);
  const prompts = lines.flatMap(({ type, payload }) => {
    const text = type === 'response_item' ? JSON.stringify(payload) : '';
    const found = /soak: \{\\"turn\\":(\d+)/.exec(text)?.[1];
    return found === undefined ? [] : [Number(found)];
  });
  if (prompts.join() !== turns.join())
    onViolation(`${thread.id} holds the prompts ${prompts.join()} instead of ${turns.join()}`);
  const count = (...types: readonly string[]): number =>
    lines.filter(({ payload }) => 'type' in payload && types.includes(String(payload.type))).length;
  if (count('task_started') !== count('task_complete', 'turn_aborted'))
    onViolation(`${thread.id} holds other ends than starts`);
}
