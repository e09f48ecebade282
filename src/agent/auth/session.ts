import type { Clock } from '../../host/clock.ts';
import type { Network } from '../../net/network.ts';
import { loginCommandOf } from '../../target/home.ts';
import { credentialPath } from '../../target/credentials/load.ts';
import { ModelError } from '../model/error.ts';
import type { ClientSoftware } from './ask.ts';
import { accountOf, isSameLogin, withTokens } from './login/login.ts';
import type { Login, LoginReading, ManagedLogin } from './login/login.ts';
import { readLogin } from './login/read-login.ts';
import type { LoginSources } from './login/read-login.ts';
import { whoIs } from './login/whoami.ts';
import { isDueForRefresh } from './refresh/decision.ts';
import type { RefreshFailure } from './refresh/decision.ts';
import { storeTokens } from './refresh/store-tokens.ts';
import type { NewTokens } from './refresh/store-tokens.ts';
import { askForTokens } from './refresh/token-endpoint.ts';
import { errorOfChangedAccount, errorOfRefresh } from './refresh/words.ts';

export interface LoginSessionOptions {
  readonly sources: LoginSources;
  readonly network: Network;
  readonly clock: Clock;
  readonly client: ClientSoftware;
  /** `CODEX_API_KEY` counts, as it does for `exec` and not for interactive sessions. */
  readonly unattended: boolean;
}

/** Who is signed in. What is on disk is looked at on first use and on reload, not for every request. */
export interface LoginSession {
  /** As last read. */
  cached(): LoginReading;
  /**
   * As last read, made fit for a request: renewed when it is about to end, or with the account that belongs to a token.
   * A login that cannot be renewed is used as it is, and the server has its word.
   * @throws ModelError when the account of a token cannot be found
   */
  current(): Promise<LoginReading>;
  /** Reads again what is stored, and takes it if it is of the same account. */
  reload(accountId: string | undefined): ReloadOutcome;
  /**
   * Renews the login; callers at the same time share one renewal.
   * @throws ModelError `refresh_failed` where it is gone for good, `input_output` where trying again may help
   */
  refresh(): Promise<void>;
}

type PersonalLogin = Extract<Login, { readonly kind: 'personal_access_token' }>;

export type ReloadOutcome = 'changed' | 'unchanged' | 'other_account';

/**
 * Several processes may renew one login at once, and Node has no `flock`: so what is stored is read again before a token
 * is spent, after it was refused, and before the new one is written. codex 0.169 does no more: it locks `auth.lock` for
 * the write alone, and three of it that start together spend one refresh token three times (measured).
 */
export function createLoginSession(options: LoginSessionOptions): LoginSession {
  const { sources, clock, unattended } = options;
  let reading: LoginReading | undefined;
  let renewing: Promise<void> | undefined;
  let lookingUp: Promise<void> | undefined;
  /** What is stored still, because the login that was renewed from it could not be written: its token is spent. */
  let spent: Login | undefined;
  let failed: { readonly login: Login; readonly failure: RefreshFailure } | undefined;

  const read = (): LoginReading => readLogin(sources, unattended);
  const cached = (): LoginReading => (reading ??= read());
  const loginCommand = loginCommandOf(sources.home);

  const reload = (accountId: string | undefined): ReloadOutcome => {
    const found = read();
    if (accountId === undefined || accountOf(found.login) !== accountId) return 'other_account';
    if (spent && isSameLogin(found.login, spent)) return 'unchanged';
    spent = undefined;
    const isSame = isSameLogin(found.login, cached().login);
    reading = found;
    return isSame ? 'unchanged' : 'changed';
  };

  const renew = async (): Promise<void> => {
    const outcome = reload(accountOf(cached().login));
    if (outcome === 'other_account') throw errorOfChangedAccount(loginCommand);
    if (outcome === 'changed') return;
    const { login } = cached();
    if (login.kind !== 'chatgpt' || login.refreshToken === undefined) return;
    if (failed && isSameLogin(failed.login, login)) throw errorOfRefresh(failed.failure, loginCommand);
    const answer = await askForTokens(login.refreshToken, {
      ...options,
      env: sources.environment().values,
    });
    // Another process may have been faster: its token is as good, and ours was spent by it.
    const after = reload(login.accountId);
    if (after === 'other_account') throw errorOfChangedAccount(loginCommand);
    if (answer.kind === 'renewed') {
      await keep(answer.tokens, login);
    } else if (after === 'unchanged') {
      if (answer.kind === 'permanent') failed = { login, failure: answer };
      throw errorOfRefresh(answer, loginCommand);
    }
  };

  const keep = async (tokens: NewTokens, renewed: ManagedLogin): Promise<void> => {
    const nowMs = clock.now();
    try {
      await storeTokens(credentialPath(sources.home), tokens, new Date(nowMs).toISOString());
    } catch {
      spent ??= renewed;
      reading = { ...cached(), login: withTokens(renewed, tokens, nowMs) };
      const message =
        'The login was renewed and could not be written to its file; the next start may have to sign in again.';
      throw new ModelError({ kind: 'input_output', message }, message);
    }
    spent = undefined;
    reading = read();
  };

  const lookUp = async (login: PersonalLogin): Promise<void> => {
    const account = await whoIs(login.token, { ...options, env: sources.environment().values });
    // Told of this token only: another one may have been read meanwhile.
    if (isSameLogin(cached().login, login)) reading = { ...cached(), login: { ...login, account } };
  };

  const refresh = (): Promise<void> =>
    (renewing ??= renew().finally(() => {
      renewing = undefined;
    }));

  return {
    cached,
    reload,
    refresh,
    current: async () => {
      const { login } = cached();
      if (isDueForRefresh(login, clock.now())) await refresh().catch(() => undefined);
      if (login.kind === 'personal_access_token' && !login.account)
        await (lookingUp ??= lookUp(login).finally(() => {
          lookingUp = undefined;
        }));
      return cached();
    },
  };
}
