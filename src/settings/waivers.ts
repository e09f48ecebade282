import { FAILURE_CLASSES } from '../doctor/failure.ts';
import type { FailureClass } from '../doctor/failure.ts';
import type { Waiver } from '../doctor/report.ts';
import type { ConfigTable, ConfigValue } from '../target/config/facts.ts';
import type { KeyPath } from '../target/config/key-path.ts';
import { fits, kindOf, suggest } from './values.ts';

/** Something wrong at a key, before its line is looked up. */
export interface KeyFault {
  readonly path: KeyPath;
  readonly problem: string;
  readonly suggestion?: string;
}

/** Patterns of the shipped JSON Schema. */
export const WAIVER_PATTERNS = {
  check: '^[!-~]{1,200}$',
  reason: String.raw`^(?=[^]*\S)[^]{1,500}$`,
} as const;

const KEYS: readonly string[] = ['check', 'class', 'reason', 'expires'];
const CLASSES = Object.keys(FAILURE_CLASSES);
const isClass = (word: ConfigValue): word is FailureClass =>
  typeof word === 'string' && CLASSES.includes(word);
const meantClass = (word: ConfigValue): string | undefined =>
  typeof word === 'string' ? suggest(word, CLASSES) : undefined;

export interface WaiversRead {
  /** Without their place, by their index in the file. */
  readonly waivers: readonly { readonly index: number; readonly waiver: Omit<Waiver, 'source'> }[];
  readonly faults: readonly KeyFault[];
}

/** Reads every `[[waiver]]` of a file: who lets a fault through gives a reason and a last day. */
export function readWaivers(written: ConfigValue | undefined, text: string): WaiversRead {
  if (written === undefined) return { waivers: [], faults: [] };
  if (!Array.isArray(written))
    return {
      waivers: [],
      faults: [{ path: ['waiver'], problem: `waiver is ${kindOf(written)}`, suggestion: '[[waiver]]' }],
    };
  const waivers: { index: number; waiver: Omit<Waiver, 'source'> }[] = [];
  const faults: KeyFault[] = [];
  const known = new Map<string, number>();
  for (const [index, table] of (written as readonly ConfigValue[]).entries()) {
    const { waiver, faults: own } = readWaiver(table, index, text);
    faults.push(...own);
    if (!waiver) continue;
    const key = JSON.stringify([waiver.check, waiver.failureClass]);
    const first = known.get(key);
    if (first === undefined) {
      known.set(key, index);
      waivers.push({ index, waiver });
    } else
      faults.push({
        path: ['waiver', index],
        problem: `waiver ${index + 1} lets the same through as waiver ${first + 1}`,
      });
  }
  return { waivers, faults };
}

function readWaiver(
  table: ConfigValue,
  index: number,
  text: string,
): { readonly waiver?: Omit<Waiver, 'source'>; readonly faults: readonly KeyFault[] } {
  const faults: KeyFault[] = [];
  const name = `waiver ${index + 1}`;
  const complain = (
    problem: string,
    about: { readonly key?: string; readonly meant?: string | undefined } = {},
  ): void => {
    const { key, meant } = about;
    const path = key === undefined ? ['waiver', index] : ['waiver', index, key];
    faults.push({ path, problem: `${name} ${problem}`, ...(meant !== undefined && { suggestion: meant }) });
  };
  if (!isTable(table)) {
    complain(`is ${kindOf(table)}`);
    return { faults };
  }
  for (const key of Object.keys(table))
    if (!KEYS.includes(key))
      complain(`has an unknown key; known are ${KEYS.join(', ')}`, { key, meant: suggest(key, KEYS) });
  const own = (key: string): ConfigValue | undefined => (Object.hasOwn(table, key) ? table[key] : undefined);
  const words = (key: keyof typeof WAIVER_PATTERNS, expected: string): string | undefined => {
    const value = own(key);
    if (value === undefined) complain(`has no ${key}; write ${key} = "…"`);
    else if (typeof value === 'string' && fits(WAIVER_PATTERNS[key], value)) return value;
    else complain(`has as ${key} ${kindOf(value)} that is not ${expected}`, { key });
    return undefined;
  };
  const check = words('check', 'an id or a glob over ids');
  const reason = words('reason', 'a reason of up to 500 characters');
  const failureClass = own('class');
  const isKnownClass = failureClass === undefined || isClass(failureClass);
  if (!isKnownClass)
    complain('names no known class of failure', { key: 'class', meant: meantClass(failureClass) });
  const day = readDay(own('expires'), text);
  if (day.kind === 'missing') complain('has no expires; write expires = 2026-12-31');
  if (day.kind === 'refused')
    complain(`has as expires ${day.problem}; write it as 2026-12-31`, { key: 'expires' });
  if (faults.length > 0 || check === undefined || reason === undefined || day.kind !== 'day' || !isKnownClass)
    return { faults };
  const named = failureClass === undefined ? {} : { failureClass };
  return { waiver: { check, ...named, reason, expires: day.day }, faults };
}

type Day =
  | { readonly kind: 'day'; readonly day: string }
  | { readonly kind: 'missing' }
  | { readonly kind: 'refused'; readonly problem: string };

const WRITTEN_DAY = /^\d{4}-\d{2}-\d{2}$/;

/** A local date of TOML, or the same in quotes. */
function readDay(written: ConfigValue | undefined, text: string): Day {
  if (written === undefined) return { kind: 'missing' };
  if (typeof written === 'string')
    return isRealDay(written)
      ? { kind: 'day', day: written }
      : { kind: 'refused', problem: `${kindOf(written)} that is no day of the calendar` };
  // Only that of a TOML date writes no time.
  const day = written instanceof Date ? written.toISOString() : '';
  if (!WRITTEN_DAY.test(day)) return { kind: 'refused', problem: kindOf(written) };
  // The parser takes 30 February for 2 March, which then stands nowhere in the text.
  return text.includes(day)
    ? { kind: 'day', day }
    : { kind: 'refused', problem: 'a date that is no day of the calendar' };
}

function isRealDay(text: string): boolean {
  if (!WRITTEN_DAY.test(text)) return false;
  const time = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(time.getTime()) && time.toISOString().startsWith(text);
}

export const isTable = (value: ConfigValue | undefined): value is ConfigTable =>
  typeof value === 'object' && !Array.isArray(value) && !(value instanceof Date);
