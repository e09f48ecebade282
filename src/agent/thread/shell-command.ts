import type { MessageItem } from '../protocol/item.ts';
import { TurnFailure } from '../tools/tool.ts';
import { truncateOutput } from '../tools/truncate.ts';
import { unlessAborted } from './abortable.ts';
import type { ThreadCore } from './core.ts';
import type { ThreadTools, UserShellResult } from './thread-tools.ts';
import { toolContext, truncationFor } from './tool-context.ts';
import type { Turn } from './turn-state.ts';

/** Runs a command of the user's (`!git status`) and lets the model know what came of it. */
export async function runShellCommand(
  core: ThreadCore,
  turn: Turn,
  { command, tools }: { readonly command: string; readonly tools: ThreadTools },
): Promise<void> {
  if (!tools.runUserShell) throw new TurnFailure('this thread has no terminal to run a command in');
  const result = await unlessAborted(tools.runUserShell(command, toolContext(core, turn)), turn.signal);
  const output = truncateOutput(result.output, truncationFor(core, turn));
  // Not by way of the turn: it may be over before a command that joined it.
  await core.journal.record(turn.id, commandItem(command, { ...result, output }));
}

function commandItem(command: string, { exitCode, output, durationMs }: UserShellResult): MessageItem {
  const text = [
    '<user_shell_command>',
    `<command>\n${command}\n</command>`,
    '<result>',
    `Exit code: ${exitCode ?? 'none'}`,
    `Duration: ${(durationMs / 1000).toFixed(4)} seconds`,
    `Output:\n${output}`,
    '</result>',
    '</user_shell_command>',
  ].join('\n');
  return { type: 'message', role: 'user', content: [{ type: 'input_text', text }] };
}
