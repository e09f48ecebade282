import type { NetworkFailureClass } from '../../net/failure.ts';

/** What goes to a Sentry project as one event with its files. Everything in it has passed the redactor. */
export interface SentryReport {
  /** 32 hexadecimal digits; the same for every try, so that nothing arrives twice. */
  readonly eventId: string;
  /** Milliseconds since the epoch. */
  readonly timestampMs: number;
  readonly level: 'fatal' | 'error' | 'warning' | 'info';
  /** Title of the event. */
  readonly message: string;
  /** What the user wrote; makes the event carry an exception of this value, as the reference does. */
  readonly reason?: string;
  /** Sent as an item of type `feedback` that points at the event (Sentry feedback 1.3.0). */
  readonly feedback?: { readonly message: string; readonly source: string };
  readonly release: string;
  readonly environment: string;
  /** At most 200 characters a value, as Sentry keeps them. */
  readonly tags: Readonly<Record<string, string>>;
  readonly contexts: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Events with the same one are one issue in Sentry. Default: Sentry groups by the title. */
  readonly fingerprint?: readonly string[];
  readonly attachments: readonly SentryAttachment[];
}

export interface SentryAttachment {
  readonly filename: string;
  readonly contentType: string;
  /** A file that is read when it is sent, and only then. */
  readonly path: string;
  readonly bytes: number;
  /** Hexadecimal; what is sent is what was shown. */
  readonly sha256: string;
}

/** What became of a report. */
export type SendOutcome =
  | { readonly kind: 'sent'; readonly eventId: string; readonly lost: readonly LostPart[] }
  /** On disk, and sent later under the same id; a part of it may have arrived already. */
  | {
      readonly kind: 'spooled';
      readonly eventId: string;
      readonly reason: string;
      readonly failureClass?: NetworkFailureClass;
      /** Older reports that had to leave the spool to make room. */
      readonly dropped: number;
    }
  /** The server will not have it, now or later; or it could be neither sent nor kept. */
  | {
      readonly kind: 'refused';
      readonly eventId: string;
      readonly reason: string;
      readonly failureClass?: NetworkFailureClass;
    };

/** An attachment or another part that the server does not have, and why; always told. */
export interface LostPart {
  readonly filename: string;
  readonly reason: string;
}
