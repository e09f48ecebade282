import type { MessageItem } from '../protocol/item.ts';
import { TurnFailure } from '../tools/tool.ts';
import type { ThreadCore } from './core.ts';
import type { ThreadTools } from './thread-tools.ts';
import { toolContext } from './tool-context.ts';
import type { Turn } from './turn-state.ts';

/** Runs a command of the user's (`!git status`) and lets the model know what came of it. An interrupt ends it. */
export async function runShellCommand(
  core: ThreadCore,
  turn: Turn,
  { command, tools }: { readonly command: string; readonly tools: ThreadTools },
): Promise<void> {
  if (!tools.runUserShell) throw new TurnFailure('this thread has no terminal to run a command in');
  const text = await tools.runUserShell(command, toolContext(core, turn));
  const item: MessageItem = { type: 'message', role: 'user', content: [{ type: 'input_text', text }] };
  // Not by way of the turn: it may be over before a command that joined it.
  await core.journal.record(turn.id, item);
}
