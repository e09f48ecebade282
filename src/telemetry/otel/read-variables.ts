import { visibleInOneLine } from '../../redact/control.ts';
import { isOpaque } from '../../redact/opaque.ts';
import type { OtelProblem } from './settings.ts';

/** Variables of OpenTelemetry, read as its specification asks: a blank one is unset, an unusable one is told and passed over. */
export interface Variables {
  text(name: string): string | undefined;
  /** One of these words, in whatever case it is written. */
  word<Word extends string>(name: string, words: readonly Word[]): Word | undefined;
  /** A whole number of at least `least`, and no more milliseconds than a timer can wait. */
  natural(name: string, options?: { readonly least?: number }): number | undefined;
  /** A number from 0 to 1. */
  ratio(name: string): number | undefined;
  isTrue(name: string): boolean;
  /** `key=value` pairs, separated by commas, values percent-decoded (https://opentelemetry.io/docs/specs/otel/protocol/exporter/). */
  pairs(name: string): Readonly<Record<string, string>> | undefined;
  /** The first of these that is set. */
  firstSet(names: readonly string[]): string | undefined;
}

/** A timer of Node that is told to wait longer goes off at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export type Tell = (problem: OtelProblem) => void;

export function createVariables(
  environment: Readonly<Record<string, string | undefined>>,
  tell: Tell,
): Variables {
  const text = (name: string): string | undefined => environment[name]?.trim() || undefined;
  const pass = (source: string, message: string): undefined => {
    tell({ kind: 'value', source, message: `${source} ${message}` });
  };
  return {
    text,
    word: (name, words) => {
      const value = text(name);
      if (value === undefined) return undefined;
      return (
        words.find((word) => word === value.toLowerCase()) ??
        pass(name, `is ${shown(value)}, none of ${words.join(', ')}`)
      );
    },
    natural: (name, { least = 0 } = {}) => {
      const value = text(name);
      if (value === undefined) return undefined;
      const number = /^\d{1,15}$/.test(value) ? Number(value) : -1;
      if (number >= least && number <= LONGEST_TIMER_MS) return number;
      return pass(name, `is ${shown(value)}, no whole number from ${least} to ${LONGEST_TIMER_MS}`);
    },
    ratio: (name) => {
      const value = text(name);
      if (value === undefined) return undefined;
      const number = /^\d*\.?\d+$/.test(value) ? Number(value) : 2;
      return number <= 1 ? number : pass(name, `is ${shown(value)}, no number from 0 to 1`);
    },
    isTrue: (name) => {
      const value = text(name)?.toLowerCase();
      if (value !== undefined && value !== 'true' && value !== 'false')
        pass(name, `is ${shown(value)}, neither true nor false`);
      return value === 'true';
    },
    pairs: (name) => {
      const value = text(name);
      return value === undefined ? undefined : readPairs(value, (message) => pass(name, message));
    },
    firstSet: (names) => names.find((name) => text(name) !== undefined),
  };
}

/** What a person mistyped is short and plain; anything else may be a secret in the wrong place. */
const shown = (value: string): string =>
  value.length > 40 || isOpaque(value)
    ? 'a value that is not shown here'
    : JSON.stringify(visibleInOneLine(value));

function readPairs(text: string, tell: (message: string) => void): Record<string, string> {
  const pairs = new Map<string, string>();
  for (const [index, part] of text.split(',').entries()) {
    if (part.trim() === '') continue;
    const equals = part.indexOf('=');
    const key = part.slice(0, equals).trim();
    const value = decoded(part.slice(equals + 1).trim());
    if (equals === -1 || key === '') tell(`has no key=value at place ${index + 1}`);
    else if (value === undefined) tell(`has a value at place ${index + 1} that cannot be percent-decoded`);
    else pairs.set(decoded(key) ?? key, value);
  }
  return Object.fromEntries(pairs);
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
