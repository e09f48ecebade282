import { SCAN_PROGRAM } from './program.ts';

/** A literal to look for. */
export interface Hint {
  readonly literal: string;
  /** The literal is in lower case then, and ASCII. */
  readonly ignoreCase: boolean;
}

/** What a pass over a text saw. */
export interface Scan {
  /** Nothing in it has to be made visible; false also where that takes a closer look. */
  readonly plain: boolean;
  /** Where hints begin, by their number; what stands nowhere is missing. */
  readonly places: ReadonlyMap<number, readonly number[]>;
  /** A place in whatever may be text in base64 or hexadecimal, where it is long enough to hide something. */
  readonly encoded: readonly number[];
}

export type Scanner = (text: string) => Scan;

interface Program {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly classify: (start: number, end: number) => number;
  readonly classifyWide: (start: number, end: number) => number;
  readonly find: (start: number, end: number, out: number) => number;
  readonly findEncoded: (start: number, end: number, out: number) => number;
}

/** The layout of the program's memory. */
const TABLE_LENGTH = 65_536;
const INPUT = TABLE_LENGTH;
const BLOCK = 65_536;
const OUTPUT = 147_456;
/** What the program may read behind the last position of a block. */
const AHEAD = 16;
const BLANK = 0x20;

/** By how often they stand in text; a rare one makes a better key. What is not listed is rare. */
const FREQUENT = 'etaoinsrhldcumfpgwyb-/.:=_0123456789vkxjqz';
const rarity = (text: string): number =>
  text
    .toLowerCase()
    .split('')
    .reduce((sum, character) => {
      const rank = FREQUENT.indexOf(character);
      return sum + (rank === -1 ? FREQUENT.length : rank);
    }, 0);

/** Behind a hint of two characters stands one of these. */
const TOKEN_CHARACTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.~+/%';

interface Key {
  readonly index: number;
  readonly literal: string;
  readonly ignoreCase: boolean;
  /** How far into the hint the three characters stand that the table knows. */
  readonly shift: number;
}

/** The types of Node leave this one to the DOM's. */
const { WebAssembly: assembly } = globalThis as unknown as {
  readonly WebAssembly: {
    readonly Module: new (bytes: Uint8Array) => object;
    readonly Instance: new (module: object) => { readonly exports: unknown };
  };
};

let compiled: object | undefined;

/**
 * Looks for many literals in one pass, several hundred megabytes a second. A hint has two characters at least, or is a
 * single one that is rare in text.
 */
export function createScanner(hints: readonly Hint[]): Scanner {
  compiled ??= new assembly.Module(Buffer.from(SCAN_PROGRAM, 'base64'));
  const { memory, ...program } = new assembly.Instance(compiled).exports as Program;
  const bytes = Buffer.from(memory.buffer);
  const output = new Uint32Array(memory.buffer, OUTPUT);
  /** Number of a group of keys, from 1; 0 is none. */
  const groupOf = new Uint16Array(TABLE_LENGTH);
  const groups: Key[][] = [[]];
  for (const [index, { literal, ignoreCase }] of hints.entries()) {
    if (literal.length < 2) continue;
    const shift = rarestIn(literal);
    for (const three of spellings(literal.slice(shift, shift + 3), ignoreCase)) {
      const slot = slotOf(three);
      bytes[slot] = 1;
      groupOf[slot] ||= groups.push([]) - 1;
      groups[groupOf[slot] ?? 0]?.push({ index, literal, ignoreCase, shift });
    }
  }
  const rare = [...hints.entries()].filter(([, { literal }]) => literal.length === 1);

  const isPlainWide = (text: string): boolean => {
    for (let start = 0; start < text.length; start += BLOCK / 2) {
      const written = bytes.write(text.slice(start, start + BLOCK / 2), INPUT, 'utf16le');
      bytes.fill(BLANK, INPUT + written, INPUT + written + AHEAD);
      if (program.classifyWide(INPUT, INPUT + written) !== 0) return false;
    }
    return true;
  };

  return (text) => {
    const places = new Map<number, number[]>();
    const add = (index: number, place: number): void => {
      const before = places.get(index);
      if (before) before.push(place);
      else places.set(index, [place]);
    };
    const encoded: number[] = [];
    const isAscii = Buffer.byteLength(text) === text.length;
    let flags = 0;
    for (const [index, { literal }] of rare)
      for (let at = text.indexOf(literal); at !== -1; at = text.indexOf(literal, at + 1)) add(index, at);
    for (let start = 0; start < text.length; start += BLOCK) {
      const length = Math.min(BLOCK, text.length - start);
      // One byte for each character: of the others the lower half, which can only add places that do not hold.
      const written = bytes.write(text.slice(start, start + length + AHEAD), INPUT, 'latin1');
      bytes.fill(BLANK, INPUT + written, INPUT + length + AHEAD);
      if (isAscii) flags |= program.classify(INPUT, INPUT + length);
      const found = (program.find(INPUT, INPUT + length, OUTPUT) - OUTPUT) / 4;
      for (let index = 0; index < found; index += 1) {
        const position = output[index] ?? 0;
        const slot = slotAt(bytes, position);
        const at = start + position - INPUT;
        for (const key of groups[groupOf[slot] ?? 0] ?? [])
          if (stands(key, text, at - key.shift)) add(key.index, at - key.shift);
      }
      const seen = (program.findEncoded(INPUT, INPUT + length, OUTPUT) - OUTPUT) / 4;
      for (let index = 0; index < seen; index += 1) encoded.push(start + (output[index] ?? 0) - INPUT);
    }
    return { plain: isAscii ? flags === 0 : isPlainWide(text), places, encoded };
  };
}

function rarestIn(literal: string): number {
  let best = 0;
  for (let shift = 1; shift + 3 <= literal.length; shift += 1)
    if (rarity(literal.slice(shift, shift + 3)) > rarity(literal.slice(best, best + 3))) best = shift;
  return best;
}

function spellings(three: string, ignoreCase: boolean): string[] {
  if (three.length < 3) return TOKEN_CHARACTERS.split('').map((character) => three + character);
  if (!ignoreCase) return [three];
  return three
    .split('')
    .reduce<string[]>(
      (before, character) =>
        [...new Set([character, character.toUpperCase()])].flatMap((spelling) =>
          before.map((text) => text + spelling),
        ),
      [''],
    );
}

/** As `$slot` in the program. */
const MULTIPLIER = 0x9e_37_79_b1;
const slotOfBytes = (one: number, two: number, three: number): number =>
  Math.imul((one << 8) | (two << 16) | (three << 24), MULTIPLIER) >>> 16;
const slotAt = (bytes: Buffer, offset: number): number =>
  slotOfBytes(bytes[offset] ?? 0, bytes[offset + 1] ?? 0, bytes[offset + 2] ?? 0);
const slotOf = (three: string): number =>
  slotOfBytes(three.charCodeAt(0) & 0xff, three.charCodeAt(1) & 0xff, three.charCodeAt(2) & 0xff);

function stands({ literal, ignoreCase }: Key, text: string, start: number): boolean {
  if (start < 0) return false;
  if (!ignoreCase) return text.startsWith(literal, start);
  for (let index = 0; index < literal.length; index += 1) {
    const code = text.charCodeAt(start + index);
    const folded = code >= 65 && code <= 90 ? code + 32 : code;
    if (folded !== literal.charCodeAt(index)) return false;
  }
  return true;
}
