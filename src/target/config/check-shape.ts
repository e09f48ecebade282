import type { ConfigTable, ConfigValue } from './facts.ts';
import { isTable } from './facts.ts';
import type { KeyPath } from './key-path.ts';
import type { ChoiceShape, MapShape, RangeShape, Shape, TableShape } from './schema/shape.ts';
import { nearest } from './suggest.ts';

/** Something that does not fit the schema; where it stands in the file is found later, from the path. */
export interface ShapeFinding {
  readonly kind: 'invalid_value' | 'unknown_key';
  readonly path: KeyPath;
  readonly message: string;
  readonly found?: string;
  readonly expected?: string;
  readonly allowed?: readonly string[];
  readonly suggestion?: string;
}

/** What remained of a value: nothing when it does not fit. */
type Kept = { readonly value: ConfigValue } | undefined;

/** A hostile file can hold a million unknown keys; nobody reads more findings than this. */
const MAX_FINDINGS = 100;

/**
 * Compares a table with what the agent knows.
 * @returns the part that fits, so that a reader gets the agent's default where a value is refused, and the findings
 */
export function checkShape(
  values: ConfigTable,
  shape: TableShape,
): { readonly kept: ConfigTable; readonly findings: readonly ShapeFinding[] } {
  const findings: ShapeFinding[] = [];
  const kept = checkTable(values, shape, { path: [], findings });
  return { kept, findings };
}

interface Position {
  readonly path: KeyPath;
  readonly findings: ShapeFinding[];
}

const below = ({ path, findings }: Position, step: string | number): Position => ({
  path: [...path, step],
  findings,
});

function check(value: ConfigValue, shape: Shape, at: Position): Kept {
  if (typeof shape === 'object') {
    if (!('kind' in shape)) return checkWord(value, shape, at);
    switch (shape.kind) {
      case 'range':
        return isWhole(value) && value >= shape.from && value <= shape.to
          ? { value }
          : refuse(value, shape, at);
      case 'list':
        if (!Array.isArray(value)) return refuse(value, shape, at);
        return { value: keepEach(value, shape.of, at) };
      case 'map':
        return isTable(value) ? { value: checkMap(value, shape, at) } : refuse(value, shape, at);
      case 'table':
        return isTable(value) ? { value: checkTable(value, shape, at) } : refuse(value, shape, at);
      case 'choice':
        return checkChoice(value, shape, at);
    }
  }
  return fits(value, shape) ? { value } : refuse(value, shape, at);
}

function checkTable(values: ConfigTable, shape: TableShape, at: Position): ConfigTable {
  const kept: [string, ConfigValue][] = [];
  for (const [key, value] of Object.entries(values)) {
    const known = Object.hasOwn(shape.keys, key) ? shape.keys[key] : shape.others;
    if (known === undefined) report(at, unknownKey(key, shape, at));
    else {
      const fitting = check(value, known, below(at, key));
      if (fitting) kept.push([key, fitting.value]);
    }
  }
  for (const key of shape.required ?? [])
    if (!Object.hasOwn(values, key))
      report(at, {
        kind: 'invalid_value',
        path: at.path,
        message: `\`${key}\` is missing`,
        expected: `a key \`${key}\``,
      });
  return Object.fromEntries(kept);
}

function checkMap(values: ConfigTable, shape: MapShape, at: Position): ConfigTable {
  const kept: [string, ConfigValue][] = [];
  for (const [key, value] of Object.entries(values)) {
    const fitting = check(value, shape.of, below(at, key));
    if (fitting) kept.push([key, fitting.value]);
  }
  return Object.fromEntries(kept);
}

function keepEach(values: readonly ConfigValue[], shape: Shape, at: Position): ConfigValue[] {
  const kept: ConfigValue[] = [];
  for (const [index, value] of values.entries()) {
    const fitting = check(value, shape, below(at, index));
    if (fitting) kept.push(fitting.value);
  }
  return kept;
}

