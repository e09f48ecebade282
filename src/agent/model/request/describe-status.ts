import type { UnexpectedStatus } from '../error.ts';
import { objectAt, parseJson, stringAt } from './json-parts.ts';

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
  return [`unexpected status ${status}: ${reasonOf({ status, body })}`, ...details].join(', ');
}

function reasonOf({ status, body }: Pick<UnexpectedStatus, 'status' | 'body'>): string {
  if (status === FORBIDDEN && /cloudflare/i.test(body) && /blocked/i.test(body))
    return 'Cloudflare blocks this connection; that happens to requests from regions that the provider does not serve';
  const said = stringAt(objectAt(parseJson(body), 'error'), 'message');
  if (said !== undefined && said.trim() !== '') return said.trim();
  return body.trim() === '' ? 'no reason given' : body.trim();
}
