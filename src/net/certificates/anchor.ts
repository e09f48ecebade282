import type { X509Certificate } from 'node:crypto';

/**
 * Whether a chain may end at this certificate: that of an authority, or one that vouches for itself. A server's
 * certificate that somebody else has issued is no anchor for the agent's TLS. OpenSSL would accept that very server
 * because of it, once chains may end early.
 */
export const isAnchor = ({ ca, subject, issuer }: X509Certificate): boolean => ca || subject === issuer;
