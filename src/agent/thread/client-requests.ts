import type { ApprovalRequest, Approver } from '../policy/approver.ts';
import type { ReviewDecision } from '../policy/policy.ts';
import type { EventMsg } from '../protocol/event.ts';
import type { DynamicToolContent, Op } from '../protocol/op.ts';
import type { JsonValue } from '../../host/json.ts';
import { createPending } from './pending.ts';
import type { Pending } from './pending.ts';

/** What a client answers to a tool call that is its own. */
export interface DynamicToolAnswer {
  readonly success: boolean;
  readonly contentItems: readonly DynamicToolContent[];
}
export interface ElicitationAnswer {
  readonly action: 'accept' | 'decline' | 'cancel';
  readonly content?: JsonValue;
}
export type QuestionAnswers = Readonly<Record<string, readonly string[]>>;

/** Everything that waits for the client of a thread, by the id under which it was asked. */
export interface ClientRequests {
  /** Asks the user; the guardian and hooks will stand before him. */
  readonly approver: Approver;
  readonly questions: Pending<QuestionAnswers>;
  readonly dynamicTools: Pending<DynamicToolAnswer>;
  readonly elicitations: Pending<ElicitationAnswer>;
  /**
   * Hands an answer to whoever waits for it; an answer that nobody waits for is forgotten. Says whether it ends the turn
   * as well, which is what tells a refusal of everything from one of this alone (spec/agent-core.md, trap 5).
   */
  answer(op: AnswerOp): 'interrupts' | 'answered';
}

export type AnswerOp = Extract<
  Op,
  {
    readonly type:
      | 'exec_approval'
      | 'patch_approval'
      | 'user_input_answer'
      | 'dynamic_tool_response'
      | 'resolve_elicitation';
  }
>;

/** @param emit tells a question; the id is that of the turn that asks */
export function createClientRequests(emit: (id: string, msg: EventMsg) => void): ClientRequests {
  const commands = createPending<ReviewDecision>();
  const patches = createPending<ReviewDecision>();
  const questions = createPending<QuestionAnswers>();
  const mcpTools = createPending<ReviewDecision>();
  const dynamicTools = createPending<DynamicToolAnswer>();
  const elicitations = createPending<ElicitationAnswer>();

  const approvals = { command: commands, patch: patches, mcp_tool: mcpTools };
  return {
    approver: {
      async review(request, signal) {
        // The question is open before it is told: the answer may come while it is.
        const answer = approvals[request.kind].ask(request.callId, signal);
        emit(request.turnId, questionOf(request));
        return (await answer) ?? { kind: 'abort' };
      },
    },
    questions,
    dynamicTools,
    elicitations,
    answer(op) {
      switch (op.type) {
        case 'exec_approval':
          return commands.answer(op.id, op.decision) ? effectOf(op.decision) : 'answered';
        case 'patch_approval':
          return patches.answer(op.id, op.decision) ? effectOf(op.decision) : 'answered';
        case 'resolve_elicitation': {
          // May a tool run, or what a server wants to know: clients see one kind of question.
          const decision = DECISIONS[op.action];
          if (mcpTools.answer(op.id, decision)) return effectOf(decision);
          elicitations.answer(op.id, op);
          return 'answered';
        }
        case 'user_input_answer':
          questions.answer(op.id, op.answers);
          return 'answered';
        case 'dynamic_tool_response':
          dynamicTools.answer(op.id, op);
          return 'answered';
      }
    },
  };
}

const DECISIONS: Readonly<Record<ElicitationAnswer['action'], ReviewDecision>> = {
  accept: { kind: 'approved' },
  decline: { kind: 'denied' },
  cancel: { kind: 'abort' },
};

const effectOf = ({ kind }: ReviewDecision): 'interrupts' | 'answered' =>
  kind === 'abort' ? 'interrupts' : 'answered';

function questionOf(request: ApprovalRequest): EventMsg {
  const { callId, turnId } = request;
  switch (request.kind) {
    case 'command':
      return {
        type: 'exec_approval_request',
        call_id: callId,
        turn_id: turnId,
        command: request.command,
        cwd: request.cwd,
        ...(request.reason !== undefined && { reason: request.reason }),
        ...(request.amendment && { proposed_execpolicy_amendment: request.amendment }),
        available_decisions: request.amendment
          ? ['approved', 'approved_execpolicy_amendment', 'abort']
          : ['approved', 'abort'],
      };
    case 'patch':
      return {
        type: 'apply_patch_approval_request',
        call_id: callId,
        turn_id: turnId,
        changes: request.changes,
        ...(request.reason !== undefined && { reason: request.reason }),
      };
    case 'mcp_tool':
      return {
        type: 'elicitation_request',
        id: callId,
        server: request.server,
        message: request.message,
        requested_schema: { type: 'object', properties: {} },
      };
  }
}
