import type { ToolKind } from '../model/tool.ts';

type PlainKind = Exclude<ToolKind['type'], 'mcp' | 'other'>;

/** What is meant by the names under which models know tools (spec/observability.md 5, ToolCall kinds). */
const KINDS: ReadonlyMap<string, PlainKind> = new Map([
  ['exec_command', 'exec_command'],
  ['local_shell', 'exec_command'],
  ['shell', 'exec_command'],
  ['shell_command', 'exec_command'],
  ['write_stdin', 'write_stdin'],
  ['apply_patch', 'apply_patch'],
  ['web_search', 'web'],
  ['image_generation', 'image_generation'],
  ['spawn_agent', 'spawn_agent'],
  ['followup_task', 'assign_agent_task'],
  ['assign_task', 'assign_agent_task'],
  ['send_message', 'send_message'],
  ['wait_agent', 'wait_agent'],
  ['close_agent', 'close_agent'],
  ['interrupt_agent', 'close_agent'],
]);

export function toolKind(tool: string, mcpServer: string | undefined): ToolKind {
  if (mcpServer !== undefined) return { type: 'mcp', server: mcpServer, tool };
  const type = KINDS.get(tool);
  return type ? { type } : { type: 'other', name: tool };
}

/** As much of a call as a line can show. */
const PREVIEW_CHARACTERS = 160;

export const previewOf = (input: string): string => input.slice(0, PREVIEW_CHARACTERS).toWellFormed();
