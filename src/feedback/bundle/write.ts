import { createHash } from 'node:crypto';
import { createWriteStream, rmSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { Readable } from 'node:stream';
import type { HiddenCount, StagedItem } from '../item.ts';
import { entryOf, MANIFEST, REPORT } from './manifest.ts';
import type { ManifestEntry } from './manifest.ts';

export interface BundleContent {
  /** The event. */
  readonly report: object;
  readonly items: readonly Pick<
    StagedItem,
    'name' | 'contentType' | 'path' | 'bytes' | 'sha256' | 'hidden' | 'confident'
  >[];
  /** Of the words and tags of the report itself. */
  readonly hiddenInReport: readonly HiddenCount[];
  /** Version of the redactor; undefined: nothing was redacted. */
  readonly redactedBy: string | undefined;
  readonly signal: AbortSignal;
}

/** Readable by this user alone. */
const FILE_MODE = 0o600;
const ENTRY_MODE = 0o100600;

/**
 * Writes a bundle: `report.json`, `attachments/NNNN/<name>`, `manifest.json`. In a stream, so its size does not matter. An
 * existing file stays as it is, and a bundle that did not come about leaves none.
 * @returns what the manifest says
 * @throws what the file system throws (`EEXIST`), or the reason of `signal`
 */
export async function writeBundle(path: string, content: BundleContent): Promise<readonly ManifestEntry[]> {
  const { report, items, hiddenInReport, redactedBy, signal } = content;
  const { ZipFile } = await import('yazl');
  const zip = new ZipFile();
  const reportBytes = Buffer.from(`${JSON.stringify(report, null, 2)}\n`);
  const redaction = (
    hidden: readonly HiddenCount[],
    confident: number,
  ): ManifestEntry['redaction'] & (object | null) =>
    redactedBy === undefined ? null : { version: redactedBy, hidden, confident };
  const manifest: ManifestEntry[] = items.map((item, index) => ({
    entry: entryOf(index, item.name),
    filename: item.name,
    contentType: item.contentType,
    bytes: item.bytes,
    sha256: item.sha256,
    redaction: redaction(item.hidden, item.confident),
  }));
  manifest.push({
    entry: REPORT,
    filename: REPORT,
    contentType: 'application/json',
    bytes: reportBytes.length,
    sha256: createHash('sha256').update(reportBytes).digest('hex'),
    redaction: redaction(hiddenInReport, NONE),
  });
  // Opened before anything is read, so that a file that exists costs nothing.
  const target = createWriteStream(path, { flags: 'wx', mode: FILE_MODE });
  let isOurs = false;
  const removeRest = (): void => {
    if (isOurs) rmSync(path, { force: true });
  };
  target.once('open', () => {
    isOurs = true;
    process.on('exit', removeRest);
  });
  zip.addBuffer(reportBytes, REPORT, { mode: ENTRY_MODE });
  for (const [index, item] of items.entries())
    zip.addFile(item.path, manifest[index]?.entry ?? '', { mode: ENTRY_MODE });
  zip.addBuffer(Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`), MANIFEST, { mode: ENTRY_MODE });
  // A file that went away is told by the zip, not by its stream.
  zip.on('error', (error) => target.destroy(error as Error));
  zip.end();
  try {
    await pipeline(zip.outputStream as Readable, target, { signal });
  } catch (error) {
    removeRest();
    throw error;
  } finally {
    process.off('exit', removeRest);
  }
  return manifest;
}

/** The report is words and tags: what is a credential there was told with them. */
const NONE = 0;
