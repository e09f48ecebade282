import type { RequestHeaders } from '../../net/network.ts';
import { Secret } from '../../redact/secret.ts';
import type { Environment } from '../home.ts';
import { withoutUserinfo } from '../request/userinfo.ts';
import type { McpTransport } from './facts.ts';

export type HttpTransport = Extract<McpTransport, { kind: 'streamable_http' }>;

/** A request to a server as the agent would make it. */
export type McpRequest =
  | {
      readonly kind: 'ready';
      /** Without user info, which no request has; a query may be secret all the same. */
      readonly url: string;
      /** Names in lower case. */
      readonly headers: RequestHeaders;
      /** Where the value of `Authorization` comes from; undefined without one. */
      readonly credential: CredentialSource | undefined;
    }
  /** The token holds characters that no header may have, with which the agent does not start the server. */
  | { readonly kind: 'illegal_token'; readonly variable: string };

export type CredentialSource = 'bearer_token_env_var' | 'url' | 'http_headers' | 'oauth';

/** RFC 9110 section 5.5: no control characters but the tab. */
// oxlint-disable-next-line no-control-regex -- control characters are what this is about
const LEGAL_VALUE = /^[^\u0000-\u0008\u000a-\u001f\u007f]*$/;
const LEGAL_NAME = /^[!#$%&'*+.^_`|~\w-]+$/;

/**
 * The headers of a server, in the agent's own order of precedence: `env_http_headers` over `http_headers`, a bearer
 * token over everything, user info of the URL and a stored OAuth token only where no `Authorization` is configured.
 * Headers that cannot be sent are left out, but a token is not (all recorded from codex 0.169).
 * @param oauthToken stored by a login; see `storedToken`
 */
export function requestOf(
  { url, headers, headerVariables, bearerTokenVariable }: HttpTransport,
  environment: Environment,
  oauthToken?: Secret,
): McpRequest {
  const sent = new Map<string, Secret>();
  const add = (name: string, value: string): void => {
    if (LEGAL_NAME.test(name) && LEGAL_VALUE.test(value)) sent.set(name.toLowerCase(), onTheWire(value));
  };
  for (const [name, value] of Object.entries(headers)) add(name, value);
  for (const [name, variable] of Object.entries(headerVariables)) {
    const value = environment[variable];
    if (value) add(name, value);
  }
  const { url: bare, authorization: userInfo } = withoutUserinfo(url);
  let credential: CredentialSource | undefined = sent.has('authorization') ? 'http_headers' : undefined;
  const token = bearerTokenVariable === undefined ? undefined : environment[bearerTokenVariable];
  if (bearerTokenVariable !== undefined && token) {
    if (!LEGAL_VALUE.test(token)) return { kind: 'illegal_token', variable: bearerTokenVariable };
    sent.set('authorization', onTheWire(`Bearer ${token}`));
    credential = 'bearer_token_env_var';
  } else if (credential === undefined && oauthToken) {
    sent.set('authorization', new Secret(`Bearer ${oauthToken.reveal()}`));
    credential = 'oauth';
  } else if (credential === undefined && userInfo !== undefined) {
    sent.set('authorization', userInfo);
    credential = 'url';
  }
  return { kind: 'ready', url: bare, headers: Object.fromEntries(sent), credential };
}

/** The agent sends UTF-8; the Fetch API takes one character for each byte. */
const onTheWire = (value: string): Secret => new Secret(Buffer.from(value, 'utf8').toString('latin1'));
