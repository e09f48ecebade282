import type { Guard } from '../guard.ts';
import type { ApprovalPolicy, SandboxPolicy } from '../policy.ts';
import { askOr } from './verdict.ts';
import type { Verdict } from './verdict.ts';

export type McpToolCall = Parameters<Guard['permitMcpTool']>[0];

/** What policy, configuration and the tool's own hints say about a call of an MCP tool (spec/agent-core.md 2.6). */
export function decideMcpTool({
  call,
  policy,
  sandbox,
}: {
  readonly call: Pick<McpToolCall, 'server' | 'tool' | 'annotations' | 'mode'>;
  readonly policy: ApprovalPolicy;
  readonly sandbox: SandboxPolicy;
}): Verdict {
  const isUnrestricted = sandbox.type === 'danger-full-access' || sandbox.type === 'external-sandbox';
  const isAllowed =
    (policy === 'never' && isUnrestricted) ||
    call.mode === 'approve' ||
    (call.mode !== 'prompt' && !needsApproval(call.annotations));
  if (isAllowed) return { kind: 'run', withoutSandbox: false };
  return askOr(policy, 'mcp', {
    ask: {},
    why: `The tool \`${call.tool}\` of the MCP server \`${call.server}\` needs approval`,
  });
}

/** A tool that says nothing about itself is taken to change things, and to reach out. */
function needsApproval({
  destructiveHint,
  readOnlyHint,
  openWorldHint,
}: McpToolCall['annotations']): boolean {
  if (destructiveHint === true) return true;
  if (readOnlyHint === true) return false;
  return (destructiveHint ?? true) || (openWorldHint ?? true);
}
