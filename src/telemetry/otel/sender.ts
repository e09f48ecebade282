import type { NetworkFailureClass } from '../../net/failure.ts';

/** Takes serialised records to a collector. */
export interface OtlpSender {
  /** Resolves within `timeoutMs`, whatever happens; never rejects. */
  send(bytes: Uint8Array, timeoutMs: number): Promise<Sent>;
  /** Why the latest attempt failed, unless it led through: what those wait for that are being sent again. */
  lastFailure?(): ExportFailure | undefined;
  /** Lets go of connections, whatever is on them. */
  close(): Promise<void>;
}

export type Sent =
  /** Taken, maybe not all of it: the answer says so. */
  | { readonly kind: 'accepted'; readonly response: Uint8Array }
  | { readonly kind: 'refused'; readonly failure: ExportFailure };

/** Why nothing arrived. Never holds a secret. */
export interface ExportFailure {
  readonly class: ExportFailureClass;
  /** One sentence without a final stop. */
  readonly message: string;
  readonly httpStatus?: number;
  /** Of gRPC, such as `UNAVAILABLE`. */
  readonly grpcStatus?: string;
  /** In the collector's own words, cut, without what we sent. */
  readonly words?: string;
  readonly retryAfterMs?: number;
  /** The same may succeed a moment later (https://opentelemetry.io/docs/specs/otlp/#failures). */
  readonly isRetryable: boolean;
}

export type ExportFailureClass =
  | NetworkFailureClass
  /** A certificate or key file of ours cannot be used. */
  | 'trust_unusable'
  | 'proxy_unusable'
  /** The address or a header is none. */
  | 'unsendable';

/** Classes of a way that did not lead through. */
export const RETRYABLE_CLASSES: readonly ExportFailureClass[] = [
  'dns',
  'refused',
  'reset',
  'unreachable',
  'timeout',
  'closed',
];
