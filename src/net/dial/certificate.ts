import type { X509Certificate } from 'node:crypto';
import type { CertificateFacts } from './trace.ts';

/** What a report says of a certificate. */
export function readCertificate(certificate: X509Certificate): CertificateFacts {
  return {
    subject: oneLine(certificate.subject),
    issuer: oneLine(certificate.issuer),
    validFrom: rfc3339(certificate.validFrom),
    validTo: rfc3339(certificate.validTo),
    altNames: splitAltNames(certificate.subjectAltName ?? ''),
    isSelfSigned: certificate.checkIssued(certificate) && isSignedByItself(certificate),
    isCa: certificate.ca,
    fingerprint256: certificate.fingerprint256,
  };
}

/** How many certificates came with this one, itself included. */
export function chainLength(certificate: X509Certificate): number {
  const { issuerCertificate } = certificate;
  return issuerCertificate ? 1 + chainLength(issuerCertificate) : 1;
}

/** Undefined for keys of other kinds. */
export const rsaKeyBits = ({ publicKey }: X509Certificate): number | undefined =>
  publicKey.asymmetricKeyType === 'rsa' ? publicKey.asymmetricKeyDetails?.modulusLength : undefined;

/** A key of a kind that OpenSSL does not know cannot be used to verify. */
function isSignedByItself(certificate: X509Certificate): boolean {
  try {
    return certificate.verify(certificate.publicKey);
  } catch {
    return false;
  }
}

/** Node writes a name as one attribute a line. A certificate without a subject has none. */
const oneLine = (name: string | undefined): string => (name ?? '').split('\n').filter(Boolean).join(', ');

/** OpenSSL's form, such as `Nov 20 10:43:42 2026 GMT`; a date that is none is left as it is written. */
function rfc3339(written: string): string {
  const atMs = Date.parse(written);
  return Number.isNaN(atMs) ? written : new Date(atMs).toISOString();
}

/** `DNS:localhost, IP Address:::1`; a name with a comma or a quote in it is a JSON string. */
function splitAltNames(names: string): string[] {
  return (names.match(/(?:"(?:[^"\\]|\\.)*"|[^,"])+/g) ?? []).map((name) => name.trim());
}
