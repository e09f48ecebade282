import type { Readable } from 'node:stream';
import type { Entry, ZipFile } from 'yauzl';
import { BundleFault } from './fault.ts';

/** One file of a bundle, by what the archive says of it. */
export interface BundleEntry {
  readonly name: string;
  readonly bytes: number;
  readonly compressedBytes: number;
  /** Unpacks it; more bytes than it says it has are an error. */
  open(): Promise<Readable>;
}

export interface OpenBundle {
  readonly entries: readonly BundleEntry[];
  close(): void;
}

/** A session with a thousand sub-agents and its trace holds fewer files. */
export const MAX_ENTRIES = 10_000;
/** Twice what the largest bundles hold unpacked; what says more is meant to fill a disk. */
export const MAX_TOTAL_BYTES = 16 * 1024 * 1024 * 1024;
/** Deflate cannot do better than 1,032 : 1. */
const STORED = 0;
const DEFLATED = 8;
const FILE_TYPE = 0o170000;
const LINK = 0o120000;

/**
 * Opens an archive and checks it as a whole before a byte is unpacked: names that lead out of a folder, names that are there
 * twice, links, encryption, entries that share bytes, and more than anybody sends.
 * @throws BundleFault with what is wrong in a few words
 */
export async function openBundle(path: string): Promise<OpenBundle> {
  const zip = await openZip(path);
  try {
    const found = await listEntries(zip);
    return {
      entries: found.map((entry) => ({
        name: entry.fileName,
        bytes: entry.uncompressedSize,
        compressedBytes: entry.compressedSize,
        open: () => openEntry(zip, entry),
      })),
      close: () => zip.close(),
    };
  } catch (error) {
    zip.close();
    throw error;
  }
}

async function openZip(path: string): Promise<ZipFile> {
  const { default: yauzl } = await import('yauzl');
  return new Promise((resolve, reject) => {
    const options = { lazyEntries: true, autoClose: false, strictFileNames: true } as const;
    yauzl.open(path, options, (error, zip) => {
      if (error) reject(new BundleFault(reasonOf(error)));
      else resolve(zip);
    });
  });
}

const UNREADABLE: Readonly<Partial<Record<string, string>>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'it may not be read',
};

/** The words of the system repeat the path. */
function reasonOf(error: NodeJS.ErrnoException): string {
  const known = UNREADABLE[error.code ?? ''];
  return known ?? `it cannot be read as a ZIP file: ${error.code ?? error.message.replace(/\.$/, '')}`;
}

function listEntries(zip: ZipFile): Promise<readonly Entry[]> {
  return new Promise((resolve, reject) => {
    const entries: Entry[] = [];
    const names = new Set<string>();
    let total = 0;
    let packed = 0;
    const fail = (reason: string): void => reject(new BundleFault(reason));
    if (zip.entryCount > MAX_ENTRIES) {
      fail(`it says that it holds ${zip.entryCount} files`);
      return;
    }
    zip.on('entry', (entry: Entry) => {
      const name = entry.fileName;
      const reason = oddity(entry) ?? (names.has(name.toLowerCase()) ? `${name} is in it twice` : undefined);
      names.add(name.toLowerCase());
      total += entry.uncompressedSize;
      packed += entry.compressedSize;
      if (reason !== undefined) fail(reason);
      else if (total > MAX_TOTAL_BYTES) fail(`it says that it unpacks to more than ${MAX_TOTAL_BYTES} bytes`);
      else if (packed > zip.fileSize) fail('its entries share bytes, as those of a decompression bomb do');
      else {
        entries.push(entry);
        zip.readEntry();
      }
    });
    zip.on('end', () => resolve(entries));
    zip.on('error', (error: Error) => fail(error.message));
    zip.readEntry();
  });
}

/** `report.json`, `manifest.json`, `attachments/0000/<name>`: nothing else belongs into a bundle. */
const PLACE = /^(?:report\.json|manifest\.json|attachments\/\d{4,6}\/[^/\\:]+)$/;
// oxlint-disable-next-line no-control-regex -- control characters are what this is about
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/;

function oddity(entry: Entry): string | undefined {
  const { fileName: name, compressionMethod: method } = entry;
  if (UNPRINTABLE.test(name)) return 'a name in it has characters that cannot be seen';
  if (!PLACE.test(name) || /\/\.{1,2}$/.test(name)) return `${name} does not belong into a bundle`;
  if (entry.isEncrypted()) return `${name} is encrypted`;
  if (method !== STORED && method !== DEFLATED)
    return `${name} is packed in a way that is not known (${method})`;
  if (((entry.externalFileAttributes >>> 16) & FILE_TYPE) === LINK) return `${name} is a link`;
  return undefined;
}

function openEntry(zip: ZipFile, entry: Entry): Promise<Readable> {
  return new Promise((resolve, reject) => {
    zip.openReadStream(entry, (error, stream) => {
      if (error) reject(new BundleFault(`${entry.fileName}: ${error.message}`));
      else resolve(stream);
    });
  });
}
