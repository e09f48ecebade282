/** Members of a `tracestate` header in order (https://www.w3.org/TR/trace-context/#tracestate-header). */
type Members = ReadonlyMap<string, string>;
/** Of the settings, whose reader let nothing in that no header could carry. */
export type ConfiguredTracestate = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** More than that no one needs to pass on. */
const MAX_MEMBERS = 32;
const MEMBER_KEY = /^(?:[a-z][-_*/0-9a-z]{0,255}|[a-z0-9][-_*/0-9a-z]{0,240}@[a-z][-_*/0-9a-z]{0,13})$/;
const MEMBER_VALUE = /^[\x20-\x2b\x2d-\x3c\x3e-\x7e]{0,255}[\x21-\x2b\x2d-\x3c\x3e-\x7e]$/;

/** Members in order; undefined when the header is none. */
export function parseTracestate(header: string): Members | undefined {
  const members = new Map<string, string>();
  for (const part of header.split(',')) {
    const member = part.trim();
    if (member === '') continue;
    const { key = '', value = '' } = /^(?<key>[^=]*)=(?<value>.*)$/.exec(member)?.groups ?? {};
    if (!MEMBER_KEY.test(key) || !MEMBER_VALUE.test(value) || members.has(key)) return undefined;
    members.set(key, value);
  }
  return members.size > MAX_MEMBERS ? undefined : members;
}

/**
 * Puts configured fields into a tracestate: those of other names and other members stay, configured members come first
 * (spec/observability.md 4.7).
 */
export function mergeTracestate(
  inbound: string | undefined,
  configured: ConfiguredTracestate,
): string | undefined {
  const rest = new Map(inbound === undefined ? [] : (parseTracestate(inbound) ?? []));
  const first = Object.entries(configured).map(([member, fields]) => {
    const before = rest.get(member);
    rest.delete(member);
    const merged = valueOf(new Map([...fieldsOf(before), ...Object.entries(fields)]));
    // What is too long together is sent as it was configured.
    return `${member}=${MEMBER_VALUE.test(merged) ? merged : valueOf(new Map(Object.entries(fields)))}`;
  });
  const members = [...first, ...[...rest].map(([key, value]) => `${key}=${value}`)].slice(0, MAX_MEMBERS);
  return members.length === 0 ? undefined : members.join(',');
}

/** `a:1;b:2`; a part that is no pair keeps its place under its own name. */
function fieldsOf(value: string | undefined): Map<string, string | undefined> {
  if (value === undefined) return new Map();
  return new Map(
    value.split(';').map((field) => {
      const colon = field.indexOf(':');
      return colon < 0 ? [field, undefined] : [field.slice(0, colon), field.slice(colon + 1)];
    }),
  );
}

const valueOf = (fields: ReadonlyMap<string, string | undefined>): string =>
  [...fields].map(([key, value]) => (value === undefined ? key : `${key}:${value}`)).join(';');
