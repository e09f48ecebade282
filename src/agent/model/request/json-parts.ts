import type { JsonObject, JsonValue } from '../../../host/json.ts';

/** Parses text of a server; undefined when it is no JSON. */
export function parseJson(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}

export const isObject = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A member that is an object; undefined for anything else, also of what is no object itself. */
export function objectAt(value: JsonValue | undefined, key: string): JsonObject | undefined {
  const member = isObject(value) ? value[key] : undefined;
  return isObject(member) ? member : undefined;
}

export function stringAt(value: JsonValue | undefined, key: string): string | undefined {
  const member = isObject(value) ? value[key] : undefined;
  return typeof member === 'string' ? member : undefined;
}

/** A finite number. */
export function numberAt(value: JsonValue | undefined, key: string): number | undefined {
  const member = isObject(value) ? value[key] : undefined;
  return typeof member === 'number' && Number.isFinite(member) ? member : undefined;
}

export function booleanAt(value: JsonValue | undefined, key: string): boolean | undefined {
  const member = isObject(value) ? value[key] : undefined;
  return typeof member === 'boolean' ? member : undefined;
}
