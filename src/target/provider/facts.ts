/** A model provider as the agent would set it up. Holds names of variables and of headers, and no credential. */
export interface Provider {
  readonly id: string;
  readonly name: string;
  readonly origin: 'built-in' | 'configured';
  /** As written; may hold a credential, so it is shown through `describeUrl` only. Undefined: the agent's default. */
  readonly baseUrl: string | undefined;
  /** The key or variable that set `baseUrl`. */
  readonly baseUrlSource: string | undefined;
  readonly queryParameters: Readonly<Record<string, string>>;
  readonly requiresOpenaiAuth: boolean;
  readonly supportsWebsockets: boolean;
  readonly websocketConnectTimeoutMs: number;
  /** Retries inside one HTTP call. */
  readonly requestMaxRetries: number;
  /** Retries of the turn. */
  readonly streamMaxRetries: number;
  /** Longest wait for the next event of a stream. */
  readonly streamIdleTimeoutMs: number;
  /** Variable that carries the credential of this provider. */
  readonly environmentKey: string | undefined;
  readonly environmentKeyInstructions: string | undefined;
  /** `experimental_bearer_token` stands in the configuration. */
  readonly hasInlineToken: boolean;
  /** The command that prints a token. It is run under `--deep` only. */
  readonly authCommand: string | undefined;
  readonly aws: { readonly region: string | undefined; readonly profile: string | undefined } | undefined;
  readonly headerNames: readonly string[];
  /** Header name to the variable that holds its value. */
  readonly headerVariables: Readonly<Record<string, string>>;
}

export interface ProviderFacts {
  readonly activeId: string;
  /** Undefined when the configuration names a provider that does not exist; `config.load` reports that. */
  readonly active: Provider | undefined;
  readonly knownIds: readonly string[];
}

/** Budgets and limits of a provider that sets none. */
export const DEFAULT_LIMITS = {
  requestMaxRetries: 4,
  streamMaxRetries: 5,
  streamIdleTimeoutMs: 300_000,
} as const;

/** The agent takes no larger number of retries. */
export const MAX_RETRIES = 100;

/** The agent's limit for one whole connect, from name look-up to upgrade. */
export const DEFAULT_WEBSOCKET_TIMEOUT_MS = 15_000;
