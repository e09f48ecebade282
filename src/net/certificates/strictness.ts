import type { CertificateFacts } from '../dial/trace.ts';
import type { TrustSource } from './trust.ts';

/** Why the agent's TLS refuses a server certificate that OpenSSL accepts. */
export type StrictnessProblem =
  /** A certificate that may sign others, used by a server. */
  | 'CA_USED_AS_END_ENTITY'
  /** No alternative name: the common name does not count as a host (RFC 9525, section 6.3). */
  | 'HOSTNAME_MISMATCH'
  /** RSA below 2048 bits. */
  | 'EE_KEY_TOO_SMALL';

export interface PresentedCertificate extends Pick<CertificateFacts, 'isCa' | 'altNames'> {
  /** Of an RSA key; undefined for keys of other kinds. */
  readonly rsaKeyBits?: number | undefined;
}

const MIN_RSA_KEY_BITS = 2048;

/**
 * What codex finds wrong with a certificate that OpenSSL, and so Node, has verified. Its WebSocket client always uses
 * webpki; its HTTP client does once a custom CA is set, and OpenSSL without one (measured on codex 0.169, see
 * docs/checks/network.ca.md).
 */
export function strictnessProblem(
  { isCa, altNames, rsaKeyBits }: PresentedCertificate,
  { client, source }: { readonly client: 'http' | 'websocket'; readonly source: TrustSource['kind'] },
): StrictnessProblem | undefined {
  if (rsaKeyBits !== undefined && rsaKeyBits < MIN_RSA_KEY_BITS) return 'EE_KEY_TOO_SMALL';
  if (client === 'http' && source === 'system') return undefined;
  if (isCa) return 'CA_USED_AS_END_ENTITY';
  return altNames.length === 0 ? 'HOSTNAME_MISMATCH' : undefined;
}
