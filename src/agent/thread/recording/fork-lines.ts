import type { RolloutLine } from '../../../store/rollouts/line.ts';
import { abortMarker, isPrompt } from '../context.ts';
import type { LoadedThread } from './load.ts';
import { storedItem } from './stored-item.ts';

/** Where a fork leaves the thread that it comes from (spec/agent-core.md 1.2). */
export type ForkPoint =
  /** Everything; a turn that is under way there counts as interrupted here. */
  | { readonly kind: 'end' }
  /** Everything before this prompt, counted from 0. A thread with fewer prompts is copied whole. */
  | { readonly kind: 'before_prompt'; readonly index: number };

/** The lines that a fork copies, the parent's `session_meta` among them, as older agents did and every agent reads. */
export function forkLines({ lines, history }: LoadedThread, point: ForkPoint): readonly RolloutLine[] {
  if (point.kind === 'before_prompt') {
    const cut = startOfPrompt(lines, point.index);
    if (cut !== undefined) return lines.slice(0, cut);
  }
  if (!history.isMidTurn) return lines;
  return [...lines, { type: 'response_item', payload: { ...abortMarker() } }];
}

/** The first line of the turn that the prompt opens; what precedes it in the turn is told again by the fork. */
function startOfPrompt(lines: readonly RolloutLine[], index: number): number | undefined {
  let prompts = 0;
  let turnStart: number | undefined;
  for (const [at, { type, payload }] of lines.entries()) {
    if (type === 'event_msg') {
      if (payload['type'] === 'task_started' || payload['type'] === 'turn_started') turnStart = at;
      else if (payload['type'] === 'task_complete' || payload['type'] === 'turn_aborted')
        turnStart = undefined;
    }
    const item = type === 'response_item' ? storedItem(payload) : undefined;
    if (!item || !isPrompt(item)) continue;
    if (prompts === index) return turnStart ?? at;
    prompts += 1;
    // A second prompt of the same turn was steered into it: the fork keeps what was said before.
    turnStart = undefined;
  }
  return undefined;
}
