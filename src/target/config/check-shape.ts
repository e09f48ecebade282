import { describe, describeShape, isPlainWord } from './describe.ts';
import type { ConfigTable, ConfigValue } from './facts.ts';
import { isTable, isWholeNumber } from './facts.ts';
import type { KeyPath } from './key-path.ts';
import { isKeybinding } from './schema/keybinding.ts';
import type { ChoiceShape, MapShape, Shape, TableShape } from './schema/shape.ts';
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
        return isWholeNumber(value) && value >= shape.from && value <= shape.to
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
    if (known === undefined)
      report(at, shape.isVariant ? unknownVariant(key, shape, at) : unknownKey(key, shape, at));
    else {
      const fitting = check(value, known, below(at, key));
      if (fitting) kept.push([key, fitting.value]);
    }
  }
  if (shape.isVariant && Object.keys(values).length !== 1)
    report(at, {
      kind: 'invalid_value',
      path: at.path,
      message: 'exactly one variant must stand here',
      expected: `one of the keys ${Object.keys(shape.keys).join(', ')}`,
    });
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

/** The first alternative that the value fits; failing that, the complaint of the alternative that has the value's type. */
function checkChoice(value: ConfigValue, shape: ChoiceShape, at: Position): Kept {
  let closest: { readonly kept: Kept; readonly findings: readonly ShapeFinding[] } | undefined;
  for (const alternative of shape.of) {
    const findings: ShapeFinding[] = [];
    const kept = check(value, alternative, { path: at.path, findings });
    if (kept && findings.every(({ kind }) => kind === 'unknown_key')) {
      for (const finding of findings) report(at, finding);
      return kept;
    }
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

const isWordy = (shape: Shape): boolean =>
  Array.isArray(shape) || shape === 'text' || shape === 'path' || shape === 'keybinding';

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

function unknownVariant(key: string, shape: TableShape, at: Position): ShapeFinding {
  return { ...unknownKey(key, shape, at), kind: 'invalid_value', message: 'the agent has no such variant' };
}

const wrongType = (shape: Shape): string => `this must be ${describeShape(shape)}`;

function fits(value: ConfigValue, shape: Exclude<Shape, object>): boolean {
  switch (shape) {
    case 'text':
    case 'path':
      return typeof value === 'string';
    case 'keybinding':
      return typeof value === 'string' && isKeybinding(value);
    case 'boolean':
      return typeof value === 'boolean';
    case 'integer':
      return isWholeNumber(value);
    case 'natural':
      return isWholeNumber(value) && value >= 0;
    case 'positive':
      return isWholeNumber(value) && value > 0;
    case 'number':
      return (typeof value === 'number' && value >= 0) || (typeof value === 'bigint' && value >= 0n);
    case 'anything':
      return true;
  }
}
