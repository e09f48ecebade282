/** Half of it for the beginning and half for the end (spec/agent-core.md 2.2). */
export const OUTPUT_LIMIT_BYTES = 1024 * 1024;
/** Small pieces are gathered to blocks of this size, so that a byte costs a byte. */
const BLOCK_BYTES = 8 * 1024;

/** The beginning and the end of an output of any length, in bounded memory. */
export interface OutputBuffer {
  /** @param piece copied; whole characters, since pieces are what is dropped */
  push(piece: Buffer): void;
  /** What was pushed, with a note where something is left out. */
  text(): string;
  /** All that was pushed, kept or not. */
  readonly totalBytes: number;
}

export function createOutputBuffer(limitBytes = OUTPUT_LIMIT_BYTES): OutputBuffer {
  const half = limitBytes / 2;
  const [head, tail] = [createBlocks(), createBlocks()];
  let [total, omitted] = [0, 0];
  let isHeadFull = false;
  return {
    push(piece) {
      total += piece.length;
      isHeadFull ||= head.bytes() + piece.length > half;
      if (!isHeadFull) {
        head.append(piece);
        return;
      }
      tail.append(piece);
      while (tail.bytes() > half) omitted += tail.dropOldest();
    },
    text() {
      const note = omitted === 0 ? '' : `\n[${omitted} bytes left out]\n`;
      return head.text() + note + tail.text();
    },
    get totalBytes() {
      return total;
    },
  };
}

interface Block {
  readonly bytes: Buffer;
  used: number;
}

function createBlocks() {
  const blocks: Block[] = [];
  let held = 0;
  return {
    bytes: () => held,
    append(piece: Buffer): void {
      let last = blocks.at(-1);
      if (!last || last.used + piece.length > last.bytes.length) {
        last = { bytes: Buffer.allocUnsafeSlow(Math.max(BLOCK_BYTES, piece.length)), used: 0 };
        blocks.push(last);
      }
      last.used += piece.copy(last.bytes, last.used);
      held += piece.length;
    },
    dropOldest(): number {
      const dropped = blocks.shift()?.used ?? 0;
      held -= dropped;
      return dropped;
    },
    text: (): string =>
      Buffer.concat(blocks.map(({ bytes, used }) => bytes.subarray(0, used))).toString('utf8'),
  };
}
