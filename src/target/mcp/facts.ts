/** An MCP server as the configuration describes it. Values may be secret: show them through `redact/places.ts`. */
export interface McpServer {
  readonly name: string;
  readonly enabled: boolean;
  /** The agent does not start without it. */
  readonly required: boolean;
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
    }
  /** The agent refuses such a configuration. */
  | { readonly kind: 'none' };

export interface McpFacts {
  /** By name. */
  readonly servers: readonly McpServer[];
}
