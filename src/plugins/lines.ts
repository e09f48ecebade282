import type { Readable } from 'node:stream';

const LINE_FEED = 0x0a;

/** Gives the lines of a stream as they come whole. Bytes are what is counted: the caller bounds them. */
export function eachLine(
  stream: Readable,
  { onLine, onBytes }: { onLine: (line: string) => void; onBytes: (count: number) => void },
): void {
  let begun: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => {
    onBytes(chunk.length);
    let start = 0;
    for (let end = chunk.indexOf(LINE_FEED); end !== -1; end = chunk.indexOf(LINE_FEED, start)) {
      const line = Buffer.concat([...begun, chunk.subarray(start, end)]).toString('utf8');
      begun = [];
      start = end + 1;
      onLine(line);
    }
    if (start < chunk.length) begun.push(chunk.subarray(start));
  });
}
