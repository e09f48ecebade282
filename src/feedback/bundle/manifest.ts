import type { HiddenCount } from '../item.ts';

/** Names of the two entries that every bundle has. */
export const REPORT = 'report.json';
export const MANIFEST = 'manifest.json';

/**
 * One line of `manifest.json`. The first three members are those of release 0.169; its bundles have no others, so a reader
 * counts on none.
 */
export interface ManifestEntry {
  readonly entry: string;
  readonly filename: string;
  readonly contentType: string;
  readonly bytes?: number;
  /** Lower-case hexadecimal. */
  readonly sha256?: string;
  /** What was hidden by which rule; null: nothing was looked for, the content is as it was. */
  readonly redaction?: {
    readonly version: string;
    readonly hidden: readonly HiddenCount[];
    readonly confident: number;
  } | null;
}

/** Where the attachment of this number stands; two of one name have two numbers. */
export const entryOf = (number: number, filename: string): string =>
  `attachments/${String(number).padStart(4, '0')}/${filename}`;

/** @returns the entries, or what is wrong */
export function parseManifest(text: string): readonly ManifestEntry[] | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return `${MANIFEST} is no JSON`;
  }
  if (!Array.isArray(value)) return `${MANIFEST} is no list`;
  const entries: ManifestEntry[] = [];
  for (const one of value as readonly unknown[]) {
    const entry = manifestEntryOf(one);
    if (!entry) return `${MANIFEST} has an entry that says no names`;
    entries.push(entry);
  }
  return entries;
}

function manifestEntryOf(value: unknown): ManifestEntry | undefined {
  if (!isRecord(value)) return undefined;
  const { entry, filename, contentType, bytes, sha256, redaction } = value;
  if (typeof entry !== 'string' || typeof filename !== 'string' || typeof contentType !== 'string')
    return undefined;
  return {
    entry,
    filename,
    contentType,
    ...(typeof bytes === 'number' && { bytes }),
    ...(typeof sha256 === 'string' && { sha256 }),
    ...((redaction === null || isRecord(redaction)) && { redaction: redactionOf(redaction) }),
  };
}

function redactionOf(
  value: Readonly<Record<string, unknown>> | null,
): ManifestEntry['redaction'] & (object | null) {
  if (value === null) return null;
  const { version, hidden, confident } = value;
  return {
    version: typeof version === 'string' ? version : 'unknown',
    confident: typeof confident === 'number' ? confident : 0,
    hidden: (Array.isArray(hidden) ? (hidden as readonly unknown[]) : []).flatMap((one) => {
      const { rule, count } = isRecord(one) ? one : {};
      return typeof rule === 'string' && typeof count === 'number' ? [{ rule, count }] : [];
    }),
  };
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
