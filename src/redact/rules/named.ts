import { isHarmless, isOpaque } from '../opaque.ts';
import { writtenValueAt } from './quoted.ts';
import type { WrittenValue } from './quoted.ts';
import type { Range, RedactionRule } from './rule.ts';

/**
 * How much a name says about its value. `password`: anything but a state is one. `secret`: a value written as an
 * assignment is one. `key`: the name alone says little (`cache_key`), so the value has to look the part.
 */
type NameKind = 'password' | 'secret' | 'key';

const NAMES: Readonly<Record<NameKind, string>> = {
  password: String.raw`pass(?:word|wd|phrase|code)|pwd|passwort`,
  secret: String.raw`secret|token|credentials?|(?:api|access|account|private|secret|auth|signing|encryption|subscription|master|license|admin|function|host)[ _-]?key|jwt|_authToken`,
  key: String.raw`[_-]key|[_-]auth|[_-]pat|bearer|signature|assertion|(?<=[a-z])Key`,
};
/** Which of several the value is for: `API_KEY_2`, `token_prod`. */
const SUFFIX = String.raw`(?:[_-](?:\d{1,3}|value|prod|production|dev|development|test|staging|live|main|primary|secondary|old|new|backup|base64|b64))?`;
/** The words that a name can end with, whatever tells several of it apart. */
const HINTS = (
  'password passwd passphrase passcode passwort pwd secret token credential credentials key jwt auth _pat -pat bearer ' +
  'signature assertion'
).split(' ');

/** One group for each kind, in their order. */
const NAME = Object.entries(NAMES)
  .map(([, source]) => `(${source})`)
  .join('|');

let nameInText: RegExp | undefined;
let wholeName: RegExp | undefined;

