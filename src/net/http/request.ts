import { visibleInOneLine } from '../../redact/control.ts';
import { Secret } from '../../redact/secret.ts';
import type { HttpAsk, RequestHeaders } from '../network.ts';

export type HttpRequest =
  | {
      readonly kind: 'sendable';
      readonly url: URL;
      /** As they are written to the wire. */
      readonly headers: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'unsendable'; readonly problem: string };

/** What of a name is shown: a whole header pasted in place of its name may hold the credential. */
const MAX_NAME_LENGTH = 40;

/** Makes a request of what is asked, or says in words what stands in the way; a value is never quoted. */
export function prepareRequest({ url: address, headers }: Pick<HttpAsk, 'url' | 'headers'>): HttpRequest {
  const url = URL.parse(address);
  if (!url) return unsendable('the address cannot be read as a URL');
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    return unsendable(`the scheme of the address is ${url.protocol.slice(0, -1)}, neither http nor https`);
  const problem = problemOfHeaders(headers);
  return problem === undefined
    ? { kind: 'sendable', url, headers: { ...basicCredentials(url), ...reveal(headers) } }
    : unsendable(problem);
}

const unsendable = (problem: string): HttpRequest => ({ kind: 'unsendable', problem });

function problemOfHeaders(headers: RequestHeaders): string | undefined {
  const { validateHeaderName, validateHeaderValue } = process.getBuiltinModule('node:http');
  for (const [name, value] of Object.entries(reveal(headers))) {
    const shown = JSON.stringify(visibleInOneLine(name.slice(0, MAX_NAME_LENGTH)));
    try {
      validateHeaderName(name);
    } catch {
      return `${shown} is no name that a header can have`;
    }
    try {
      validateHeaderValue(name, value);
    } catch {
      return `the value of the header ${shown} holds a character that no header can carry`;
    }
  }
  return undefined;
}

function reveal(headers: RequestHeaders): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      onTheWire(value instanceof Secret ? value.reveal() : value),
    ]),
  );
}

/** UTF-8, as the agent's HTTP client sends it; Node takes one character for each byte. */
const onTheWire = (value: string): string => Buffer.from(value, 'utf8').toString('latin1');

/** User name and password of an address are sent as every client does, and a header of the caller's own wins. */
function basicCredentials({ username, password }: URL): Record<string, string> {
  if (username === '' && password === '') return {};
  const pair = `${unescaped(username)}:${unescaped(password)}`;
  return { authorization: `Basic ${Buffer.from(pair, 'utf8').toString('base64')}` };
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
