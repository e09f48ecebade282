/** What the first 100 bytes of a database file say (https://sqlite.org/fileformat2.html, section 1.3). */
export type DatabaseHeader =
  | {
      readonly kind: 'header';
      readonly pageSizeBytes: number;
      /** Journal mode of the last writer: write-ahead log, or a rollback journal. */
      readonly isWriteAhead: boolean;
      /** Pages that the file should hold; undefined when the last writer did not keep the field up to date. */
      readonly pageCount: number | undefined;
      /** Of the SQLite that wrote last, as in `3.46.1`; undefined when never set. */
      readonly writerVersion: string | undefined;
    }
  /** Too short, or not SQLite's magic string. */
  | { readonly kind: 'foreign'; readonly allZero: boolean };

const MAGIC = 'SQLite format 3\0';
const HEADER_BYTES = 100;

export function parseHeader(bytes: Buffer): DatabaseHeader {
  if (bytes.length < HEADER_BYTES || bytes.toString('latin1', 0, MAGIC.length) !== MAGIC)
    return { kind: 'foreign', allZero: bytes.every((byte) => byte === 0) };
  const pageSize = bytes.readUInt16BE(16);
  const changeCounter = bytes.readUInt32BE(24);
  const countIsCurrent = bytes.readUInt32BE(92) === changeCounter;
  const pageCount = bytes.readUInt32BE(28);
  const version = bytes.readUInt32BE(96);
  return {
    kind: 'header',
    pageSizeBytes: pageSize === 1 ? 65_536 : pageSize,
    isWriteAhead: bytes[18] === 2 && bytes[19] === 2,
    pageCount: countIsCurrent && pageCount > 0 ? pageCount : undefined,
    writerVersion: version === 0 ? undefined : versionOf(version),
  };
}

/** 3046001 is 3.46.1. */
function versionOf(number: number): string {
  return `${Math.floor(number / 1_000_000)}.${Math.floor(number / 1_000) % 1_000}.${number % 1_000}`;
}
