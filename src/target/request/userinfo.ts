import { Secret } from '../../redact/secret.ts';

export interface PlainAddress {
  readonly url: string;
  /** `Authorization` made of the name and password that stood in the address. */
  readonly authorization: Secret | undefined;
}

/**
 * Takes name and password out of an address. The agent's HTTP client sends them when nothing else authorizes the
 * request; its WebSocket client never does (measured on codex 0.169).
 */
export function withoutUserinfo(address: string): PlainAddress {
  const url = URL.parse(address);
  if (!url || (url.username === '' && url.password === '')) return { url: address, authorization: undefined };
  const pair = `${decoded(url.username)}:${decoded(url.password)}`;
  url.username = '';
  url.password = '';
  return {
    url: url.href,
    authorization: new Secret(`Basic ${Buffer.from(pair, 'utf8').toString('base64')}`),
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
