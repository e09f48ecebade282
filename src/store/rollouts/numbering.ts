import { mix } from './mix.ts';

/** Gives equal things the same number, counted from 0 in the order in which they first come. */
export interface Numbering {
  /** How many different things have come. */
  readonly size: number;
  /** The number of a key of four signed 32-bit words. */
  ofWords(first: number, second: number, third: number, fourth: number): number;
  /** The number of a text; never that of a key. */
  ofText(text: string): number;
  /** From now on what has not come before gets `NONE`. */
  close(): void;
}

/** In place of a number where there is none. */
export const NONE = -1;

const KEY_WORDS = 4;
const LEAST_KEYS = 16;

/**
 * An open-addressed table in two typed arrays: some 30 bytes a key, where a `Map` of strings takes 200.
 * @param expected how many keys will come; more are welcome, and cost a copy of the table
 */
export function createNumbering(expected: number): Numbering {
  let capacity = Math.max(expected, LEAST_KEYS);
  let keys = new Int32Array(capacity * KEY_WORDS);
  /** Number of the key plus one; 0 where the slot is free. */
  let slots = new Int32Array(slotsFor(capacity));
  const texts = new Map<string, number>();
  // Unforeseeable: file names are not ours, and some could have been chosen to meet in one slot.
  const seed = (Math.random() * 2 ** 32) | 0;
  let size = 0;
  let isClosed = false;

  function slotOf(first: number, second: number, third: number, fourth: number): number {
    let hash = seed;
    hash = mix(hash ^ first);
    hash = mix(hash ^ second);
    hash = mix(hash ^ third);
    hash = mix(hash ^ fourth);
    const mask = slots.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const taken = slots[slot] ?? 0;
      if (taken === 0) return slot;
      const at = (taken - 1) * KEY_WORDS;
      if (keys[at] === first && keys[at + 1] === second && keys[at + 2] === third && keys[at + 3] === fourth)
        return slot;
    }
  }

  function grow(): void {
    const old = slots;
    capacity *= 2;
    // Gives the old memory back at once, where a copy would leave it to the garbage collector.
    keys = new Int32Array(keys.buffer.transfer(capacity * KEY_WORDS * Int32Array.BYTES_PER_ELEMENT));
    slots = new Int32Array(slotsFor(capacity));
    for (const taken of old) {
      if (taken === 0) continue;
      const at = (taken - 1) * KEY_WORDS;
      slots[slotOf(keys[at] ?? 0, keys[at + 1] ?? 0, keys[at + 2] ?? 0, keys[at + 3] ?? 0)] = taken;
    }
  }

  return {
    get size() {
      return size;
    },
    ofWords(first, second, third, fourth) {
      let slot = slotOf(first, second, third, fourth);
      const taken = slots[slot] ?? 0;
      if (taken !== 0) return taken - 1;
      if (isClosed) return NONE;
      if (size === capacity) {
        grow();
        slot = slotOf(first, second, third, fourth);
      }
      const at = size * KEY_WORDS;
      keys[at] = first;
      keys[at + 1] = second;
      keys[at + 2] = third;
      keys[at + 3] = fourth;
      size += 1;
      slots[slot] = size;
      return size - 1;
    },
    ofText(text) {
      let number = texts.get(text);
      if (number === undefined) {
        if (isClosed) return NONE;
        if (size === capacity) grow();
        number = size;
        size += 1;
        texts.set(text, number);
      }
      return number;
    },
    close() {
      isClosed = true;
    },
  };
}

/** A power of two, at least half of it free, so that a search ends after a step or two. */
const slotsFor = (keys: number): number => 2 ** Math.ceil(Math.log2(2 * keys));
