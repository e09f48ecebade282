import { Secret } from '../../../redact/secret.ts';
import { isHeaderText } from '../../../target/request/header-text.ts';
import type { RequestAuth } from '../../provider/provider.ts';
import { ModelError } from '../../model/error.ts';
import type { Login } from './login.ts';

const UNAUTHENTICATED: RequestAuth = { mode: undefined, usesChatgptBackend: false, headers: {} };

/**
 * The headers of a login (spec/transport.md 4.4); the names are lower case.
 * @throws ModelError `fatal` for a login that stethos does not handle, and for a token that no header can carry
 */
export function authOfLogin(login: Login): RequestAuth {
  switch (login.kind) {
    case 'none':
      return UNAUTHENTICATED;
    case 'refused':
      throw new ModelError({ kind: 'fatal', message: login.message }, login.message);
    case 'api_key':
      return authOfKey(login.token);
    case 'chatgpt':
    case 'chatgpt_tokens':
      return accountAuth(login.accessToken, login.accountId, login.isFedramp);
    case 'personal_access_token':
      return accountAuth(login.token, login.account?.id, login.account?.isFedramp === true);
  }
}

/**
 * An API key, or any other token of a provider.
 * @throws ModelError `fatal` for one that no header can carry
 */
export const authOfKey = (token: Secret): RequestAuth => ({
  mode: 'ApiKey',
  usesChatgptBackend: false,
  headers: { authorization: bearer(token) },
});

/** No credential: the answer of the server has the word. */
export const authOfNobody = (): RequestAuth => UNAUTHENTICATED;

const accountAuth = (token: Secret, accountId: string | undefined, isFedramp: boolean): RequestAuth => ({
  mode: 'Chatgpt',
  usesChatgptBackend: true,
  headers: {
    authorization: bearer(token),
    ...(accountId !== undefined && { 'chatgpt-account-id': new Secret(legal(accountId)) }),
    ...(isFedramp && { 'x-openai-fedramp': 'true' }),
  },
});

const bearer = (token: Secret): Secret => new Secret(`Bearer ${legal(token.reveal())}`);

/** An illegal value is an error that names the header, not a request without it (DECISIONS 12). */
function legal(value: string): string {
  if (isHeaderText(value)) return value;
  const message =
    'The credential holds characters that no HTTP header may have, such as a line break in the middle. Sign in again, or correct where it is stored.';
  throw new ModelError({ kind: 'fatal', message }, message);
}
