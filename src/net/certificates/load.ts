import type { X509Certificate } from 'node:crypto';
import { resolve } from 'node:path';
import type { BytesRead, Files, FileType } from '../../host/files.ts';
import type { NetworkEnvironment } from '../environment.ts';
import type { CaError } from './error.ts';
import { readPem } from './pem.ts';
import type { PemProblem } from './pem.ts';

/** The variable that decides, and the file that it names. */
export interface SelectedBundle {
  readonly variable: string;
  /** Absolute. */
  readonly path: string;
}

export type BundleLoad =
  | { readonly kind: 'loaded'; readonly bundle: Bundle }
  | { readonly kind: 'unusable'; readonly error: CaError; readonly fault: BundleFault };

export interface Bundle {
  /** In the order of the file. */
  readonly certificates: readonly X509Certificate[];
  readonly normalizedLabels: boolean;
  readonly ignoredCrls: number;
  readonly hasPrivateKey: boolean;
}

/** Why a bundle cannot be used, finer than the kinds of {@link CaError}. */
export type BundleFault =
  | { readonly kind: 'missing' | 'dangling' | 'loop' | 'too_large' | 'empty' }
  /** The variable holds the text of a file and not its path. */
  | { readonly kind: 'pasted' }
  | { readonly kind: 'wrong_type'; readonly type: FileType }
  | { readonly kind: 'denied' | 'failed'; readonly code: string }
  | { readonly kind: 'no_certificate'; readonly hasPrivateKey: boolean }
  | {
      readonly kind: 'malformed';
      readonly problem: PemProblem;
      readonly label: string;
      readonly line: number;
    }
  /** Well-formed PEM, and what it holds is no certificate; counted from 1. */
  | { readonly kind: 'rejected'; readonly certificateIndex: number };

/** The largest bundle of a public trust store is below 1 MiB. */
const MAX_BUNDLE_BYTES = 8 * 1024 * 1024;

/** Stands for a text that somebody set in place of a path: it is of many lines, and may hold a private key. */
const PASTED = '<text in place of a path>';

/** The first variable that is set. An empty value counts as unset, white space as a path. */
export function selectBundle(
  variables: readonly string[],
  environment: NetworkEnvironment,
  cwd: string,
): SelectedBundle | undefined {
  const variable = variables.find((name) => environment.values[name]);
  const value = variable === undefined ? undefined : environment.values[variable];
  if (variable === undefined || !value) return undefined;
  return { variable, path: value.includes('-----BEGIN ') ? PASTED : resolve(cwd, value) };
}

/**
 * Reads every certificate of a bundle. One that is malformed or rejected makes the whole bundle unusable.
 * @param options.variables all that could name a bundle, for the remedy
 */
export function loadBundle(
  selected: SelectedBundle,
  { variables, files }: { readonly variables: readonly string[]; readonly files: Files },
): BundleLoad {
  const result = selected.path === PASTED ? ({ kind: 'pasted' } as const) : readBundle(selected.path, files);
  return 'certificates' in result
    ? { kind: 'loaded', bundle: result }
    : { kind: 'unusable', fault: result, error: errorOf(result, selected, variables) };
}

function readBundle(path: string, files: Files): Bundle | BundleFault {
  const content = files.readBytes(path, { maxBytes: MAX_BUNDLE_BYTES });
  return content.kind === 'read' ? parse(content) : faultOfRead(content);
}

function parse({ bytes, truncated }: Extract<BytesRead, { kind: 'read' }>): Bundle | BundleFault {
  if (truncated) return { kind: 'too_large' };
  // PEM is ASCII, and Latin-1 keeps every byte, whatever stands between the sections.
  const text = bytes.toString('latin1');
  if (text.trim() === '') return { kind: 'empty' };
  const content = readPem(text);
  if (content.kind === 'malformed') {
    const { kind, problem, label, line } = content;
    return { kind, problem, label, line };
  }
  const { hasTrustedLabels, crls, hasPrivateKey } = content;
  if (content.certificates.length === 0) return { kind: 'no_certificate', hasPrivateKey };
  const certificates: X509Certificate[] = [];
  for (const der of content.certificates) {
    const certificate = readX509(der);
    if (!certificate) return { kind: 'rejected', certificateIndex: certificates.length + 1 };
    certificates.push(certificate);
  }
  return { certificates, normalizedLabels: hasTrustedLabels, ignoredCrls: crls, hasPrivateKey };
}