/** The first alternative without a finding; failing that, the complaint of the alternative that has the value's type. */
function checkChoice(value: ConfigValue, shape: ChoiceShape, at: Position): Kept {
  let closest: { readonly kept: Kept; readonly findings: readonly ShapeFinding[] } | undefined;
  for (const alternative of shape.of) {
    const findings: ShapeFinding[] = [];
    const kept = check(value, alternative, { path: at.path, findings });
    if (findings.length === 0) return kept;
    if (closest === undefined && (kept || (typeof value === 'string') === isWordy(alternative)))
      closest = { kept, findings };
  }
  if (
    !closest ||
    closest.findings.every(
      (finding) => finding.allowed === undefined && finding.path.length === at.path.length,
    )
  )
    return refuse(value, shape, at);
  for (const finding of closest.findings) report(at, finding);
  return closest.kept;
}

const isWordy = (shape: Shape): boolean => Array.isArray(shape) || shape === 'text' || shape === 'path';

function checkWord(value: ConfigValue, words: readonly string[], at: Position): Kept {
  if (typeof value === 'string' && words.includes(value)) return { value };
  const suggestion = typeof value === 'string' ? nearest(value, words) : undefined;
  report(at, {
    kind: 'invalid_value',
    path: at.path,
    message:
      typeof value !== 'string'
        ? wrongType(words)
        : `${isPlainWord(value) ? `"${value}"` : 'this'} is not a value that the agent knows`,
    found: describe(value),
    expected: describeShape(words),
    allowed: words,
    ...(suggestion !== undefined && { suggestion }),
  });
  return undefined;
}

function refuse(value: ConfigValue, shape: Shape, at: Position): undefined {
  report(at, {
    kind: 'invalid_value',
    path: at.path,
    message: wrongType(shape),
    found: describe(value),
    expected: describeShape(shape),
  });
}

function report(at: Position, finding: ShapeFinding): void {
  if (at.findings.length < MAX_FINDINGS) at.findings.push(finding);
}

function unknownKey(key: string, shape: TableShape, at: Position): ShapeFinding {
  const suggestion = nearest(key, Object.keys(shape.keys));
  return {
    kind: 'unknown_key',
    path: [...at.path, key],
    message: 'the agent does not know this key and passes over it',
    ...(suggestion !== undefined && { suggestion }),
  };
}

const wrongType = (shape: Shape): string => `this must be ${describeShape(shape)}`;

function fits(value: ConfigValue, shape: Exclude<Shape, object>): boolean {
  switch (shape) {
    case 'text':
    case 'path':
      return typeof value === 'string';
    case 'boolean':
      return typeof value === 'boolean';
    case 'integer':
      return isWhole(value);
    case 'natural':
      return isWhole(value) && value >= 0;
    case 'positive':
      return isWhole(value) && value > 0;
    case 'number':
      return (typeof value === 'number' && value >= 0) || (typeof value === 'bigint' && value >= 0n);
    case 'anything':
      return true;
  }
}

const isWhole = (value: ConfigValue): value is number | bigint =>
  typeof value === 'bigint' || (typeof value === 'number' && Number.isInteger(value));

/** A short plain word can be shown: it is the fault itself, and no secret is that short and has so few digits. */
export const isPlainWord = (text: string): boolean =>
  /^[A-Za-z][\w.-]{0,23}$/.test(text) && text.replaceAll(/\D/g, '').length <= 4;

/** Names the type of a value, and the value only where it cannot be a secret. */
export function describe(value: ConfigValue): string {
  if (typeof value === 'string')
    return isPlainWord(value) ? `the text "${value}"` : 'text that is not shown here';
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'number' || typeof value === 'bigint')
    return isWhole(value) ? `the number ${value}` : 'a number with a fraction';
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
  boolean: 'true or false',
  integer: 'whole numbers',
  natural: 'whole numbers',
  positive: 'whole numbers',
  number: 'numbers',
  anything: 'values',
};
