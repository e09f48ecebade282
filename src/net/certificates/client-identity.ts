import type { Files } from '../../host/files.ts';
import type { CaError } from './error.ts';

/** Files of a single endpoint, as its settings name them; absolute paths. */
export interface TlsFiles {
  /** Authorities that sign the endpoint's certificate, in place of all others. */
  readonly caFile?: string;
  /** What we show when the endpoint asks who we are (mutual TLS); both or none. */
  readonly clientCertificateFile?: string;
  readonly clientKeyFile?: string;
}

/** PEM, as `createSecureContext` takes it. */
export interface ClientIdentity {
  readonly cert: Buffer;
  readonly key: Buffer;
}

/** A chain of certificates and a key are some kilobytes. */
const MAX_IDENTITY_BYTES = 1024 * 1024;

/** Reads who we are; undefined where nobody is to be shown. */
export function readIdentity(
  { clientCertificateFile, clientKeyFile }: TlsFiles,
  files: Files,
): ClientIdentity | CaError | undefined {
  if (clientCertificateFile === undefined || clientKeyFile === undefined) return undefined;
  const cert = readPart('client-certificate', clientCertificateFile, files);
  if (!Buffer.isBuffer(cert)) return cert;
  const key = readPart('client-private-key', clientKeyFile, files);
  if (!Buffer.isBuffer(key)) return key;
  return belongTogether(cert, key) ? { cert, key } : mismatch(clientCertificateFile);
}

function readPart(variable: string, path: string, files: Files): Buffer | CaError {
  const read = files.readBytes(path, { maxBytes: MAX_IDENTITY_BYTES });
  if (read.kind === 'read') return read.bytes;
  const code = read.kind === 'denied' || read.kind === 'failed' ? read.code : read.kind;
  return {
    kind: 'unreadable',
    variable,
    path,
    code,
    message: `${variable} names ${path}, which cannot be read (${code})`,
    remedy: `Point ${variable} at a PEM file that this account can read.`,
  };
}

function belongTogether(cert: Buffer, key: Buffer): boolean {
  const { createPrivateKey, X509Certificate } = process.getBuiltinModule('node:crypto');
  try {
    return new X509Certificate(cert).checkPrivateKey(createPrivateKey(key));
  } catch {
    return false;
  }
}

const mismatch = (path: string): CaError => ({
  kind: 'invalid',
  variable: 'client-certificate',
  path,
  message: `client-certificate names ${path}, which is no PEM certificate for the private key beside it`,
  remedy: 'Point client-certificate and client-private-key at a PEM certificate and its own unencrypted key.',
});
