import { isAscii } from 'node:buffer';
import { StringDecoder } from 'node:string_decoder';

export interface TextDecoderOfBytes {
  readonly push: (bytes: Uint8Array) => string;
  readonly end: () => string;
}

/** So much of the beginning tells the encoding. */
const MIN_SAMPLE = 4;
const MAX_SAMPLE = 4_096;

type Encoding = 'utf8' | 'utf16le' | 'utf16be';

/**
 * Text of bytes, wherever they were cut. A byte order mark tells the encoding, or else where zeros stand; invalid bytes
 * become U+FFFD. The mark itself is left out.
 */
export function createTextDecoder(): TextDecoderOfBytes {
  let pending: Buffer = Buffer.alloc(0);
  let decode: TextDecoderOfBytes | undefined;
  const begin = (): string => {
    const { encoding, markLength } = encodingOf(pending);
    decode = encoding === 'utf16be' ? swapped() : decoderFor(encoding);
    return decode.push(pending.subarray(markLength));
  };
  return {
    push(bytes) {
      if (decode) return decode.push(bytes);
      pending = Buffer.concat([pending, bytes]);
      return pending.length < MIN_SAMPLE ? '' : begin();
    },
    end: () => (decode ? '' : begin()) + (decode?.end() ?? ''),
  };
}

function decoderFor(encoding: 'utf8' | 'utf16le'): TextDecoderOfBytes {
  const decoder = new StringDecoder(encoding);
  /** Nothing of a character is still to come. */
  let isWhole = true;
  return {
    push(bytes) {
      const view = viewOf(bytes);
      if (encoding === 'utf8' && isWhole && isAscii(view)) return view.toString('latin1');
      isWhole = (view.at(-1) ?? FIRST_BEHIND_ASCII) < FIRST_BEHIND_ASCII;
      return decoder.write(view);
    },
    end: () => decoder.end(),
  };
}

const FIRST_BEHIND_ASCII = 0x80;

/** Node knows little endian alone. */
function swapped(): TextDecoderOfBytes {
  const decoder = decoderFor('utf16le');
  let odd: Buffer = Buffer.alloc(0);
  return {
    push(bytes) {
      const all = Buffer.concat([odd, bytes]);
      const even = all.length & ~1;
      odd = all.subarray(even);
      return decoder.push(all.subarray(0, even).swap16());
    },
    end: () => decoder.end() + (odd.length === 0 ? '' : '\ufffd'),
  };
}

const viewOf = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

function encodingOf(bytes: Buffer): { readonly encoding: Encoding; readonly markLength: number } {
  const [first = 0, second = 0, third = 0] = bytes;
  if (first === 0xff && second === 0xfe) return { encoding: 'utf16le', markLength: 2 };
  if (first === 0xfe && second === 0xff) return { encoding: 'utf16be', markLength: 2 };
  if (first === 0xef && second === 0xbb && third === 0xbf) return { encoding: 'utf8', markLength: 3 };
  return { encoding: encodingByZeros(bytes.subarray(0, MAX_SAMPLE)), markLength: 0 };
}

/** Text of the Latin script in UTF-16 has a zero in nearly every pair of bytes, always on the same side. */
function encodingByZeros(sample: Buffer): Encoding {
  const zeros = [0, 0];
  for (const [index, byte] of sample.entries())
    if (byte === 0) zeros[index & 1] = (zeros[index & 1] ?? 0) + 1;
  const [even = 0, odd = 0] = zeros;
  const many = sample.length / 4;
  if (odd > many && even < odd / 8) return 'utf16le';
  return even > many && odd < even / 8 ? 'utf16be' : 'utf8';
}
