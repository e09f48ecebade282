import type { SecureContext } from 'node:tls';
import type { CaError } from './error.ts';

/** Whom a TLS connection trusts. One value serves HTTPS, secure WebSocket and everything else that dials. */
export type Trust =
  | {
      readonly kind: 'usable';
      readonly source: TrustSource;
      /** System roots plus the custom certificates. Built on first use and kept: it costs some ten milliseconds. */
      secureContext(): SecureContext;
    }
  | { readonly kind: 'unusable'; readonly error: CaError };

export type TrustSource =
  | { readonly kind: 'system' }
  | {
      readonly kind: 'custom';
      readonly variable: string;
      readonly path: string;
      /** Certificates of the bundle that were taken. */
      readonly certificateCount: number;
      /** `TRUSTED CERTIFICATE` labels were read as `CERTIFICATE`. */
      readonly normalizedLabels: boolean;
      readonly ignoredCrls: number;
    };
