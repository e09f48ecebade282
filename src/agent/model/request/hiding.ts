import type { AnswerHeaders } from '../../../net/http/answer.ts';
import type { RequestHeaders } from '../../../net/network.ts';
import { createHiding, secretsInUrl } from '../../../redact/hide.ts';
import { Secret } from '../../../redact/secret.ts';
import type { JsonObject, JsonValue } from '../../../host/json.ts';
import { isObject } from './json-parts.ts';
import { TURN_STATE } from './turn-state.ts';

/** Takes what a request carried out of what its server says. */
export type Hide = (text: string) => string;

/** What a signature shows of its key, and itself (AWS Signature Version 4). */
const SIGNATURE_PARTS = /\b(?:Credential|Signature)=(?<part>[^/,\s]+)/g;

/**
 * Some servers repeat the credential that they refuse: in a body, in a header, in an event.
 * @param sent headers of the request, signature and cookies among them
 */
export function hidingOf(url: string, ...sent: readonly RequestHeaders[]): Hide {
  const parsed = URL.parse(url);
  const secrets = sent
    .flatMap((headers) => Object.values(headers))
    .filter((value) => value instanceof Secret)
    .map((value) => value.reveal());
  return createHiding([
    ...(parsed ? secretsInUrl(parsed) : []),
    ...secrets,
    ...secrets.flatMap((secret) =>
      [...secret.matchAll(SIGNATURE_PARTS)].flatMap(({ groups }) => groups?.['part'] ?? []),
    ),
  ]);
}

/** The only names under which a provider says anything that the core listens to. */
const HEARD = /^(?:x-|openai-|cf-ray$)/;
/** Says which model answers; one that repeats what was sent is no name of a model. */
const SERVER_MODEL = 'openai-model';

/**
 * The headers of an answer that mean something, as anything may be told of them. Others, such as cookies, are left out;
 * what only goes back to the server stays as it is.
 */
export function hiddenHeaders(headers: AnswerHeaders, hide: Hide): AnswerHeaders {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => {
      if (value === undefined || !HEARD.test(name)) return [];
      if (name === TURN_STATE) return [[name, value]];
      const hidden = typeof value === 'string' ? hide(value) : value.map(hide);
      return name === SERVER_MODEL && String(hidden) !== String(value) ? [] : [[name, hidden]];
    }),
  );
}

/** The same object with every text in it hidden; names are kept. */
export const hiddenTexts = (object: JsonObject, hide: Hide): JsonObject =>
  Object.fromEntries(Object.entries(object).map(([name, value]) => [name, hiddenValue(value, hide)]));

function hiddenValue(value: JsonValue, hide: Hide): JsonValue {
  if (typeof value === 'string') return hide(value);
  if (Array.isArray(value)) return value.map((part: JsonValue) => hiddenValue(part, hide));
  return isObject(value) ? hiddenTexts(value, hide) : value;
}
