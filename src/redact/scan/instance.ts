import { SCAN_PROGRAM } from './program.ts';

/** What `scan.wat` exports. */
export interface Program {
  /** Grows by pages of 64 KiB; views of its buffer are lost then. */
  readonly memory: { readonly buffer: ArrayBuffer; readonly grow: (pages: number) => number };
  readonly narrow: (wide: number, end: number, narrow: number, out: number) => number;
  readonly encode: (wide: number, end: number, out: number) => number;
  readonly find: (start: number, end: number, limit: number, out: number) => number;
  readonly findEncoded: (start: number, end: number, out: number) => number;
}

/** The layout of the program's memory. */
export const TABLE_LENGTH = 65_536;
export const INPUT = 65_536;
export const WIDE = 135_168;
export const OUTPUT = 270_336;
export const SLOTS = 532_480;
export const CLASSES = 134_912;
export const PAGE = 65_536;
/** Characters that it takes at a time. */
export const BLOCK = 65_536;
/** What the program may read behind the last position of a block. */
export const AHEAD = 16;

/** The types of Node leave this one to the DOM's. */
const { WebAssembly: assembly } = globalThis as unknown as {
  readonly WebAssembly: {
    readonly Module: new (bytes: Uint8Array) => object;
    readonly Instance: new (module: object) => { readonly exports: unknown };
  };
};

let compiled: object | undefined;

/** The program, with a memory of its own. */
export function startProgram(): Program {
  compiled ??= new assembly.Module(Buffer.from(SCAN_PROGRAM, 'base64'));
  return new assembly.Instance(compiled).exports as Program;
}

/** Not between the halves of a pair. */
export function endOfBlock(text: string, start: number): number {
  const end = start + BLOCK;
  if (end >= text.length) return text.length;
  return (text.charCodeAt(end - 1) & 0xfc00) === 0xd800 ? end - 1 : end;
}
