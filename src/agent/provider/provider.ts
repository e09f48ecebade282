import type { RequestHeaders } from '../../net/network.ts';
import type { UnauthorizedRecovery } from '../auth/recovery.ts';
import type { ModelInfo } from '../model/info.ts';

/** Bounds and budgets of a provider (`[model_providers.<id>]`, spec/transport.md 3.2). */
export interface ProviderLimits {
  /** Retries inside one HTTP call; at most 100. */
  readonly requestMaxRetries: number;
  /** Retries of the turn loop; at most 100. */
  readonly streamMaxRetries: number;
  readonly streamIdleTimeoutMs: number;
  readonly websocketConnectTimeoutMs: number;
}

/** What the provider's endpoint can run by itself. */
export interface ProviderCapabilities {
  readonly namespaceTools: boolean;
  readonly imageGeneration: boolean;
  readonly webSearch: boolean;
}

/**
 * The one seam between the core and whoever serves the model. Everything that differs from provider to provider is asked
 * here, per call, so that a changed login is seen at the next request.
 */
export interface ModelProvider {
  readonly id: string;
  /** Some behaviour goes by the display name, not by the id (trap 26). */
  readonly name: string;
  readonly supportsWebsockets: boolean;
  readonly isAzure: boolean;
  readonly limits: ProviderLimits;
  readonly capabilities: ProviderCapabilities;
  /**
   * Where a request goes and what it carries, with the credential of this moment: renewed first where it is about to end.
   * @throws ModelError `credential_variable_missing`, `fatal` (region, configuration) or `input_output`
   */
  resolve(): Promise<ResolvedProvider>;
  /** A fresh machine for one model request (spec/transport.md 4.6). */
  recovery(): UnauthorizedRecovery;
  /** What is known of a model; never fails: unknown slugs get a fallback. */
  modelInfo(slug: string): ModelInfo;
  /** The catalogue changed on the server: ask for it again, in the background, at most once per etag. */
  noteModelsEtag(etag: string): void;
}

export interface ResolvedProvider {
  /** Without a trailing slash. May be secret: show it through `describeUrl`. */
  readonly baseUrl: string;
  readonly queryParameters: Readonly<Record<string, string>>;
  /** The provider's own, such as `version` and `http_headers`; overridden by those of the request. */
  readonly headers: RequestHeaders;
  readonly auth: RequestAuth;
}

/** How requests are signed; serves HTTP, WebSocket and uploads alike (spec/transport.md 3.1, DECISIONS 13). */
export interface RequestAuth {
  /** `ApiKey`, `Chatgpt`, or undefined where there is no credential. */
  readonly mode: 'ApiKey' | 'Chatgpt' | undefined;
  /** Requests go to the ChatGPT backend in the name of an account: they may be compressed. */
  readonly usesChatgptBackend: boolean;
  /** Cheap and synchronous: header-style credentials; empty where each request is signed. Applied last. */
  readonly headers: RequestHeaders;
  /**
   * The last change to a request, on its final bytes, once per attempt (trap 28). Gives every header to send, `host` aside;
   * one that was handed in and is missing in them must not be sent. Absent where headers are all.
   * @throws ModelError `stream` where trying again may help, otherwise `fatal`; the request is not sent then
   */
  readonly sign?: (request: SignableRequest) => Promise<RequestHeaders>;
}

export interface SignableRequest {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}
