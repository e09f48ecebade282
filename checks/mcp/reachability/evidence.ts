import type { McpOutcome } from '../../../src/mcp/outcome.ts';
import type { StdioObservation } from '../../../src/mcp/stdio/examine.ts';
import type { AgentCredential } from '../../../src/target/mcp/facts.ts';
import type { CredentialSource } from '../../../src/target/mcp/request.ts';
import type { Situation } from '../../network/parts/situation.ts';

/** An enabled server and what came of asking it. */
export interface SeenServer {
  /** As it may be shown. */
  readonly name: string;
  readonly required: boolean;
  readonly transport: 'stdio' | 'streamable_http' | 'none';
  readonly startupTimeoutMs: number;
  /** As configured; undefined for all. */
  readonly enabledTools: readonly string[] | undefined;
  readonly disabledTools: readonly string[];
  readonly state: ServerState;
}

export type ServerState =
  | { readonly kind: 'left'; readonly why: ReasonToLeave }
  /** The agent would not ask it either. */
  | { readonly kind: 'unaskable'; readonly problem: CredentialProblem }
  | AskedOverHttp
  | AskedOverStdio;

/** Why a server was not asked, without any fault of its own that this check would have to report. */
export type ReasonToLeave =
  | { readonly kind: 'see'; readonly check: 'config.load' | 'mcp.config' }
  | { readonly kind: 'deep_only' }
  | { readonly kind: 'no_exec' }
  /** Others took all the time. */
  | { readonly kind: 'late' }
  | { readonly kind: 'agent_credential'; readonly credential: AgentCredential }
  /** Our HTTP client asks nobody at such a port, whatever listens there. */
  | { readonly kind: 'bad_port' }
  /** The stored login has expired, and the agent would renew it first. */
  | { readonly kind: 'to_be_renewed' };

export type CredentialProblem =
  | { readonly kind: 'expired'; readonly loginCommand: string }
  | { readonly kind: 'illegal_token'; readonly variable: string };

export interface AskedOverHttp {
  readonly kind: 'http';
  readonly outcome: McpOutcome;
  readonly credential: CredentialSource | undefined;
  readonly bearerTokenVariable: string | undefined;
  readonly situation: Situation;
  /** Begins an OAuth login. */
  readonly loginCommand: string;
  readonly limitMs: number;
  readonly durationMs: number;
}

export interface AskedOverStdio {
  readonly kind: 'stdio';
  readonly observation: StdioObservation;
  readonly limitMs: number;
}
