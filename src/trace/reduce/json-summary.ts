import type { JsonValue } from '../../host/json.ts';
import { hash } from 'node:crypto';
import { JSON_SUMMARY_BYTES } from '../model/conversation.ts';
import { isObject } from '../read-json.ts';

const CUT = '...';

/** The beginning of a value's JSON, cut between characters. Two values that begin alike count as the same. */
export function jsonSummary(value: JsonValue): string {
  const text = JSON.stringify(value);
  const bytes = Buffer.from(text);
  if (bytes.length <= JSON_SUMMARY_BYTES) return text;
  let end = JSON_SUMMARY_BYTES;
  // Bytes 10xxxxxx continue a character.
  while (((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return `${bytes.toString('utf8', 0, end)}${CUT}`;
}

/** SHA-256 of a value's JSON with the members of objects in order, so that it does not matter who wrote it. */
export const canonicalSha256 = (value: JsonValue): string => hash('sha256', canonicalJson(value));

function canonicalJson(value: JsonValue): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const members = Object.keys(value)
    .toSorted()
    .map((name) => `${JSON.stringify(name)}:${canonicalJson(value[name] ?? null)}`);
  return `{${members.join(',')}}`;
}