const ASSIGNMENT = /["'`\\)\]]{0,8}\s{0,3}(?:=>|:=|==?|:)[ \t]{0,8}/y;
const NEXT_ARGUMENT = /["'`\\]{0,8}(?:[ \t]{1,8}|\s{0,4},\s{0,8})/y;
const LONGEST_NAME = 64;
/** Words that follow a flag's name in a sentence about it. */
const SENTENCE_WORDS: ReadonlySet<string> = new Set(
  (
    'to or and is was are be in with for flag option argument parameter if when as on from value values must should can ' +
    'cannot may will needs takes wants expects requires given set the a an this that it its but by of at not then so ' +
    'instead again does did has have variable command'
  ).split(' '),
);

function valuesOfNames(text: string, places?: readonly number[]): Range[] {
  const found: Range[] = [];
  const pattern = (nameInText ??= new RegExp(`(?:${NAME})${SUFFIX}(?![A-Za-z0-9]|[_-][A-Za-z0-9])`, 'gi'));
  const names = places ? namesNear(text, pattern, places) : namesIn(text, pattern);
  let reached = 0;
  for (const { kind, start, end } of names) {
    if (start < reached) continue;
    const valueStart = valueBehind(text, { start, end });
    if (valueStart === undefined) continue;
    const isFlag = beginsWithDash(text, start);
    const value = writtenValueAt(text, valueStart);
    if (!value) continue;
    const assigned = /[=,]/.test(text.slice(end, valueStart));
    const written = text.slice(value.start, value.end);
    if (!isSecret(written, { kind, value, assigned, isFlag })) continue;
    const isSpaced = /\s/.test(text.slice(end, valueStart));
    if (isSpaced && !value.quoted && EXPRESSION.test(written) && !isOpaque(written)) continue;
    found.push(value);
    reached = value.end;
  }
  return found;
}

/** Code that fetches the value: a call, an element, a member of what code calls itself or its surroundings. */
const EXPRESSION =
  /^(?:await|new|(?:[A-Za-z_$]{1,64}\.){0,8}[A-Za-z_$]{1,64}(?:\([^]{0,128}\)|\[[^]{0,128}\])|(?:this|self|config|options|settings|process|args|req|request|ctx|context|env|state|props)(?:\.[A-Za-z_$]{1,64}){1,8})$/;

interface Name extends Range {
  readonly kind: NameKind;
}

function namesIn(text: string, pattern: RegExp): Name[] {
  const names: Name[] = [];
  pattern.lastIndex = 0;
  for (let match = pattern.exec(text); match; match = pattern.exec(text))
    names.push({ kind: kindOf(match), start: match.index, end: pattern.lastIndex });
  return names;
}

/** `subscription_key_development`: a hint stands so far behind the beginning of a name and in front of its end. */
const NAME_BEFORE = 24;
const NAME_AFTER = 40;

function* namesNear(text: string, pattern: RegExp, places: readonly number[]): Generator<Name> {
  let done = 0;
  for (const place of places) {
    if (place < done || !endsName(text, place) || !maybeNames(text, place)) continue;
    const from = Math.max(done, place - NAME_BEFORE);
    for (const name of namesIn(text.slice(from, place + NAME_AFTER), pattern)) {
      const end = from + name.end;
      // The cut may have taken away what makes it the beginning of a longer word.
      if (end <= place || end >= place + NAME_AFTER - 2) continue;
      yield { kind: name.kind, start: from + name.start, end };
      done = end;
    }
  }
}

/** The scanner sees this too, but not beyond the end of what it looks at. */
const LAST_WORD = new RegExp(`(?:${HINTS.join('|')})(?![A-Za-z0-9])`, 'iy');

function endsName(text: string, place: number): boolean {
  LAST_WORD.lastIndex = place;
  return LAST_WORD.test(text);
}

/** False where the word around a hint is surely no name with a value behind it, as most are not. */
function maybeNames(text: string, place: number): boolean {
  let end = place;
  while (end < place + NAME_AFTER && isNameCharacter(text.charCodeAt(end))) end += 1;
  let sign = end;
  while (sign < end + MOST_CLOSING && CLOSING.has(text.charCodeAt(sign))) sign += 1;
  const next = text.charCodeAt(sign);
  if (next === EQUALS || next === COLON) return true;
  // A blank, a comma, or what may be a blank of another script.
  return (
    (next <= 0x20 || next === COMMA || next > 0x7f) && valueBehind(text, { start: place, end }) !== undefined
  );
}

/** What {@link ASSIGNMENT} and {@link NEXT_ARGUMENT} begin with; the scanner knows it too, where `findsValues` is said. */
const CLOSING: ReadonlySet<number> = new Set(Array.from('"\'`\\)]', (sign) => sign.charCodeAt(0)));
const MOST_CLOSING = 8;
const [EQUALS, COLON, COMMA] = [0x3d, 0x3a, 0x2c];

/** Where the value begins of what may be a name. */
function valueBehind(text: string, { start, end }: Range): number | undefined {
  return (
    endOf(ASSIGNMENT, text, end) ??
    (beginsWithDash(text, start) ? endOf(NEXT_ARGUMENT, text, end) : undefined)
  );
}

/** Letters, digits, `_`, `-`. */
function isNameCharacter(code: number): boolean {
  const folded = code | 0x20;
  return (folded >= 97 && folded <= 122) || (code >= 48 && code <= 57) || code === 95 || code === 45;
}

/** Longer than any state or sentence that is kept, so that a value which is read again is short. */
const LONGEST_HARMLESS = 256;

interface Setting {
  readonly kind: NameKind;
  readonly value: Pick<WrittenValue, 'quoted' | 'standsAlone'>;
  /** Written with `=` or as an argument, not as `name: …`, which sentences do too. */
  readonly assigned: boolean;
  readonly isFlag: boolean;
}

function isSecret(value: string, { kind, value: written, assigned, isFlag }: Setting): boolean {
  if (value.length > LONGEST_HARMLESS) return true;
  const trimmed = value.trim();
  if (trimmed === '' || isHarmless(trimmed) || trimmed.includes('://')) return false;
  if (kind === 'key') return isOpaque(trimmed);
  if (/\s/.test(trimmed))
    return isOpaque(trimmed) || (kind === 'password' && written.quoted && !beginsAsState(trimmed));
  if (isFlag && !written.quoted)
    return !trimmed.startsWith('-') && !SENTENCE_WORDS.has(trimmed.toLowerCase());
  if (kind === 'password') return written.quoted || assigned || written.standsAlone || /\d/.test(trimmed);
  if (/^\d{1,6}$/.test(trimmed)) return false;
  return written.quoted || assigned || looksTyped(trimmed);
}

const beginsAsState = (value: string): boolean => isHarmless(value.split(/\s/, 1)[0] ?? '');

/** Digits among letters, or capitals inside a word: no word of a sentence. */
const looksTyped = (value: string): boolean =>
  isOpaque(value) ||
  (value.length >= 6 && /\d/.test(value) && /[A-Za-z]/.test(value)) ||
  /[a-z][A-Z].*[A-Z]/.test(value);

function kindOf(match: RegExpExecArray): NameKind {
  const [, password, secret] = match;
  if (password !== undefined) return 'password';
  return secret === undefined ? 'key' : 'secret';
}

function beginsWithDash(text: string, index: number): boolean {
  let start = index;
  while (start > 0 && index - start < LONGEST_NAME && isNameCharacter(text.charCodeAt(start - 1))) start -= 1;
  return text.charAt(start) === '-';
}

function endOf(pattern: RegExp, text: string, offset: number): number | undefined {
  pattern.lastIndex = offset;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}

function kindOfName(name: string): NameKind | undefined {
  // Most names of a report's members repeat in every row and hint at nothing.
  const folded = name.toLowerCase();
  if (!HINTS.some((hint) => folded.includes(hint))) return undefined;
  wholeName ??= new RegExp(`(?:${NAME})${SUFFIX}["'\\]\\s]{0,8}$`, 'i');
  const match = wholeName.exec(name.slice(-LONGEST_NAME));
  return match ? kindOf(match) : undefined;
}

/** True when a value is hidden because of the name that it has in a structure, whatever its own shape. */
export function isSecretUnderName(name: string, value: string): boolean {
  const kind = kindOfName(name);
  if (!kind) return false;
  // A label made of words describes ("access token: expired a week ago"); an identifier assigns.
  const assigned = !/\s/.test(name.trim());
  return isSecret(value, { kind, value: { quoted: assigned, standsAlone: true }, assigned, isFlag: false });
}

/** True for the name of a flag or variable whose value is a secret by that name: `--api-key`, `GITHUB_TOKEN`. */
export function isSecretName(name: string): boolean {
  const kind = kindOfName(name);
  return kind !== undefined && kind !== 'key';
}

/** True for a name that makes secrets of some values, by themselves or in a list. */
export const mayNameSecret = (name: string): boolean => kindOfName(name) !== undefined;

/** True when an argument is the value of the flag before it, and that flag has a secret's name. */
export function isSecretArgument(argument: string, before: string): boolean {
  if (!/^--?[A-Za-z]/.test(before) || before.includes('=') || !isSecretName(before)) return false;
  return argument !== '' && !argument.startsWith('-') && !isHarmless(argument);
}

export const NAMED_RULE: RedactionRule = {
  id: 'named-value',
  finds: 'Values with the name of a secret: assignments, members, flags',
  hints: HINTS,
  ignoreCase: true,
  findsValues: true,
  find: valuesOfNames,
};
