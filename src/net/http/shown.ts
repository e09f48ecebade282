import { visibleInOneLine } from '../../redact/control.ts';
import { createHiding, secretsInUrl } from '../../redact/hide.ts';
import { Secret } from '../../redact/secret.ts';
import type { RequestHeaders } from '../network.ts';
import { proxyAuthorization } from '../proxy/forward.ts';
import type { Proxy } from '../proxy/route.ts';

/** Makes text that a server sent fit to be shown: without control characters, short, and without our own secrets. */
export type Shown = (text: string, maxLength?: number) => string;

/** Header values that tell something are shorter: the longest is a list of content types. */
const MAX_VALUE_LENGTH = 200;

/**
 * Some servers repeat what they were sent, as in `Cannot GET /models?key=…`: what is secret in a request is hidden
 * wherever its answer shows it again.
 * @param proxy whom the request is handed to, when it is forwarded: the answer may be the proxy's own
 */
export function createShown(url: URL, headers: RequestHeaders, proxy?: Proxy): Shown {
  const sent = [...Object.values(headers), proxy && proxyAuthorization(proxy)];
  const values = sent.filter((value) => value instanceof Secret);
  const hide = createHiding([...secretsInUrl(url), ...values.map((value) => value.reveal())]);
  return (text, maxLength = MAX_VALUE_LENGTH) => visibleInOneLine(hide(text).slice(0, maxLength));
}
