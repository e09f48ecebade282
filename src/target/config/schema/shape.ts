/** What a key may hold. Data, so that the whole known configuration reads as a table. */
export type Shape =
  | 'text'
  /** Text that names a file or folder. */
  | 'path'
  /** Keys to press, such as `ctrl-x ctrl-c`. */
  | 'keybinding'
  | 'boolean'
  | 'integer'
  /** A whole number that is not negative. */
  | 'natural'
  | 'positive'
  | 'number'
  | 'anything'
  /** One of these words. */
  | readonly string[]
  | RangeShape
  | ListShape
  | MapShape
  | TableShape
  | ChoiceShape;

export interface RangeShape {
  readonly kind: 'range';
  readonly from: number;
  readonly to: number;
}

export interface ListShape {
  readonly kind: 'list';
  readonly of: Shape;
}

/** A table whose keys the user chooses. */
export interface MapShape {
  readonly kind: 'map';
  readonly of: Shape;
}

export interface TableShape {
  readonly kind: 'table';
  readonly keys: Readonly<Record<string, Shape>>;
  /** What further keys may hold; without it they are unknown. */
  readonly others?: Shape;
  readonly required?: readonly string[];
  /** Exactly one of the keys stands here, and it says which variant the table is; any other key is refused. */
  readonly isVariant?: boolean;
}

export interface ChoiceShape {
  readonly kind: 'choice';
  readonly of: readonly Shape[];
}

export const list = (of: Shape): ListShape => ({ kind: 'list', of });
export const map = (of: Shape): MapShape => ({ kind: 'map', of });
export const range = (from: number, to: number): RangeShape => ({ kind: 'range', from, to });
export const choice = (...of: readonly Shape[]): ChoiceShape => ({ kind: 'choice', of });
export const table = (
  keys: Readonly<Record<string, Shape>>,
  more: Omit<TableShape, 'kind' | 'keys'> = {},
): TableShape => ({ kind: 'table', keys, ...more });

/** Keys of one shape, written as one spaced text: many lists of the schema are only names. */
export const each = (names: string, shape: Shape): Readonly<Record<string, Shape>> =>
  Object.fromEntries(names.split(/\s+/).map((name) => [name, shape]));

export const texts = list('text');
export const port = range(0, 65_535);
export const enabledOnly = table({ enabled: 'boolean' });