function readX509(der: Uint8Array): X509Certificate | undefined {
  const { X509Certificate: Certificate } = process.getBuiltinModule('node:crypto');
  try {
    const certificate = new Certificate(der);
    // OpenSSL passes over bytes behind a certificate; the agent's TLS does not.
    return certificate.raw.length === der.length ? certificate : undefined;
  } catch {
    return undefined;
  }
}

function faultOfRead(read: Exclude<BytesRead, { kind: 'read' }>): BundleFault {
  switch (read.kind) {
    case 'wrong_type':
      return { kind: read.kind, type: read.type };
    case 'denied':
    case 'failed':
      return { kind: read.kind, code: read.code };
    case 'missing':
    case 'dangling':
    case 'loop':
      return { kind: read.kind };
  }
}

function errorOf(
  fault: BundleFault,
  { variable, path }: SelectedBundle,
  variables: readonly string[],
): CaError {
  const base = {
    variable,
    path,
    message:
      fault.kind === 'pasted'
        ? `${variable} holds the text of a file in place of its path`
        : `${variable} names ${path}, ${describeFault(fault)}${fault.kind === 'missing' ? spellingOf(path) : ''}`,
    remedy:
      `Point ${variables.join(' or ')} at a PEM file with one or more CERTIFICATE blocks, ` +
      "or unset it to trust the system's roots.",
  };
  switch (fault.kind) {
    case 'missing':
    case 'dangling':
      return { kind: 'unreadable', ...base, code: 'ENOENT' };
    case 'loop':
      return { kind: 'unreadable', ...base, code: 'ELOOP' };
    case 'wrong_type':
      return { kind: 'unreadable', ...base, ...(fault.type === 'directory' && { code: 'EISDIR' }) };
    case 'denied':
    case 'failed':
      return { kind: 'unreadable', ...base, code: fault.code };
    case 'rejected':
      return { kind: 'rejected', ...base, certificateIndex: fault.certificateIndex };
    case 'too_large':
    case 'empty':
    case 'pasted':
    case 'no_certificate':
    case 'malformed':
      return { kind: 'invalid', ...base };
  }
}

const PROBLEMS: Readonly<Record<PemProblem, string>> = {
  bad_begin: 'the line does not end in five dashes',
  no_end: 'it has no END line',
  bad_base64: 'its content is not Base64',
  bad_trusted_block: 'its content is cut off',
};

/** Signs that a shell would have taken away, as the likely reason that nothing has this name. */
function spellingOf(path: string): string {
  if (/\/~(?:\/|$)/.test(path)) return ': no shell has put the home in place of its ~';
  if (/["']$/.test(path)) return ': quotes are a part of it';
  return /\s$/.test(path) ? ': white space at its end is a part of it' : '';
}

/** What is the matter with a file, as a relative clause. */
export function describeFault(fault: BundleFault): string {
  switch (fault.kind) {
    case 'missing':
      return 'which does not exist';
    case 'dangling':
      return 'a link whose target does not exist';
    case 'loop':
      return 'a link that leads back to itself';
    case 'wrong_type':
      return `which is a ${fault.type}, not a file`;
    case 'denied':
      return `which this account may not read (${fault.code})`;
    case 'failed':
      return `which cannot be read (${fault.code})`;
    case 'too_large':
      return 'which is far too large for certificates (more than 8 MiB)';
    case 'empty':
      return 'which is empty';
    case 'pasted':
      return 'which is no path';
    case 'no_certificate':
      return fault.hasPrivateKey
        ? 'which holds a private key and no certificate'
        : 'which holds no PEM certificate';
    case 'malformed':
      return `whose ${fault.label} section in line ${fault.line} is malformed: ${PROBLEMS[fault.problem]}`;
    case 'rejected':
      return `whose certificate ${fault.certificateIndex} cannot be read as one`;
  }
}
