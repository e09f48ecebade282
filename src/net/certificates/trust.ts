import type { X509Certificate } from 'node:crypto';
import type { SecureContext } from 'node:tls';
import type { Files } from '../../host/files.ts';
import type { NetworkEnvironment } from '../environment.ts';
import { isAnchor } from './anchor.ts';
import type { CaError } from './error.ts';
import { describeTrust } from './describe.ts';
import { loadBundle, selectBundle } from './load.ts';
import { findSystemRoots, readSystemRoots } from './system-roots.ts';

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

export interface TrustOptions {
  /** Custom CA variables of the profile, strongest first. */
  readonly variables: readonly string[];
  readonly environment: NetworkEnvironment;
  readonly files: Files;
  /** Relative paths start here. */
  readonly cwd: string;
}

/**
 * Decides whom to trust, for HTTPS and secure WebSocket alike. Reads the custom bundle at once, system roots on demand.
 * `NODE_DEBUG=stethos` prints what was selected and how many certificates were taken.
 */
export function createTrust(options: TrustOptions): Trust {
  const trust = decide(options);
  const log = process.getBuiltinModule('node:util').debuglog('stethos');
  for (const { message, fields } of describeTrust(trust, options.variables)) log('%s %j', message, fields);
  return trust;
}

function decide(options: TrustOptions): Trust {
  const { variables, environment, files, cwd } = options;
  const selected = selectBundle(variables, environment, cwd);
  if (!selected) return usable({ kind: 'system' }, [], options);
  const load = loadBundle(selected, options);
  if (load.kind === 'unusable') return { kind: 'unusable', error: load.error };
  const { certificates, normalizedLabels, ignoredCrls } = load.bundle;
  const source = {
    kind: 'custom',
    ...selected,
    certificateCount: certificates.length,
    normalizedLabels,
    ignoredCrls,
  } as const;
  return usable(source, certificates, { environment, files, cwd });
}

function usable(
  source: TrustSource,
  custom: readonly X509Certificate[],
  surroundings: Omit<TrustOptions, 'variables'>,
): Trust {
  let context: SecureContext | undefined;
  return {
    kind: 'usable',
    source,
    secureContext: () => (context ??= createContext(custom, surroundings)),
  };
}

function createContext(
  custom: readonly X509Certificate[],
  surroundings: Omit<TrustOptions, 'variables'>,
): SecureContext {
  const { createSecureContext, rootCertificates } = process.getBuiltinModule('node:tls');
  const system = readSystemRoots(findSystemRoots(surroundings), surroundings.files);
  // Mozilla's roots only where there are no others: added to those of the system they would let the doctor connect
  // where the agent, which has only the system's, cannot. Without any, it would see nothing beyond the handshake.
  const roots = system.length > 0 || custom.length > 0 ? system : rootCertificates;
  return createSecureContext({
    ca: [...roots, ...custom.filter(isAnchor).map(String)],
    // An intermediate certificate in the bundle is enough, as it is for the agent's TLS.
    allowPartialTrustChain: true,
    minVersion: 'TLSv1.2',
  });
}
