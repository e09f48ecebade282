import { createHash } from 'node:crypto';
import type { Redactor } from '../../redact/redactor.ts';
import { inspectStream } from '../../redact/stream.ts';
import { formatOf } from '../source-items.ts';
import type { HiddenCount } from '../item.ts';
import type { InspectedBundle } from './inspect.ts';
import type { BundleEntry, OpenBundle } from './read.ts';

/** What is wrong with one file of a bundle; nothing, when the list is empty. */
export interface VerifiedEntry {
  readonly name: string;
  readonly bytes: number;
  readonly problems: readonly string[];
  /** What would be hidden in it today. */
  readonly found: readonly HiddenCount[];
}

export interface Verification {
  /** Every file in the archive. */
  readonly entries: readonly VerifiedEntry[];
  /** Of the bundle as a whole. */
  readonly problems: readonly string[];
  /** True things that are no fault, such as hashes that the writer left out. */
  readonly remarks: readonly string[];
}

export interface VerifyMeans {
  /** A fresh one for each file, so that what it counts belongs to that file. */
  readonly newRedactor: () => Redactor;
  readonly signal: AbortSignal;
}

/** Reads every byte: sizes, hashes, and whether a secret is in it. Never unpacks to disk. */
export async function verifyBundle(
  bundle: OpenBundle,
  { manifest, strays }: InspectedBundle,
  means: VerifyMeans,
): Promise<Verification> {
  const expected = new Map(manifest.map((entry) => [entry.entry, entry]));
  const entries: VerifiedEntry[] = [];
  for (const entry of bundle.entries) {
    const { bytes, sha256, redaction } = expected.get(entry.name) ?? {};
    // oxlint-disable-next-line no-await-in-loop -- one stream at a time keeps memory flat
    const read = await readEntry(entry, means);
    const problems = [
      ...(read.fault === undefined ? [] : [read.fault]),
      ...(bytes !== undefined && bytes !== read.bytes
        ? [`it has ${read.bytes} bytes, and the manifest says ${bytes}`]
        : []),
      ...(sha256 !== undefined && sha256 !== read.sha256 ? ['its hash is not that of the manifest'] : []),
      ...(redaction === null ? ['it was never redacted'] : []),
    ];
    entries.push({ name: entry.name, bytes: read.bytes, problems, found: read.found });
  }
  const hasHashes = manifest.length > 0 && manifest.every(({ sha256 }) => sha256 !== undefined);
  return {
    entries,
    problems: strays,
    remarks: hasHashes
      ? []
      : ['The manifest holds no hashes, so nobody can tell whether a file was changed.'],
  };
}

interface ReadEntry {
  readonly bytes: number;
  readonly sha256: string;
  readonly found: readonly HiddenCount[];
  readonly fault?: string;
}

async function readEntry(entry: BundleEntry, { newRedactor, signal }: VerifyMeans): Promise<ReadEntry> {
  const hash = createHash('sha256');
  let bytes = 0;
  async function* counted(): AsyncGenerator<Uint8Array> {
    for await (const piece of await entry.open()) {
      signal.throwIfAborted();
      hash.update(piece as Uint8Array);
      bytes += (piece as Uint8Array).length;
      yield piece as Uint8Array;
    }
  }
  try {
    const { ledger } = await inspectStream(counted(), {
      redactor: newRedactor(),
      format: formatOf(entry.name),
      signal,
    });
    return { bytes, sha256: hash.digest('hex'), found: ledger };
  } catch (error) {
    signal.throwIfAborted();
    const fault = `it cannot be unpacked: ${error instanceof Error ? error.message : String(error)}`;
    return { bytes, sha256: hash.digest('hex'), found: [], fault };
  }
}

/** Whether a bundle may be passed on as it is. */
export const isSound = ({ entries, problems }: Verification): boolean =>
  problems.length === 0 && entries.every((entry) => entry.problems.length === 0 && entry.found.length === 0);
