/** Why a custom CA bundle cannot be used (spec: one error model for HTTP and WebSocket). */
export type CaErrorKind =
  /** The file cannot be read; `code` is the reason of the operating system. */
  | 'unreadable'
  /** No certificate in it, a section that is not well-formed PEM, or a bad TRUSTED block. */
  | 'invalid'
  /** One certificate is none that a trust store takes; `certificateIndex` counts from 1. */
  | 'rejected';

export interface CaError {
  readonly kind: CaErrorKind;
  /** The variable that names the file. */
  readonly variable: string;
  /** Absolute. */
  readonly path: string;
  readonly code?: string;
  readonly certificateIndex?: number;
  /** One sentence without a final stop; names the variable and the path. */
  readonly message: string;
  /** What to do about it: point the variable at a PEM file with certificates, or unset it. Names both variables. */
  readonly remedy: string;
}
