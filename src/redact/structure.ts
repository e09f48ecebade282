/** Where a string stands in a structure. */
export interface Place {
  /** Name of the member that holds it, itself or in a list. */
  readonly member?: string | undefined;
  /** What stands before it in a list. */
  readonly before?: unknown;
}

/** What to do with the strings of a structure. */
export interface StringMapping {
  /** For a member's name. */
  readonly name: (name: string) => string;
  readonly string: (text: string, place: Place) => string;
}

/** Deeper than any report; hostile data must not exhaust the stack. */
const MAX_DEPTH = 100;

/**
 * Copies data with every string mapped. Shared parts stay shared, so the copy is never larger than the original. Never
 * throws, whatever it is given: accessors that throw, proxies and `__proto__` members included.
 */
export function mapStrings(data: unknown, mapping: StringMapping): unknown {
  const done = new WeakMap<object, unknown>();
  const open = new WeakSet<object>();

  const map = (input: unknown, place: Place, depth: number): unknown => {
    switch (typeof input) {
      case 'string':
        return mapping.string(input, place);
      case 'function':
      case 'symbol':
        return `<${typeof input}>`;
      case 'object':
        return input === null ? null : mapObject(input, place, depth);
      case 'undefined':
      case 'boolean':
      case 'number':
      case 'bigint':
        return input;
    }
  };

  const mapObject = (input: object, { member }: Place, depth: number): unknown => {
    if (open.has(input)) return '<cycle>';
    if (depth > MAX_DEPTH) return '<too deep>';
    // A list's strings depend on the member that holds it, so only what has names of its own is shared.
    const shareable = !Array.isArray(input);
    if (shareable && done.has(input)) return done.get(input);
    open.add(input);
    const copy = copyOf(input, { member }, depth + 1);
    open.delete(input);
    if (shareable) done.set(input, copy);
    return copy;
  };

  const copyOf = (input: object, { member }: Place, depth: number): unknown => {
    try {
      if (Array.isArray(input))
        return input.map((item, index) => map(item, { member, before: input[index - 1] }, depth));
      if (input instanceof Date) return Number.isNaN(input.getTime()) ? null : input.toISOString();
      if (input instanceof Map) return [...input].map((entry) => map(entry, {}, depth));
      if (input instanceof Set) return [...input].map((item) => map(item, { member }, depth));
      if (ArrayBuffer.isView(input)) return `<binary data, ${input.byteLength} bytes>`;
      return Object.fromEntries(membersOf(input, depth));
    } catch {
      return '<unreadable>';
    }
  };

  // Object.fromEntries defines own members, so that one called `__proto__` stays a member.
  const membersOf = (input: object, depth: number): Map<string, unknown> => {
    const members = new Map<string, unknown>();
    const hidden = input instanceof Error ? ['name', 'message', 'cause'] : [];
    for (const name of [...hidden, ...Object.keys(input)]) {
      const value = (input as Readonly<Record<string, unknown>>)[name];
      if (value !== undefined || !hidden.includes(name))
        members.set(unused(mapping.name(name), members), map(value, { member: name }, depth));
    }
    return members;
  };

  return map(data, {}, 0);
}

/** Two names can become the same one; neither member may be lost. */
function unused(name: string, taken: ReadonlyMap<string, unknown>): string {
  if (!taken.has(name)) return name;
  for (let number = 2; ; number += 1) if (!taken.has(`${name} (${number})`)) return `${name} (${number})`;
}
