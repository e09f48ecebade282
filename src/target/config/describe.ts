import type { ConfigValue } from './facts.ts';
import { isWholeNumber } from './facts.ts';
import type { RangeShape, Shape } from './schema/shape.ts';

/** A short plain word can be shown: it is the fault itself, and no secret is that short and has so few digits. */
export const isPlainWord = (text: string): boolean =>
  /^[A-Za-z][\w.-]{0,23}$/.test(text) && text.replaceAll(/\D/g, '').length <= 4;

/** Names the type of a value, and the value only where it cannot be a secret. */
export function describe(value: ConfigValue): string {
  if (typeof value === 'string')
    return isPlainWord(value) ? `the text "${value}"` : 'text that is not shown here';
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'number' || typeof value === 'bigint')
    return isWholeNumber(value) ? `the number ${value}` : 'a number with a fraction';
  if (value instanceof Date) return 'a date';
  return Array.isArray(value) ? 'a list' : 'a table';
}

export function describeShape(shape: Shape): string {
  if (typeof shape === 'object') {
    if (!('kind' in shape)) return `one of ${shape.map((word) => `"${word}"`).join(', ')}`;
    switch (shape.kind) {
      case 'range':
        return rangeText(shape);
      case 'list':
        return `a list of ${PLURALS[typeof shape.of === 'string' ? shape.of : 'anything']}`;
      case 'map':
      case 'table':
        return 'a table';
      case 'choice':
        return shape.of.map(describeShape).join(' or ');
    }
  }
  return SINGULARS[shape];
}

const rangeText = ({ from, to }: RangeShape): string => `a whole number from ${from} to ${to}`;

type Scalar = Exclude<Shape, object>;
const SINGULARS: Readonly<Record<Scalar, string>> = {
  text: 'text in quotes',
  path: 'a path in quotes',
  keybinding: 'a key such as "ctrl-a", "f5" or "page-down"',
  boolean: 'true or false',
  integer: 'a whole number',
  natural: 'a whole number, not negative',
  positive: 'a whole number above 0',
  number: 'a number, not negative',
  anything: 'any value',
};
const PLURALS: Readonly<Record<Scalar, string>> = {
  text: 'texts in quotes',
  path: 'paths in quotes',
  keybinding: 'keys such as "ctrl-a"',
  boolean: 'true or false',
  integer: 'whole numbers',
  natural: 'whole numbers',
  positive: 'whole numbers',
  number: 'numbers',
  anything: 'values',
};
