import type { CaError } from './certificates/error.ts';
import type { NetworkPhase } from './failure.ts';

/** Which machine an observation is about: the one that was asked for, or the proxy before it. */
export type Hop = 'endpoint' | 'proxy';

/**
 * What happened on the way to a connection, as observed and before it is judged: `classify` says what it means. The
 * members follow the phases.
 */
export type DialOutcome =
  /** No family has an address for the name. */
  | { readonly kind: 'unresolved'; readonly hop: Hop; readonly code: string }
  /** Every address failed; the code is that of the most telling failure, such as `ECONNREFUSED`. */
  | { readonly kind: 'unconnected'; readonly hop: Hop; readonly code: string }
  /** The handshake ended with an alert, or our trust store refuses the certificate. */
  | { readonly kind: 'tls_failed'; readonly hop: Hop; readonly code: string }
  /** The proxy answered CONNECT with another status than 2xx. */
  | { readonly kind: 'proxy_answered'; readonly status: number; readonly challenges: readonly string[] }
  /** A SOCKS proxy said no; `reply` is its word, such as `NotAllowed` or `AuthenticationFailed`. */
  | { readonly kind: 'proxy_rejected'; readonly reply: string }
  /** The value of a proxy variable is none that the client takes; nothing was dialled. */
  | { readonly kind: 'proxy_unusable'; readonly variable: string; readonly problem: string }
  /** The custom CA bundle cannot be used, so nothing secure was dialled. */
  | { readonly kind: 'trust_unusable'; readonly error: CaError }
  /** What came back is not HTTP: from the endpoint, or from the proxy in answer to CONNECT. */
  | { readonly kind: 'not_http'; readonly hop: Hop; readonly code: string }
  /** No answer within the limit. */
  | {
      readonly kind: 'silent';
      readonly hop: Hop;
      readonly phase: NetworkPhase;
      readonly afterMs: number;
      /** How much of an answer had come by then, where that was counted: 0 is no answer, more is half a one. */
      readonly receivedBytes?: number;
    }
  /** The connection ended in the middle of a phase: reset, or closed without a word (`closed`). */
  | {
      readonly kind: 'broken';
      readonly hop: Hop;
      readonly phase: NetworkPhase;
      readonly code: string;
      readonly receivedBytes?: number;
    };

export type HttpOutcome =
  | DialOutcome
  /** The request cannot be written: its URL is none, or a header has a value that no header may have. */
  | { readonly kind: 'unsendable'; readonly problem: string }
  | { readonly kind: 'answered'; readonly answer: HttpAnswer };

export type WebSocketOutcome =
  | HttpOutcome
  /** 101, but `Sec-WebSocket-Accept` is not the one for our key, or another header of the upgrade is wrong. */
  | { readonly kind: 'bad_upgrade'; readonly problem: string }
  /** 101, and nothing ended it during the observation window. */
  | { readonly kind: 'upgraded'; readonly upgrade: UpgradeFacts }
  /** 101, then a close frame. */
  | {
      readonly kind: 'closed';
      readonly upgrade: UpgradeFacts;
      readonly closeCode: number;
      /** Text of the close frame; may be anything. */
      readonly reason: string;
      readonly afterMs: number;
    }
  /** 101, then the connection broke without a close frame. */
  | {
      readonly kind: 'dropped';
      readonly upgrade: UpgradeFacts;
      readonly code: string;
      readonly afterMs: number;
    }
  /** 101, then bytes that are no WebSocket frame. */
  | {
      readonly kind: 'malformed_frame';
      readonly upgrade: UpgradeFacts;
      readonly code: string;
      readonly afterMs: number;
    };

/** Facts of an HTTP answer that a report may hold. Headers are picked by name; none is copied blindly. */
export interface HttpAnswer {
  readonly status: number;
  readonly httpVersion: string;
  readonly server?: string;
  readonly contentType?: string;
  /** `Date`, milliseconds since the epoch. */
  readonly dateMs?: number;
  /** `Retry-After` of either form, as milliseconds from the answer. */
  readonly retryAfterMs?: number;
  /** Target of a redirect; without path and query, which may hold secrets. */
  readonly redirect?: {
    readonly origin: string;
    readonly isSameOrigin: boolean;
    /** The same host, or one of the same domain: no stranger's page. */
    readonly isSameSite: boolean;
  };
  /** `x-request-id`, else `x-oai-request-id`. */
  readonly requestId?: string;
  readonly cfRay?: string;
  /** `cf-mitigated`, which Cloudflare sets on a page that challenges the client instead of the endpoint's answer. */
  readonly cfMitigated?: string;
  /** `x-openai-authorization-error`. */
  readonly authError?: string;
  /** `error.code` of the base64 JSON in `x-error-json`; a header that cannot be decoded is left out. */
  readonly authErrorCode?: string;
  /** Schemes of `WWW-Authenticate` (`Proxy-Authenticate` for 407). */
  readonly challenges: readonly string[];
  readonly body: BodyFacts;
}

/** What kind of text came back, read up to a cap. */
export interface BodyFacts {
  readonly kind: 'empty' | 'json_error' | 'json' | 'html' | 'text' | 'binary';
  /** Bytes read, at most the cap. */
  readonly bytes: number;
  readonly isTruncated: boolean;
  /** `error.code` and `error.type` of a JSON error, when they look like words of a program. */
  readonly errorCode?: string;
  readonly errorType?: string;
  /** `<title>` of an HTML page, the quickest way to tell an edge or a captive portal. */
  readonly title?: string;
}

/** What the answer to a WebSocket upgrade said. */
export interface UpgradeFacts {
  /** Always 101. */
  readonly status: number;
  readonly durationMs: number;
  /** `Sec-WebSocket-Extensions`, such as `permessage-deflate`. */
  readonly extensions: string;
  readonly requestId?: string;
  readonly cfRay?: string;
  readonly dateMs?: number;
  /** The headers that the agent reads: presence only. */
  readonly hasReasoningHeader: boolean;
  readonly hasServerModel: boolean;
  readonly hasModelsEtag: boolean;
}
