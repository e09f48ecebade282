import type { DialTrace } from '../net/dial/trace.ts';
import type { HttpOutcome } from '../net/outcome.ts';

/** What a server said of itself in its answer to `initialize`. Made fit to be shown. */
export interface McpServerFacts {
  readonly name: string;
  readonly version: string;
  readonly protocolVersion: string;
  /** Names only, such as `tools`, sorted. */
  readonly capabilities: readonly string[];
}

/** What a conversation with a server came to, as observed and before it is judged. */
export type McpOutcome =
  | {
      readonly kind: 'connected';
      readonly server: McpServerFacts;
      /** From the first look-up, or the start of the program, to the answer. */
      readonly initializeMs: number;
      readonly tools: ToolListing;
    }
  | McpFault;

export type ToolListing =
  | { readonly kind: 'listed'; readonly names: readonly string[]; readonly durationMs: number }
  /** The agent does not use a server without this list, whatever it said before. */
  | McpFault;

/** Why there is no answer that MCP allows, whatever it travels on. Never holds a secret. */
export type McpFault =
  /** A JSON-RPC error. */
  | { readonly kind: 'rpc_error'; readonly code: number; readonly message: string }
  /** A revision that the official SDK does not know. */
  | { readonly kind: 'unknown_version'; readonly protocolVersion: string }
  /** What came is JSON-RPC of another shape, or none at all. */
  | { readonly kind: 'malformed'; readonly problem: string }
  | { readonly kind: 'silent'; readonly afterMs: number }
  /** More came than anybody reads. */
  | { readonly kind: 'flooded'; readonly limitBytes: number }
  /** The conversation was ended in the middle. */
  | { readonly kind: 'closed' }
  /** We were told to stop. */
  | { readonly kind: 'aborted' }
  | HttpFault
  | ProcessFault;

/** Streamable HTTP: an answer that is none of MCP, or no connection. */
export interface HttpFault {
  readonly kind: 'http';
  readonly outcome: HttpOutcome;
  readonly trace?: DialTrace;
  /** The address speaks the transport of 2024 that streamable HTTP replaced. */
  readonly isLegacySse: boolean;
}

/** `problem` of a request that the Fetch standard forbids for its port, such as 6000 or 6667; the agent asks there. */
export const BAD_PORT = 'bad port';

/** stdio: the program ended, or never began. */
export type ProcessFault =
  | { readonly kind: 'exited'; readonly exitCode: number | undefined; readonly signal: string | undefined }
  | { readonly kind: 'spawn_failed'; readonly code: string };
