import { CLASSES, PAGE, SLOTS, TABLE_LENGTH } from './instance.ts';
import type { Program } from './instance.ts';

/** A literal to look for. */
export interface Hint {
  readonly literal: string;
  /** The literal is in lower case then, and ASCII. */
  readonly ignoreCase: boolean;
  /** It is the last word of a name, and nothing where it goes on or no value can stand behind the name. */
  readonly isInName: boolean;
  /** Numbers of the lists that its places belong to. */
  readonly lists: readonly number[];
}

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

/** As the program knows them. */
const [FOLDS, UNCERTAIN, IN_NAME] = [1, 2, 4];
/** Shift, length, number and flags of a key, in front of its bytes. */
const HEADER_LENGTH = 16;
/** A slot's three bytes, and where the list of its keys begins. */
const SLOT_LENGTH = 8;
const LISTS = SLOTS + TABLE_LENGTH * SLOT_LENGTH;
/** Room for what is found in one go. */
const FOUND_LENGTH = 16 * PAGE;

/** What the program needs to know to look for hints. */
export interface Keys {
  /** Where what is found is written. */
  readonly found: number;
  /** So many positions at a time: what is found there has room. */
  readonly positions: number;
}

/** Enters hints into the memory of the program, which grows; a key has the number of its hint. */
export function enterKeys(memory: Program['memory'], hints: readonly Hint[]): Keys {
  const groups = keysBySlot(hints);
  const lengths = hints.map(({ literal }) => roundedUp(HEADER_LENGTH + literal.length, 4));
  const lists = [...groups.values()].reduce((sum, { keys }) => sum + (keys.length + 1) * 4, 0);
  const keysStart = LISTS + lists;
  const found = roundedUp(
    lengths.reduce((sum, length) => sum + length, keysStart),
    SLOT_LENGTH,
  );
  memory.grow(Math.ceil((found + FOUND_LENGTH - memory.buffer.byteLength) / PAGE));
  const bytes = new Uint8Array(memory.buffer);
  const words = new Uint32Array(memory.buffer);
  for (let code = 0; code < 256; code += 1) bytes[CLASSES + code] = classOf(code);

  const starts: number[] = [];
  let start = keysStart;
  for (const [number, hint] of hints.entries()) {
    starts.push(start);
    const literal = bytesOfLiteral(hint.literal);
    words.set([rarestIn(hint.literal), literal.length, number, flagsOf(hint, literal)], start / 4);
    bytes.set(literal, start + HEADER_LENGTH);
    start += lengths[number] ?? 0;
  }
  let list = LISTS;
  for (const [slot, { three, keys }] of groups) {
    bytes[slot] = 1;
    words.set([three ?? 0, list], (SLOTS + slot * SLOT_LENGTH) / 4);
    words.set([...keys.map((number) => starts[number] ?? 0), 0], list / 4);
    list += (keys.length + 1) * 4;
  }
  const most = Math.max(1, ...Array.from(groups.values(), ({ keys }) => keys.length));
  return { found, positions: Math.max(4, Math.floor(FOUND_LENGTH / SLOT_LENGTH / most) & ~3) };
}

const roundedUp = (length: number, unit: number): number => Math.ceil(length / unit) * unit;

interface Group {
  /** In the upper bytes; undefined where several have the slot. */
  three: number | undefined;
  /** By their numbers. */
  readonly keys: number[];
}

function keysBySlot(hints: readonly Hint[]): ReadonlyMap<number, Group> {
  const groups = new Map<number, Group>();
  for (const [number, { literal, ignoreCase }] of hints.entries()) {
    if (literal.length < 2) continue;
    const shift = rarestIn(literal);
    for (const spelling of spellings(literal.slice(shift, shift + 3), ignoreCase)) {
      const three = (bytesOf(spelling) << 8) >>> 0;
      const slot = Math.imul(three, MULTIPLIER) >>> 16;
      const group = groups.get(slot);
      if (!group) groups.set(slot, { three, keys: [number] });
      else {
        if (group.three !== three) group.three = undefined;
        // Several spellings may share a slot.
        if (group.keys.at(-1) !== number) group.keys.push(number);
      }
    }
  }
  return groups;
}

/** As `$slot` in the program. */
const MULTIPLIER = 0x9e_37_79_b1;
const bytesOf = (three: string): number =>
  narrowed(three.charCodeAt(0)) |
  (narrowed(three.charCodeAt(1)) << 8) |
  (narrowed(three.charCodeAt(2)) << 16);
/** As the program makes a byte of a unit. */
const narrowed = (unit: number): number => (unit > 0x7fff ? 0 : Math.min(unit, 0xff));

const bytesOfLiteral = (literal: string): Uint8Array =>
  Uint8Array.from({ length: literal.length }, (_, index) => narrowed(literal.charCodeAt(index)));

function flagsOf({ ignoreCase, isInName }: Hint, literal: Uint8Array): number {
  // Other characters than its own have the same bytes.
  const isAmbiguous = literal.some((byte) => byte === 0 || byte === 0xff);
  return (ignoreCase ? FOLDS : 0) | (isAmbiguous ? UNCERTAIN : 0) | (isInName ? IN_NAME : 0);
}

/** As `$class` in the program: in names, and in words; closing; a blank, a sign of assignment, or what may be a blank of another script. */
function classOf(code: number): number {
  const character = String.fromCharCode(code);
  if (/[A-Za-z0-9]/.test(character)) return 9;
  if (/[_-]/.test(character)) return 1;
  if (/["'`\\)\]]/.test(character)) return 2;
  return code <= 0x20 || code > 0x7e || /[=:,]/.test(character) ? 4 : 0;
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
