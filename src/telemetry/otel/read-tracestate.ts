import { isTable } from '../../target/config/facts.ts';
import type { ConfigTable } from '../../target/config/facts.ts';
import type { Tell } from './read-variables.ts';

/** https://www.w3.org/TR/trace-context/#key: a name, or a tenant and a system. */
const MEMBER = /^(?:[a-z][a-z0-9_*/-]{0,255}|[a-z0-9][a-z0-9_*/-]{0,240}@[a-z][a-z0-9_*/-]{0,13})$/;
const FIELD = /^[!-+\--9<>-~]+$/;
const FIELD_VALUE = /^[ -+\--:<>-~]*$/;
const MAX_MEMBER_LENGTH = 256;
const MAX_MEMBERS = 32;

type Tracestate = Readonly<Record<string, Readonly<Record<string, string>>>>;

/**
 * `[otel.tracestate.<member>]` with its fields (spec/observability.md 4.7). A member or field that no header could carry
 * is left out by itself, all are where their header as a whole would be none; either is told.
 */
export function readTracestate(table: ConfigTable, tell: Tell): Tracestate {
  const refuse = (source: string, message: string): void => tell({ kind: 'value', source, message });
  const members: [string, Record<string, string>][] = [];
  for (const [name, fields] of Object.entries(table)) {
    const source = `otel.tracestate.${name}`;
    if (!MEMBER.test(name))
      refuse('otel.tracestate', 'a member of otel.tracestate has a name that is none of a tracestate');
    else if (isTable(fields)) {
      const kept = keepFields(fields, () =>
        refuse(source, `${source} has a field that a tracestate cannot carry`),
      );
      const text = Object.entries(kept)
        .map(([key, value]) => `${key}:${value}`)
        .join(';');
      if (text.length > MAX_MEMBER_LENGTH || text.endsWith(' '))
        refuse(source, `${source} is too long for a tracestate, or ends in a space`);
      else if (text !== '') members.push([name, kept]);
    }
  }
  if (members.length <= MAX_MEMBERS) return Object.fromEntries(members);
  refuse('otel.tracestate', `otel.tracestate has more than ${MAX_MEMBERS} members, so none is used`);
  return {};
}

function keepFields(fields: ConfigTable, refuse: () => void): Record<string, string> {
  const kept: [string, string][] = [];
  for (const [key, value] of Object.entries(fields)) {
    if (typeof value === 'string' && FIELD.test(key) && FIELD_VALUE.test(value)) kept.push([key, value]);
    else refuse();
  }
  return Object.fromEntries(kept);
}
