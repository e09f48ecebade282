/** A longer body is none that anybody wrote for tags: codex 0.169 needs some ten thousand bytes for all its settings. */
const MAX_BODY_LENGTH = 64 * 1024;
/** Values such as `ReadOnly { network_access: false }` hold what looks like the end of a span; a few of them at most. */
const MAX_STARTS = 16;
/** codex 0.169 puts the tags of its settings into one of this name, as JSON. */
const PACKED = 'tags_json';
const NAME = /[A-Za-z_][\w.-]*=/y;

/**
 * The tags in the body of a log row of target `feedback_tags`: `span{…}:span{…}: key="value" key=true`. What stands in spans
 * may be anybody's, a folder named `}: auth_mode="x"` for one. So the tags are the shortest end of the body that reads as
 * such from a `: ` on: one inside of a quoted value cannot, since its quotes do not pair up.
 * @returns plain values, in order; none where the body is no list of tags
 */
export function tagsInBody(body: string): [name: string, value: string][] {
  if (body.length > MAX_BODY_LENGTH) return [];
  let tries = 0;
  let isInString = false;
  for (let at = body.length - 1; at >= 0 && tries < MAX_STARTS; at -= 1) {
    if (body[at] === '"' && !isEscaped(body, at)) isInString = !isInString;
    if (isInString || !body.startsWith(': ', at)) continue;
    tries += 1;
    const tags = readTags(body, at + ': '.length);
    if (tags) return tags;
  }
  // A row outside of all spans.
  return readTags(body, 0) ?? [];
}

function isEscaped(body: string, at: number): boolean {
  let backslashes = 0;
  while (body[at - 1 - backslashes] === '\\') backslashes += 1;
  return backslashes % 2 === 1;
}

function readTags(body: string, start: number): [string, string][] | undefined {
  const tags: [string, string][] = [];
  let at = start;
  while (at < body.length) {
    NAME.lastIndex = at;
    const name = NAME.exec(body)?.[0];
    if (name === undefined) return undefined;
    const end = endOfValue(body, at + name.length);
    if (end === undefined || (end < body.length && body[end] !== ' ')) return undefined;
    const value = body.slice(at + name.length, end);
    tags.push(...tagsOf(name.slice(0, -1), value));
    at = end + 1;
  }
  return tags.length > 0 ? tags : undefined;
}

const OPENING = '{[(';
const CLOSING = '}])';

/** Behind the value that begins here: a string in quotes, a word, or what `Debug` makes of a Rust value. */
function endOfValue(body: string, start: number): number | undefined {
  let depth = 0;
  for (let at = start; at < body.length; at += 1) {
    const character = body[at] as string;
    if (character === '"') {
      const end = endOfString(body, at);
      if (end === undefined) return undefined;
      if (at === start) return end;
      // Quotes in the middle of a word are the end of a string that began before.
      if (depth === 0) return undefined;
      at = end - 1;
    } else if (OPENING.includes(character)) depth += 1;
    else if (CLOSING.includes(character)) {
      depth -= 1;
      if (depth < 0) return undefined;
    } else if (character === ' ' && depth === 0 && body[at + 1] !== '{') return at;
    else if (character === '\\') return undefined;
  }
  return depth === 0 ? body.length : undefined;
}

/** Behind the closing quote. */
function endOfString(body: string, start: number): number | undefined {
  for (let at = start + 1; at < body.length; at += 1)
    if (body[at] === '\\') at += 1;
    else if (body[at] === '"') return at + 1;
  return undefined;
}

function tagsOf(name: string, value: string): [string, string][] {
  return name === PACKED ? packedTags(value) : [[name, plain(value)]];
}

function packedTags(json: string): [string, string][] {
  let tags: unknown;
  try {
    tags = JSON.parse(json);
  } catch {
    return [];
  }
  if (typeof tags !== 'object' || tags === null || Array.isArray(tags)) return [];
  return Object.entries(tags).flatMap(([name, value]) =>
    typeof value === 'string' ? [[name, value] as [string, string]] : [],
  );
}

/** Without what `Debug` puts around it: quotes, `Some(…)`, and `None` for nothing. */
function plain(value: string): string {
  if (value === 'None') return '';
  const inner = /^Some\((.*)\)$/s.exec(value)?.[1] ?? value;
  return inner.startsWith('"') ? unquoted(inner) : inner;
}

const NAMED_ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  b: '\b',
  f: '\f',
  '0': '\0',
};
/** `\u{7}` is Rust's way, `\u0007` that of JSON. */
const ESCAPE = /\\(?:u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|(.))/gs;
const MAX_CODE_POINT = 0x10_ff_ff;

const unquoted = (text: string): string =>
  text.slice(1, -1).replaceAll(ESCAPE, (_match, rust?: string, json?: string, named = '') => {
    const code = Number.parseInt(rust ?? json ?? '', 16);
    if (Number.isNaN(code)) return NAMED_ESCAPES[named] ?? named;
    return code > MAX_CODE_POINT ? '\uFFFD' : String.fromCodePoint(code);
  });
