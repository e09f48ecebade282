import type { CaError } from '../../../src/net/certificates/error.ts';
import type { BundleFault, SelectedBundle } from '../../../src/net/certificates/load.ts';
import type { SystemRoots } from '../../../src/net/certificates/system-roots.ts';
import type { CertificateFacts } from '../../../src/net/dial/trace.ts';
import type { HttpObservation, WebSocketObservation } from '../../../src/net/network.ts';
import type { Situation } from '../parts/situation.ts';

export interface CaEvidence {
  readonly agent: string;
  /** Custom CA variables that the agent reads, strongest first. */
  readonly variables: readonly string[];
  readonly dotenvPath: string;
  /** The file that counts; undefined when no variable is set. */
  readonly bundle: BundleEvidence | undefined;
  /** Variables of the agent that are set and lose against a stronger one. */
  readonly overruled: readonly string[];
  readonly roots: RootsEvidence;
  /** CA variables of other programs. */
  readonly foreign: readonly ForeignVariable[];
  /** Whether the agent has an address of this kind that is reached over TLS. */
  readonly usesTls: { readonly http: boolean; readonly websocket: boolean };
  readonly nowMs: number;
  /** What secure endpoints showed; undefined where nobody was asked. */
  readonly seen: SeenEndpoints | undefined;
}

export interface BundleEvidence extends SelectedBundle {
  readonly origin: string;
  readonly content:
    | {
        readonly kind: 'loaded';
        readonly certificates: readonly BundleCertificate[];
        readonly normalizedLabels: boolean;
        readonly ignoredCrls: number;
        readonly hasPrivateKey: boolean;
      }
    | { readonly kind: 'unusable'; readonly fault: BundleFault; readonly error: CaError };
}

export interface BundleCertificate extends CertificateFacts {
  /** A chain may end at it. */
  readonly isAnchor: boolean;
}

export interface RootsEvidence {
  readonly kind: SystemRoots['kind'];
  /** Those that replace the roots of the operating system. */
  readonly variables: readonly string[];
  /** Files and folders that are read. */
  readonly places: readonly string[];
  /** Counted only where a variable beside the selected bundle replaces them. */
  readonly count: number | undefined;
  /** `SSL_CERT_FILE` or `SSL_CERT_DIR`, set to nothing while the other one names nothing either. */
  readonly emptyVariables: readonly string[];
}

export interface ForeignVariable {
  readonly name: string;
  readonly path: string;
  /** Of the certificates in the file; read only when an endpoint was not trusted. */
  readonly subjects: readonly string[];
}

export interface SeenEndpoints {
  readonly situation: Situation;
  readonly http: HttpObservation | undefined;
  readonly websocket: WebSocketObservation | undefined;
}
