import { firstDerObject } from './der.ts';

/** What stands in a PEM file (RFC 7468), read as strictly and as leniently as codex 0.169 was seen to read it. */
export type PemContent =
  | {
      readonly kind: 'read';
      /** DER, in the order of the file. Not yet looked into. */
      readonly certificates: readonly Uint8Array[];
      /** `TRUSTED CERTIFICATE` labels were read as `CERTIFICATE`, and every block cut to its first object. */
      readonly hasTrustedLabels: boolean;
      /** Well-formed revocation lists, which are ignored. */
      readonly crls: number;
      readonly hasPrivateKey: boolean;
    }
  | {
      readonly kind: 'malformed';
      readonly problem: PemProblem;
      /** Of the section, such as `CERTIFICATE`. */
      readonly label: string;
      /** Of the `BEGIN`, counted from 1. */
      readonly line: number;
      readonly hasPrivateKey: boolean;
    };

export type PemProblem =
  /** A line that begins like `BEGIN` and does not end like it. */
  | 'bad_begin'
  | 'no_end'
  | 'bad_base64'
  /** The first object of a certificate in a file with TRUSTED labels has no length, or one beyond the end. */
  | 'bad_trusted_block';

interface Section {
  readonly label: string;
  readonly line: number;
}

/** Sections whose content has to be Base64; what a section of another label holds does not matter. */
const DECODED_LABELS: ReadonlySet<string> = new Set([
  'CERTIFICATE',
  'CERTIFICATE REQUEST',
  'X509 CRL',
  'PRIVATE KEY',
  'RSA PRIVATE KEY',
  'EC PRIVATE KEY',
  'PUBLIC KEY',
]);
const BEGIN = '-----BEGIN ';
const DASHES = '-----';
const TRUSTED_LABEL = /(?<=-----(?:BEGIN|END) )TRUSTED (?=CERTIFICATE-----)/g;
const PRIVATE_KEY = /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----/;

/**
 * Reads every section of a PEM file. Text between sections and sections of other kinds are passed over; one malformed
 * section spoils the whole file, whatever else is in it.
 */
export function readPem(file: string): PemContent {
  const hasTrustedLabels = file.includes('TRUSTED CERTIFICATE');
  const hasPrivateKey = PRIVATE_KEY.test(file);
  const text = hasTrustedLabels ? file.replaceAll(TRUSTED_LABEL, '') : file;
  const certificates: Uint8Array[] = [];
  let crls = 0;
  let section: Section | undefined;
  let content: string[] = [];
  const malformed = (problem: PemProblem, { label, line }: Section): PemContent => ({
    kind: 'malformed',
    problem,
    label: shownLabel(label),
    line,
    hasPrivateKey,
  });

  for (const [index, line] of text.split(/\r\n|[\r\n]/).entries()) {
    if (line.startsWith(BEGIN)) {
      const label = labelOf(line);
      section = { label: label ?? line.slice(BEGIN.length), line: index + 1 };
      if (label === undefined) return malformed('bad_begin', section);
      continue;
    }
    if (!section) continue;
    if (!line.startsWith(`-----END ${section.label}-----`)) {
      content.push(line);
      continue;
    }
    if (DECODED_LABELS.has(section.label)) {
      const bytes = decodeBase64(content.join(''));
      if (!bytes) return malformed('bad_base64', section);
      if (section.label === 'X509 CRL') crls += 1;
      if (section.label === 'CERTIFICATE') {
        const certificate = hasTrustedLabels ? firstDerObject(bytes) : bytes;
        if (!certificate) return malformed('bad_trusted_block', section);
        certificates.push(certificate);
      }
    }
    section = undefined;
    content = [];
  }
  return section
    ? malformed('no_end', section)
    : { kind: 'read', certificates, hasTrustedLabels, crls, hasPrivateKey };
}

/** Where line breaks were lost, the line of a `BEGIN` holds the whole section, and it may be a private key. */
const shownLabel = (label: string): string => /^[A-Z0-9 ]{1,40}/.exec(label)?.[0] ?? 'first';

/** Spaces may follow the dashes, nothing else, and there are exactly five. */
function labelOf(begin: string): string | undefined {
  let end = begin.length;
  while (begin[end - 1] === ' ') end -= 1;
  const label = begin.slice(BEGIN.length, end - DASHES.length);
  return begin.slice(BEGIN.length, end).endsWith(DASHES) && !label.endsWith('-') ? label : undefined;
}

/** Strict, unlike `Buffer.from`, which skips what it does not know. White space does not count, padding may be missing. */
function decodeBase64(text: string): Uint8Array | undefined {
  const digits = text.replaceAll(/[ \t\f]/g, '');
  const hasRightLength = digits.length % 4 === 0 || (digits.length % 4 > 1 && !digits.endsWith('='));
  return hasRightLength && /^[A-Za-z0-9+/]*={0,2}$/.test(digits) ? Buffer.from(digits, 'base64') : undefined;
}
