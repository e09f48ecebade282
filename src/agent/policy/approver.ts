import type { FileChange } from '../protocol/turn-item.ts';
import type { TurnId } from '../protocol/ids.ts';
import type { ExecPolicyAmendment, ReviewDecision } from './policy.ts';

/** What somebody has to decide upon. */
export type ApprovalRequest =
  | {
      readonly kind: 'command';
      readonly callId: string;
      readonly turnId: TurnId;
      readonly command: readonly string[];
      readonly cwd: string;
      readonly reason?: string;
      readonly amendment?: ExecPolicyAmendment;
    }
  | {
      readonly kind: 'patch';
      readonly callId: string;
      readonly turnId: TurnId;
      readonly changes: readonly FileChange[];
      readonly reason?: string;
    }
  | {
      readonly kind: 'mcp_tool';
      readonly callId: string;
      readonly turnId: TurnId;
      readonly server: string;
      readonly tool: string;
      readonly message: string;
    };

/**
 * Who answers: the user today; hooks and the guardian stand before him later, behind the same call. `abort` also
 * interrupts the turn, which the caller of the approver sees to. Aborting `signal` withdraws the question and gives `abort`.
 */
export interface Approver {
  review(request: ApprovalRequest, signal: AbortSignal): Promise<ReviewDecision>;
}
