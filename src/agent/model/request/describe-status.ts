import type { UnexpectedStatus } from '../error.ts';
import { objectAt, parseJson, stringAt } from './json-parts.ts';

/** What an answer may take in a message for the user. */
const MAX_SHOWN_BYTES = 1_000;
const FORBIDDEN = 403;

/** An answer that nobody expected, in one line for the user, with what the provider's support asks for. */
export function describeStatus(facts: UnexpectedStatus): string {
  const { status, body, url, cfRay, requestId, authorizationError, authorizationErrorCode } = facts;
  const known = [
    ['url', url],
    ['cf-ray', cfRay],
    ['request id', requestId],
    ['authorization error', authorizationError],
    ['authorization error code', authorizationErrorCode],
  ] as const;
  const details = known.flatMap(([name, value]) => (value === undefined ? [] : [`${name}: ${value}`]));
  return [`unexpected status ${status}: ${body === '' ? 'no reason given' : body}`, ...details].join(', ');
}

/** What a user is shown of a body: the server's own words where it has any, and otherwise its beginning. */
export const shownBody = (answer: Pick<UnexpectedStatus, 'status' | 'body'>): string =>
  cutToBytes(reasonOf(answer).trim(), MAX_SHOWN_BYTES);

/** Looks at the whole body: a page of Cloudflare says what it is about after some kilobytes. */
function reasonOf({ status, body }: Pick<UnexpectedStatus, 'status' | 'body'>): string {
  if (status === FORBIDDEN && /cloudflare/i.test(body) && /blocked/i.test(body))
    return 'Cloudflare blocks this connection; that happens to requests from regions that the provider does not serve';
  const said = stringAt(objectAt(parseJson(body), 'error'), 'message');
  return said?.trim() ? said : body;
}

/** Never inside of a character. */
function cutToBytes(text: string, maxBytes: number): string {
  if (Buffer.byteLength(text) <= maxBytes) return text;
  const { read } = new TextEncoder().encodeInto(text, new Uint8Array(maxBytes));
  return text.slice(0, read);
}
