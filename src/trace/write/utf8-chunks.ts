/** A long text is written in pieces, so that it is not held twice. */
const CHUNK_CHARACTERS = 4 * 1024 * 1024;

/** The UTF-8 bytes of a text, piece by piece; no character is cut in two. */
export function* chunksOf(text: string): Generator<Uint8Array> {
  for (let start = 0; start < text.length;) {
    let end = Math.min(text.length, start + CHUNK_CHARACTERS);
    if (end < text.length && isHighSurrogate(text.charCodeAt(end - 1))) end -= 1;
    yield Buffer.from(text.slice(start, end));
    start = end;
  }
}

const isHighSurrogate = (code: number): boolean => code >= 0xd800 && code <= 0xdbff;
