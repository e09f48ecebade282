/** An MCP server as the configuration describes it. Values may be secret: show them through `redact/places.ts`. */
export interface McpServer {
  readonly name: string;
  readonly enabled: boolean;
  /** The agent does not start without it. */
  readonly required: boolean;
  /** How long the agent waits for the answer to `initialize`, and again for its tools. */
  readonly startupTimeoutMs: number;
  /** The only tools that the agent offers to the model; undefined for all. */
  readonly enabledTools: readonly string[] | undefined;
  readonly disabledTools: readonly string[];
  /** How long the agent waits for one tool. */
  readonly toolTimeoutMs: number;
  /** Its tools may run beside others. */
  readonly supportsParallelToolCalls: boolean;
  /** When the user is asked before a tool runs, unless the tool has a setting of its own. */
  readonly approvalMode: string | undefined;
  /** By the server's own name of the tool. */
  readonly toolApprovalModes: Readonly<Record<string, string>>;
  readonly transport: McpTransport;
}

export type McpTransport =
  | {
      readonly kind: 'stdio';
      readonly command: string;
      readonly args: readonly string[];
      readonly cwd: string | undefined;
      readonly environment: Readonly<Record<string, string>>;
      /** Variables that are handed on from the agent's own environment. */
      readonly variables: readonly { readonly name: string; readonly source: string }[];
    }
  | {
      readonly kind: 'streamable_http';
      readonly url: string;
      readonly bearerTokenVariable: string | undefined;
      readonly headers: Readonly<Record<string, string>>;
      /** Header name to the variable that holds its value. */
      readonly headerVariables: Readonly<Record<string, string>>;
      /** The configured way to sign in that nobody but the agent can go, if there is one. */
      readonly agentCredential: AgentCredential | undefined;
    }
  /** The agent refuses such a configuration. */
  | { readonly kind: 'none' };

/** Values of `auth` besides `oauth`, or the key whose command prints the headers. */
export type AgentCredential = 'chatgpt' | 'ema_auth' | 'http_headers_helper';

/** `mcp_oauth_credentials_store`. `auto` asks the keyring first and then the file. */
export type OauthStore = 'auto' | 'file' | 'keyring';

export interface McpFacts {
  /** By name. */
  readonly servers: readonly McpServer[];
  readonly oauthStore: OauthStore;
}
