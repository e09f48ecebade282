import { endOfBlock, OUTPUT, startProgram, WIDE } from './instance.ts';
import type { Program } from './instance.ts';

/** For less, Node's own way costs less. */
const MIN_LENGTH = 4_096;

let started: { readonly program: Program; readonly bytes: Buffer } | undefined;

/** Text in UTF-8 in pieces, as of `Buffer.from`, which takes several times as long for text that is not ASCII alone. */
export function encoded(text: string): readonly Buffer[] {
  if (text.length < MIN_LENGTH) return text === '' ? [] : [Buffer.from(text, 'utf8')];
  const { program, bytes } = (started ??= start());
  const pieces: Buffer[] = [];
  for (let from = 0; from < text.length;) {
    const to = endOfBlock(text, from);
    const length = bytes.write(text.slice(from, to), WIDE, 'utf16le');
    const end = program.encode(WIDE, WIDE + length, OUTPUT);
    pieces.push(Buffer.from(bytes.subarray(OUTPUT, end)));
    from = to;
  }
  return pieces;
}

function start(): { readonly program: Program; readonly bytes: Buffer } {
  const program = startProgram();
  return { program, bytes: Buffer.from(program.memory.buffer) };
}
