import { haystacksOf } from './control.ts';
import { escapeLiteral } from './rules/rule.ts';
import type { Range } from './rules/rule.ts';

/** A shorter value cannot be told from a word or a number that stands in a text by chance. */
const MIN_SECRET_LENGTH = 6;
/** Of what is shorter in base64, too few letters are certain. */
const MIN_BASE64_LENGTH = 8;
/** Whoever shows a text shows far less of it. */
const MAX_TEXT_LENGTH = 64 * 1024;
const HIDDEN = '<hidden>';

/**
 * Hides known secrets wherever a program or a server repeats them: whole or in their parts (the token behind `Bearer`,
 * the password in an address), plain or encoded, in capitals, with escape sequences in between, cut in two by the end
 * of the text. For text of somebody whom we gave those secrets; what nobody knows beforehand is for the redactor to find. Of a very long text the
 * beginning is returned.
 */
export function createHiding(secrets: readonly string[]): (text: string) => string {
  let finder: ReturnType<typeof createFinder> | undefined;
  return (text) => {
    const shown = text.slice(0, MAX_TEXT_LENGTH);
    const find = (finder ??= createFinder(secrets));
    const found: Range[] = [];
    for (const { text: haystack, originalOffset } of haystacksOf(shown))
      for (const { start, end } of find(haystack))
        found.push({ start: originalOffset(start), end: originalOffset(end - 1) + 1 });
    return replaced(shown, found);
  };
}

/** Everything that secrets, or their parts, may look like in a text; the longest first. */
export function formsOfSecrets(secrets: readonly string[]): string[] {
  const parts = secrets.flatMap(partsOf).filter((part) => part.length >= MIN_SECRET_LENGTH);
  return [...new Set(parts.flatMap(formsOf))].toSorted((one, other) => other.length - one.length);
}

function createFinder(secrets: readonly string[]): (text: string) => Range[] {
  const forms = formsOfSecrets(secrets);
  if (forms.length === 0) return () => [];
  // A look ahead, so that secrets are found that overlap; at each place the longest.
  const pattern = new RegExp(`(?=(?<secret>${forms.map(escapeLiteral).join('|')}))`, 'gi');
  // The beginning of an address is none.
  const folded = forms.filter((form) => !form.includes('://')).map((form) => form.toLowerCase());
  return (text) => [
    ...[...text.matchAll(pattern)].map(({ index, groups }) => ({
      start: index,
      end: index + (groups?.['secret'] ?? '').length,
    })),
    ...cutSecrets(text.toLowerCase(), folded),
  ];
}

/** What was shortened, by us or by whoever wrote it, begins with the end of a secret or ends with its beginning. */
function cutSecrets(text: string, secrets: readonly string[]): Range[] {
  let [fromStart, fromEnd] = [0, 0];
  for (const secret of secrets) {
    const most = Math.min(secret.length, text.length);
    for (let length = most; length > Math.max(fromStart, MIN_SECRET_LENGTH - 1); length -= 1)
      if (text.startsWith(secret.slice(-length))) fromStart = length;
    for (let length = most; length > Math.max(fromEnd, MIN_SECRET_LENGTH - 1); length -= 1)
      if (text.endsWith(secret.slice(0, length))) fromEnd = length;
  }
  return [
    { start: 0, end: fromStart },
    { start: text.length - fromEnd, end: text.length },
  ].filter(({ start, end }) => end > start);
}

function replaced(text: string, ranges: readonly Range[]): string {
  const pieces: string[] = [];
  let position = 0;
  for (const { start, end } of ranges.toSorted((one, other) => one.start - other.start)) {
    if (end <= position) continue;
    if (start > position || pieces.length === 0) pieces.push(text.slice(position, start), HIDDEN);
    position = end;
  }
  return [...pieces, text.slice(position)].join('');
}

/** `--token=…`, `NAME=…`, `Authorization: …`. */
const ASSIGNMENT = /^-{0,2}[A-Za-z][\w.-]*(?:=|:\s+)(?=\S)/;
/** Two words, of which the second is a credential where the first is the name of a scheme. */
const PAIR = /^(?<scheme>[A-Za-z][\w-]*)\s+(?<credential>\S+)$/;
const SCHEMES = /^(?:api-?key|basic|bearer|dpop|key|token)$/i;

/** What of a text is secret: not the scheme before a token, nor the name of a flag. Padding of base64 is often left out. */
function partsOf(secret: string): string[] {
  const value = secret.trim().replace(/=+$/, '');
  const lines = value.split(/\r?\n/);
  if (lines.length > 1) return lines.flatMap(partsOf);
  const [assignment] = ASSIGNMENT.exec(value) ?? [];
  if (assignment !== undefined) return partsOf(value.slice(assignment.length));
  const { scheme = '', credential = '' } = PAIR.exec(value)?.groups ?? {};
  if (credential !== '') {
    const named = SCHEMES.test(scheme) ? [] : [value];
    return [...named, credential, ...(/^basic$/i.test(scheme) ? pairIn(credential) : [])];
  }
  const url = value.includes('://') ? URL.parse(value) : null;
  return url ? [value, ...secretsInUrl(url)] : [value];
}

/** Name, password and parameters of an address, as they are written and as they are meant. */
export function secretsInUrl(url: URL): string[] {
  const raw = url.search.slice(1).split('&');
  const values = raw.map((pair) => pair.slice(pair.indexOf('=') + 1));
  return [url.username, url.password, ...values, ...url.searchParams.values()].flatMap((part) => [
    part,
    decoded(part),
  ]);
}

/** Name and password (RFC 7617). */
function pairIn(credential: string): string[] {
  const pair = Buffer.from(credential, 'base64').toString('utf8');
  const colon = pair.indexOf(':');
  return colon === -1 ? [] : [pair, pair.slice(0, colon), pair.slice(colon + 1)];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** As programs write a text: in URLs, in JSON, on pages, and in bytes that they take for letters. */
function formsOf(text: string): string[] {
  const inUrl = encodeURIComponent(text.toWellFormed());
  return [
    text,
    inUrl,
    inUrl.replaceAll('%20', '+'),
    JSON.stringify(text).slice(1, -1),
    text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;'),
    Buffer.from(text, 'utf8').toString('latin1'),
    Buffer.from(text, 'latin1').toString('utf8'),
    ...inBase64(text),
  ];
}

/** The letters that a text gives in base64 wherever it stands in what is encoded. */
function inBase64(text: string): string[] {
  const bytes = Buffer.from(text, 'utf8');
  return [0, 1, 2]
    .map((before) => {
      const encoded = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
      const bits = (before + bytes.length) * 8;
      return encoded.slice(Math.ceil((before * 8) / 6), Math.floor(bits / 6));
    })
    .filter((letters) => letters.length >= MIN_BASE64_LENGTH)
    .flatMap((letters) => [letters, letters.replaceAll('+', '-').replaceAll('/', '_')]);
}
