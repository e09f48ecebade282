/** What one event of output carries at most (spec/agent-core.md 2.2). */
export const MAX_PIECE_BYTES = 8_192;

/**
 * Cuts a stream of bytes into pieces of bounded size that begin and end with whole characters of UTF-8. The beginning of a
 * character at the end of what came is kept back until the rest arrives or the stream ends. What is no UTF-8 passes as
 * it is.
 */
export function utf8Pieces(
  deliver: (piece: Buffer) => void,
  maxBytes = MAX_PIECE_BYTES,
): { push(chunk: Buffer): void; end(): void } {
  let kept: Buffer = Buffer.alloc(0);
  return {
    push(chunk) {
      let bytes = kept.length === 0 ? chunk : Buffer.concat([kept, chunk]);
      while (bytes.length > 0) {
        const whole = wholeCharacters(bytes.subarray(0, maxBytes));
        if (whole === 0) break;
        deliver(bytes.subarray(0, whole));
        bytes = bytes.subarray(whole);
      }
      // A copy: a view would hold the whole chunk in memory.
      kept = Buffer.from(bytes);
    },
    end() {
      if (kept.length > 0) deliver(kept);
      kept = Buffer.alloc(0);
    },
  };
}

/** How many bytes at the beginning end with a whole character, or with what cannot become one. */
function wholeCharacters(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    const isContinuation = (byte & 0xc0) === 0x80;
    if (!isContinuation) return characterLength(byte) > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}

/** Told by the first byte of a character. */
function characterLength(lead: number): number {
  if (lead >= 0xf0 && lead <= 0xf4) return 4;
  if (lead >= 0xe0) return lead < 0xf0 ? 3 : 1;
  return lead >= 0xc2 ? 2 : 1;
}
