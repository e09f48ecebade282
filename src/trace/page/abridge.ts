/** How much of a structure is kept. */
export interface Abridgement {
  /** Of each text. */
  readonly characters: number;
}

/** Of each list and each object. */
const MAX_MEMBERS = 40;
const MAX_DEPTH = 16;
/** Of everything together: wide and deep at once would be large all the same. */
const MAX_VALUES = 4_000;

/** A copy of data that was read from JSON, small enough to work on and to show; it says where something was left out. */
export function abridged(data: unknown, { characters }: Abridgement): unknown {
  let left = MAX_VALUES;
  const copy = (value: unknown, depth: number): unknown => {
    left -= 1;
    if (typeof value === 'string')
      return value.length <= characters ? value : `${value.slice(0, characters)}…`;
    if (typeof value !== 'object' || value === null) return value;
    if (depth > MAX_DEPTH || left <= 0) return '…';
    if (Array.isArray(value)) {
      const items = value.slice(0, MAX_MEMBERS).map((item) => copy(item, depth + 1));
      return value.length > MAX_MEMBERS ? [...items, `… ${value.length - MAX_MEMBERS} more`] : items;
    }
    const members = Object.entries(value);
    const kept = members
      .slice(0, MAX_MEMBERS)
      .map(([name, member]) => [copy(name, depth + 1), copy(member, depth + 1)] as const);
    const rest = members.length - kept.length;
    // Defines own members, so that one called `__proto__` stays a member.
    return Object.fromEntries(rest > 0 ? [...kept, ['…', `${rest} more`]] : kept);
  };
  return copy(data, 0);
}
