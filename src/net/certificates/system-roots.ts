import { delimiter, join, resolve } from 'node:path';
import type { Files } from '../../host/files.ts';
import type { NetworkEnvironment } from '../environment.ts';
import { isAnchor } from './anchor.ts';

/** Where the roots of the operating system come from. */
export type SystemRoots =
  /** A store that only the operating system itself can read. */
  | { readonly kind: 'store' }
  /** Files and folders with PEM; those that cannot be read are passed over. */
  | { readonly kind: 'files'; readonly paths: readonly string[]; readonly folders: readonly string[] }
  /** The same, chosen by variables, in place of the operating system's own. */
  | {
      readonly kind: 'replaced';
      readonly variables: readonly string[];
      readonly paths: readonly string[];
      readonly folders: readonly string[];
    };

interface Surroundings {
  readonly environment: NetworkEnvironment;
  readonly files: Files;
  readonly cwd: string;
  /** Default: that of this process. */
  readonly platform?: NodeJS.Platform;
}

/** What Linux distributions and BSDs call their bundle; the first that exists is the one. */
const BUNDLES = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem',
  '/etc/ssl/ca-bundle.pem',
  '/etc/pki/tls/cacert.pem',
  '/etc/ssl/cert.pem',
  '/opt/etc/ssl/certs/ca-certificates.crt',
  '/etc/ssl/certs/cacert.pem',
];
const FOLDERS = ['/etc/ssl/certs', '/etc/pki/tls/certs'];
/** The largest bundle of a public trust store is below 1 MiB. */
const MAX_FILE_BYTES = 8 * 1024 * 1024;
/** A folder that holds more is none of certificates, and the doctor has to end. */
const MAX_TOTAL_BYTES = 32 * 1024 * 1024;
const CERTIFICATE =
  /-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----[^-]+-----END (?:TRUSTED |X509 )?CERTIFICATE-----/g;

/**
 * Finds the roots of the operating system as the agent's TLS does: `SSL_CERT_FILE` and `SSL_CERT_DIR` take the place of
 * all others (measured on codex 0.169, and so in OpenSSL). Node is not asked on Linux: it goes by the variables of its
 * own process and not by those of the agent, reads a folder without the bundle beside it, and writes to standard error.
 */
export function findSystemRoots({
  environment: { values },
  files,
  cwd,
  platform = process.platform,
}: Surroundings): SystemRoots {
  const file = values['SSL_CERT_FILE'];
  const folder = values['SSL_CERT_DIR'];
  if (file || folder)
    return {
      kind: 'replaced',
      variables: [...(file ? ['SSL_CERT_FILE'] : []), ...(folder ? ['SSL_CERT_DIR'] : [])],
      paths: file ? [resolve(cwd, file)] : [],
      folders: (folder ?? '').split(delimiter).flatMap((one) => (one === '' ? [] : [resolve(cwd, one)])),
    };
  if (platform === 'darwin' || platform === 'win32') return { kind: 'store' };
  const exists = (path: string): boolean => files.look(path).kind === 'found';
  return { kind: 'files', paths: BUNDLES.filter(exists).slice(0, 1), folders: FOLDERS.filter(exists) };
}

/** The certificates themselves, PEM, each once. What is no certificate is passed over. */
export function readSystemRoots(roots: SystemRoots, files: Files): string[] {
  if (roots.kind === 'store') return process.getBuiltinModule('node:tls').getCACertificates('system');
  const { X509Certificate } = process.getBuiltinModule('node:crypto');
  const found = new Map<string, string>();
  const paths = [...roots.paths, ...roots.folders.flatMap((folder) => filesOf(folder, files))];
  let remainingBytes = MAX_TOTAL_BYTES;
  for (const path of paths) {
    if (remainingBytes <= 0) break;
    const read = files.readBytes(path, { maxBytes: Math.min(MAX_FILE_BYTES, remainingBytes) });
    if (read.kind !== 'read') continue;
    remainingBytes -= read.bytes.length;
    for (const [block] of read.bytes.toString('latin1').matchAll(CERTIFICATE)) {
      const content = block.replaceAll(/-----[^-]+-----|\s/g, '');
      if (found.has(content)) continue;
      try {
        const certificate = new X509Certificate(block);
        if (isAnchor(certificate)) found.set(content, certificate.toString());
      } catch {
        // Not ours to report: the agent passes over it too.
      }
    }
  }
  return [...found.values()];
}

function filesOf(folder: string, files: Files): string[] {
  const listed = files.list(folder);
  return listed.kind === 'read'
    ? listed.entries.flatMap(({ name, type }) =>
        type === 'file' || type === 'link' ? [join(folder, name)] : [],
      )
    : [];
}
