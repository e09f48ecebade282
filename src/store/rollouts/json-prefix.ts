import type { JsonObject, JsonValue } from '../../host/json.ts';

/** Nobody nests deeper by hand or by serialiser; deeper text is hostile and would only exhaust the stack. */
const MAX_DEPTH = 64;
const WHITESPACE = /[\t\n\r ]*/y;
const SCALAR = /-?[\w.+-]*/y;

/**
 * The members of a JSON object whose text may be cut off anywhere: the head of a line too long to be read whole. Members
 * that are complete are there, the cut one is left out, and so is everything after text that is not JSON. Returns undefined
 * when the text does not begin with an object. Never throws.
 */
export function parseObjectPrefix(text: string): JsonObject | undefined {
  let at = 0;
  skipSpace();
  if (text[at] !== '{') return undefined;
  return readObject(0).value;

  function skipSpace(): void {
    WHITESPACE.lastIndex = at;
    WHITESPACE.exec(text);
    at = WHITESPACE.lastIndex;
  }

  /** `whole` is false when the text ended, or stopped being JSON, inside the value. */
  function readObject(depth: number): { value: JsonObject; whole: boolean } {
    // Without a prototype, so that a key such as `__proto__` is a key.
    const value: Record<string, JsonValue> = Object.create(null) as Record<string, JsonValue>;
    at += 1;
    for (;;) {
      skipSpace();
      if (text[at] === '}') return ((at += 1), { value, whole: true });
      const key = readString();
      skipSpace();
      if (key === undefined || text[at] !== ':') return { value, whole: false };
      at += 1;
      const member = readValue(depth);
      if (member.value !== undefined) value[key] = member.value;
      if (!member.whole) return { value, whole: false };
      skipSpace();
      if (text[at] === ',') at += 1;
      else if (text[at] !== '}') return { value, whole: false };
    }
  }

  function readArray(depth: number): { value: JsonValue[]; whole: boolean } {
    const value: JsonValue[] = [];
    at += 1;
    for (;;) {
      skipSpace();
      if (text[at] === ']') return ((at += 1), { value, whole: true });
      const item = readValue(depth);
      if (item.value !== undefined) value.push(item.value);
      if (!item.whole) return { value, whole: false };
      skipSpace();
      if (text[at] === ',') at += 1;
      else if (text[at] !== ']') return { value, whole: false };
    }
  }

  function readValue(depth: number): { value: JsonValue | undefined; whole: boolean } {
    skipSpace();
    const first = text[at];
    if (first === '{' || first === '[') {
      if (depth >= MAX_DEPTH) return { value: undefined, whole: false };
      return first === '{' ? readObject(depth + 1) : readArray(depth + 1);
    }
    if (first === '"') {
      const value = readString();
      return { value, whole: value !== undefined };
    }
    return readScalar();
  }

  function readString(): string | undefined {
    if (text[at] !== '"') return undefined;
    const start = at;
    for (let end = text.indexOf('"', start + 1); end !== -1; end = text.indexOf('"', end + 1)) {
      let slashes = 0;
      while (text[end - 1 - slashes] === '\\') slashes += 1;
      if (slashes % 2 === 1) continue;
      at = end + 1;
      const parsed = parse(text.slice(start, at));
      return typeof parsed === 'string' ? parsed : undefined;
    }
    at = text.length;
    return undefined;
  }

  function readScalar(): { value: JsonValue | undefined; whole: boolean } {
    SCALAR.lastIndex = at;
    const word = SCALAR.exec(text)?.[0] ?? '';
    at += word.length;
    // `12` at the very end may be the beginning of `123`.
    const value = at < text.length ? parse(word) : undefined;
    return { value, whole: value !== undefined };
  }
}

function parse(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}
