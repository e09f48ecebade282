import type { X509Certificate } from 'node:crypto';
import type { SecureContext } from 'node:tls';
import type { Files } from '../../host/files.ts';
import type { NetworkEnvironment } from '../environment.ts';
import { isAnchor } from './anchor.ts';
import type { CaError } from './error.ts';
import { describeTrust } from './describe.ts';
import { loadBundle, selectBundle } from './load.ts';
import { readIdentity } from './client-identity.ts';
import type { ClientIdentity, TlsFiles } from './client-identity.ts';
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
  /** Of the one endpoint that is talked to: its authorities stand in place of the variables and of the system's roots. */
  readonly own?: TlsFiles;
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

/** What `ca-certificate` is called in messages. */
const OWN_CA = 'ca-certificate';

function decide(options: TrustOptions): Trust {
  const { environment, files, cwd, own = {} } = options;
  const identity = readIdentity(own, files);
  if (identity && 'message' in identity) return { kind: 'unusable', error: identity };
  const isAlone = own.caFile !== undefined;
  const variables = isAlone ? [OWN_CA] : options.variables;
  const selected =
    own.caFile === undefined
      ? selectBundle(variables, environment, cwd)
      : { variable: OWN_CA, path: own.caFile };
  const surroundings = { environment, files, cwd, isAlone, ...(identity && { identity }) };
  if (!selected) return usable({ kind: 'system' }, [], surroundings);
  const load = loadBundle(selected, { variables, files });
  if (load.kind === 'unusable') return { kind: 'unusable', error: load.error };
  const { certificates, normalizedLabels, ignoredCrls } = load.bundle;
  const source = {
    kind: 'custom',
    ...selected,
    certificateCount: certificates.length,
    normalizedLabels,
    ignoredCrls,
  } as const;
  return usable(source, certificates, surroundings);
}

type Surroundings = Omit<TrustOptions, 'variables' | 'own'> & {
  /** The certificates are all that is trusted. */
  readonly isAlone: boolean;
  readonly identity?: ClientIdentity;
};

function usable(source: TrustSource, custom: readonly X509Certificate[], surroundings: Surroundings): Trust {
  let context: SecureContext | undefined;
  return {
    kind: 'usable',
    source,
    secureContext: () => (context ??= createContext(custom, surroundings)),
  };
}

function createContext(custom: readonly X509Certificate[], surroundings: Surroundings): SecureContext {
  const { createSecureContext, rootCertificates } = process.getBuiltinModule('node:tls');
  const { files, isAlone, identity } = surroundings;
  const system = isAlone ? [] : readSystemRoots(findSystemRoots(surroundings), files);
  // Mozilla's roots only where there are no others: added to those of the system they would let the doctor connect
  // where the agent, which has only the system's, cannot. Without any, it would see nothing beyond the handshake.
  const roots = system.length > 0 || custom.length > 0 ? system : rootCertificates;
  return createSecureContext({
    ca: [...roots, ...custom.filter(isAnchor).map(String)],
    // An intermediate certificate in the bundle is enough, as it is for the agent's TLS.
    allowPartialTrustChain: true,
    minVersion: 'TLSv1.2',
    ...identity,
  });
}
