import type { Range, RedactionRule } from './rule.ts';

/** A part of a URL that may carry a secret. */
export interface UrlPart extends Range {
  readonly kind: 'credentials' | 'value' | 'fragment';
}

const SCHEME_END = /:(?:\/\/|\\\/\\\/)/g;
const ESCAPED_SCHEME_END = String.raw`:\/\/`;
const schemeEnds = (text: string): number[] => [...text.matchAll(SCHEME_END)].map(({ index }) => index);
/** A backslash counts only where it escapes a slash, as some JSON writers do. */
const URL_TEXT = /(?:[^\s"'<>`\\]|\\\/|<[a-z-]+:\d+>)*/y;
const CLOSING = new Set('.,;:!?)]}');

/** An authority is far shorter; only so much is looked at for the `@` behind a password that broke off the authority. */
const LONGEST_AUTHORITY = 1_024;

/** Every URL in a text by the parts of it that are hidden; scheme, host, path and parameter names are not among them. */
export function* partsOfUrls(text: string, places?: readonly number[]): Generator<UrlPart> {
  let end = 0;
  for (const place of places ?? schemeEnds(text)) {
    const start = place + (text.charAt(place + 1) === '/' ? '://' : ESCAPED_SCHEME_END).length;
    if (!isSchemeCharacter(text.charCodeAt(place - 1))) continue;
    // A URL within another one, or right behind it, shares its parameters; only credentials are its own.
    const isNested = start < end;
    if (!isNested) {
      const plainEnd = endOfPlainUrl(text, start);
      end = plainEnd ?? endOfUrl(text, start);
      if (plainEnd !== undefined) continue;
    }
    const hostStart = start + endOfCredentials(text.slice(start, Math.min(end, start + LONGEST_AUTHORITY)));
    const credentialsEnd = text.charAt(hostStart - 1) === '@' ? hostStart - 1 : hostStart;
    if (credentialsEnd > start && text.slice(start, credentialsEnd) !== 'git')
      yield { kind: 'credentials', start, end: credentialsEnd };
    if (!isNested) yield* parametersOf(text.slice(hostStart, end), hostStart);
  }
}

/** Host, port and path of letters, digits and a few signs, as most addresses are: nothing of them is hidden. */
const PLAIN_URL = /[\w.-]{1,253}(?::\d{1,5})?(?:\/[\w./~%+-]*)?(?=[\s"'>`]|$)/y;

function endOfPlainUrl(text: string, start: number): number | undefined {
  PLAIN_URL.lastIndex = start;
  return PLAIN_URL.test(text) ? PLAIN_URL.lastIndex : undefined;
}

function endOfUrl(text: string, start: number): number {
  URL_TEXT.lastIndex = start;
  URL_TEXT.test(text);
  let end = URL_TEXT.lastIndex;
  while (end > start && CLOSING.has(text.charAt(end - 1))) end -= 1;
  return end;
}

/** Letters, digits, `+`, `.` and `-`. */
function isSchemeCharacter(code: number): boolean {
  const folded = code | 0x20;
  return (
    (folded >= 97 && folded <= 122) || (code >= 48 && code <= 57) || code === 43 || code === 45 || code === 46
  );
}

function* parametersOf(url: string, offset: number): Generator<UrlPart> {
  const hash = url.indexOf('#');
  const pathEnd = hash === -1 ? url.length : hash;
  const question = url.indexOf('?');
  if (question !== -1 && question < pathEnd)
    yield* valuesOf(url.slice(question + 1, pathEnd), offset + question + 1);
  if (hash !== -1 && hash + 1 < url.length)
    yield { kind: 'fragment', start: offset + hash + 1, end: offset + url.length };
}

const NAME_AND_PASSWORD = /^(?!localhost:)[^.:[\]]+:(?!port$|[$<{])./i;

/** Offset behind user name, password and the `@` that ends them; 0 when there are none. */
function endOfCredentials(url: string): number {
  const authorityEnd = url.search(/[/?#]/);
  const authority = authorityEnd === -1 ? url : url.slice(0, authorityEnd);
  const at = authority.lastIndexOf('@');
  const host = authority.slice(at + 1);
  // A password with an unescaped `/`, `?` or `#` ends the authority early: what then stands where the host should be
  // is no host and port, or has no dot although an `@` is still to come.
  const wrongPort = /^[^[\]:]*:(?!\d{0,5}$)/.test(host);
  const noHost = at !== -1 && !host.includes('.') && !/^(?:localhost|\[.*\])(?::\d+)?$/i.test(host);
  const later = wrongPort || noHost ? url.lastIndexOf('@') : at;
  if (later > at) return later + 1;
  // Cut off before the `@`: `http://ann:hunter2`. A wrong port behind a real host name is worth seeing.
  if (at === -1 && wrongPort && NAME_AND_PASSWORD.test(host)) return authority.length;
  return at + 1;
}

/** Says more about the request than about who makes it: a flag, a small number, an API version. */
const HARMLESS_VALUE = /^(?:true|false|\d{1,4}|v\d{1,3}|\d{4}-\d{2}-\d{2}(?:-preview)?)?$/i;

function* valuesOf(query: string, offset: number): Generator<UrlPart> {
  let position = 0;
  for (const pair of query.split(/[&;]/)) {
    const equals = pair.indexOf('=');
    const value = equals === -1 ? '' : pair.slice(equals + 1);
    if (!HARMLESS_VALUE.test(value)) {
      const end = offset + position + pair.length;
      yield { kind: 'value', start: end - value.length, end };
    }
    position += pair.length + 1;
  }
}

/** Three rules look at the same addresses, one after the other. */
let latest = { text: '', isNear: false, parts: [] as readonly UrlPart[] };

const hidden = (kind: UrlPart['kind']): RedactionRule['find'] =>
  function* find(text, places) {
    const isNear = places !== undefined;
    if (latest.text !== text || latest.isNear !== isNear)
      latest = { text, isNear, parts: [...partsOfUrls(text, places)] };
    for (const part of latest.parts) if (part.kind === kind) yield part;
  };

export const URL_RULES: readonly RedactionRule[] = [
  {
    id: 'url-credentials',
    finds: 'User names and passwords in URLs',
    hints: ['://', ':\\/\\/'],
    find: hidden('credentials'),
  },
  { id: 'url-value', finds: 'Values of query parameters', hints: ['://', ':\\/\\/'], find: hidden('value') },
  { id: 'url-fragment', finds: 'Fragments of URLs', hints: ['://', ':\\/\\/'], find: hidden('fragment') },
];
