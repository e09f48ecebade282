import { prepareRequest } from '../http/request.ts';
import type { HttpRequest } from '../http/request.ts';
import type { RequestHeaders } from '../network.ts';

/** An upgrade is an HTTP request, so it is checked as one; only its scheme is its own. */
export function prepareUpgrade(asked: {
  readonly url: string;
  readonly headers: RequestHeaders;
}): HttpRequest {
  const url = URL.parse(asked.url);
  if (!url) return { kind: 'unsendable', problem: 'the address cannot be read as a URL' };
  const scheme = url.protocol.slice(0, -1);
  if (scheme !== 'ws' && scheme !== 'wss')
    return { kind: 'unsendable', problem: `the scheme of the address is ${scheme}, neither ws nor wss` };
  const request = prepareRequest({ ...asked, url: url.href.replace(/^ws/, 'http') });
  if (request.kind === 'unsendable') return request;
  // A fragment is for the client alone, and `ws` refuses a URL that has one.
  url.hash = '';
  return { ...request, url };
}
