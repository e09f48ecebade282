import type { ToolContext } from '../tools/tool.ts';
import type { ApprovalRequest, Approver } from './approver.ts';
import { readScript } from './commands/script.ts';
import { decideCommand } from './decide/command.ts';
import { decideMcpTool } from './decide/mcp-tool.ts';
import { decidePatch, targetsOf } from './decide/patch.ts';
import type { Verdict } from './decide/verdict.ts';
import type { CommandRequest, Guard, Permission } from './guard.ts';
import type { ExecPolicyAmendment, ReviewDecision, SandboxPolicy } from './policy.ts';
import type { RuleStore } from './rules/store.ts';
import { tellDecision, tellVerdict } from './tell-decision.ts';
import { writableArea } from './writable.ts';

export interface GuardOptions {
  readonly rules: RuleStore;
  readonly approver: Approver;
  /** Decides where temporary folders are (`writableArea`). */
  readonly env: Readonly<Record<string, string | undefined>>;
}

const FREE: SandboxPolicy = { type: 'danger-full-access' };

/**
 * The guard of a tree of agents. Decisions are pure (`decide/`); here somebody is asked, and what was approved for the session is
 * remembered: commands word by word with their folder, files, tools.
 */
export function createGuard({ rules, approver, env }: GuardOptions): Guard {
  const remembered = new Set<string>();

  /** Asks, and carries out what the answer says besides yes or no. */
  const ask = async (
    request: ApprovalRequest,
    { context, keys, sandbox }: { context: ToolContext; keys: readonly string[]; sandbox: SandboxPolicy },
  ): Promise<Permission> => {
    const tellUser = (decision: ReviewDecision['kind']): void =>
      tellDecision(context, request.callId, { decision, source: 'User' });
    if (keys.length > 0 && keys.every((key) => remembered.has(key))) {
      tellUser('approved_for_session');
      return { kind: 'run', sandbox, wasAsked: true };
    }
    const decision = await approver.review(request, context.signal);
    tellUser(decision.kind);
    switch (decision.kind) {
      case 'approved':
        return { kind: 'run', sandbox, wasAsked: true };
      case 'approved_for_session':
        for (const key of keys) remembered.add(key);
        return { kind: 'run', sandbox, wasAsked: true };
      case 'approved_execpolicy_amendment':
        await amend(decision.amendment, context);
        return { kind: 'run', sandbox, wasAsked: true };
      case 'denied':
        return { kind: 'refused', message: `${subjectOf(request)} was refused by the user.` };
      case 'timed_out':
        return { kind: 'refused', message: `Nobody answered whether ${subjectOf(request)} may run in time.` };
      case 'abort':
        return {
          kind: 'aborted',
          message: `${subjectOf(request)} was refused by the user, who stopped the turn.`,
        };
      case 'network_policy_amendment':
        return {
          kind: 'refused',
          message: `The answer does not fit the question about ${subjectOf(request)}.`,
        };
    }
  };

  const amend = async (amendment: ExecPolicyAmendment, context: ToolContext): Promise<void> => {
    const result = await rules.amend(amendment);
    if (result.kind === 'not_written')
      context.emit({
        type: 'warning',
        message: `The rule holds until the end of this session: ${result.message}.`,
      });
  };

  const decide = async (request: CommandRequest, { approvalPolicy: policy }: ToolContext): Promise<Verdict> =>
    decideCommand({ request, script: await readScript(request.argv), policy, rules: rules.current() });

  const askForCommand = (
    request: CommandRequest,
    { context, sandbox, ...question }: Question & { context: ToolContext; sandbox: SandboxPolicy },
  ): Promise<Permission> => {
    const { callId, argv, cwd } = request;
    const about = { callId, turnId: context.turnId, command: argv, cwd, ...question };
    const keys = [`command ${JSON.stringify([argv, cwd, sandbox.type === FREE.type])}`];
    return ask({ kind: 'command', ...about }, { context, keys, sandbox });
  };

  return {
    async permitCommand(request, context) {
      const { sandboxPolicy } = context;
      const verdict = await decide(request, context);
      if (verdict.kind !== 'ask') tellVerdict(context, request.callId, verdict.kind);
      if (verdict.kind === 'refuse') return { kind: 'refused', message: verdict.message };
      if (verdict.kind === 'run')
        return { kind: 'run', sandbox: verdict.withoutSandbox ? FREE : sandboxPolicy, wasAsked: false };
      const { kind: _, ...question } = verdict;
      const sandbox = request.wantsEscalation ? FREE : sandboxPolicy;
      const permission = await askForCommand(request, { ...question, context, sandbox });
      if (permission.kind !== 'run') return permission;
      // A rule that the answer added may let the command run free.
      const now = await decide(request, context);
      return now.kind === 'run' && now.withoutSandbox ? { ...permission, sandbox: FREE } : permission;
    },

    async permitWithoutSandbox(request, context) {
      const { approvalPolicy } = context;
      // Under `on-request` the model is told, and may ask to leave the sandbox by itself.
      if (approvalPolicy !== 'on-failure' && approvalPolicy !== 'untrusted')
        return { kind: 'refused', message: 'The sandbox stopped the command.' };
      const verdict = await decide({ ...request, wantsEscalation: false }, context);
      if (verdict.kind === 'refuse') return { kind: 'refused', message: verdict.message };
      const reason = 'The sandbox stopped the command. Run it again without the sandbox?';
      return askForCommand(request, { reason, context, sandbox: FREE });
    },

    async permitPatch({ callId, changes }, context) {
      const { approvalPolicy: policy, sandboxPolicy: sandbox, turnId, cwd } = context;
      const verdict = decidePatch({ changes, policy, area: writableArea(sandbox, { cwd, env }) });
      if (verdict.kind !== 'ask') tellVerdict(context, callId, verdict.kind);
      if (verdict.kind === 'refuse') return { kind: 'refused', message: verdict.message };
      if (verdict.kind === 'run') return { kind: 'run', sandbox, wasAsked: false };
      const reason = verdict.reason === undefined ? {} : { reason: verdict.reason };
      const keys = targetsOf(changes).map((path) => `file ${path}`);
      return ask({ kind: 'patch', callId, turnId, changes, ...reason }, { context, keys, sandbox });
    },

    async permitMcpTool(call, context) {
      const { approvalPolicy: policy, sandboxPolicy: sandbox, turnId } = context;
      const verdict = decideMcpTool({ call, policy, sandbox });
      if (verdict.kind !== 'ask') tellVerdict(context, call.callId, verdict.kind);
      if (verdict.kind === 'refuse') return { kind: 'refused', message: verdict.message };
      if (verdict.kind === 'run') return { kind: 'run', sandbox, wasAsked: false };
      const { callId, server, tool } = call;
      const message = `Let the MCP server \`${server}\` run its tool \`${tool}\`?`;
      // `prompt` means each time.
      const keys = call.mode === 'prompt' ? [] : [`tool ${JSON.stringify([server, tool])}`];
      return ask({ kind: 'mcp_tool', callId, turnId, server, tool, message }, { context, keys, sandbox });
    },
  };
}

interface Question {
  readonly reason?: string;
  readonly amendment?: ExecPolicyAmendment;
}

function subjectOf(request: ApprovalRequest): string {
  switch (request.kind) {
    case 'command':
      return 'The command';
    case 'patch':
      return 'The patch';
    case 'mcp_tool':
      return `The MCP tool \`${request.tool}\``;
  }
}
