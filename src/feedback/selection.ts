import type { StagedItem } from './item.ts';

/** Which of the items somebody wants. Each word is a kind (`rollouts`), a number as listed from 1, or a name. */
export interface Wish {
  /** Empty: everything that was gathered. */
  readonly include: readonly string[];
  /** Wins over `include`. */
  readonly exclude: readonly string[];
}

export interface Selection {
  readonly items: readonly StagedItem[];
  /** Words that name nothing. */
  readonly unknown: readonly string[];
}

export function select(items: readonly StagedItem[], { include, exclude }: Wish): Selection {
  const all = [...include, ...exclude];
  return {
    items: items.filter(
      (item, index) =>
        (include.length === 0 || isNamed(include, item, index)) && !isNamed(exclude, item, index),
    ),
    unknown: all.filter((word) => !items.some((item, index) => names(word, item, index))),
  };
}

/** The one item that a word names; of several, as with a kind, all of them. */
export const itemsNamed = (items: readonly StagedItem[], word: string): readonly StagedItem[] =>
  items.filter((item, index) => names(word, item, index));

const names = (word: string, { kind, name }: StagedItem, index: number): boolean =>
  word === kind || word === name || word === String(index + 1);

const isNamed = (words: readonly string[], item: StagedItem, index: number): boolean =>
  words.some((word) => names(word, item, index));
