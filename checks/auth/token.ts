import { conclude, defineCheck, fail, idle, warn } from '../../src/doctor/check.ts';
import type { Verdict, VerdictIssue } from '../../src/doctor/check.ts';
import { readToken } from '../../src/target/credentials/token.ts';
import type { TokenFacts } from '../../src/target/credentials/token.ts';
import { loginCommandOf } from '../../src/target/home.ts';
import { describeAge, isoTime } from './token/time.ts';

/** The agent renews an access token that has no longer than this to live. */
const RENEWAL_MARGIN_MS = 5 * 60_000;
/** Without a readable expiry the agent goes by the last refresh, and renews after this time. */
const REFRESH_INTERVAL_MS = 8 * 86_400_000;
/** A login that nobody renewed for so long has probably lost its refresh token as well. */
const ABANDONED_MS = 30 * 86_400_000;
/** Clocks differ by seconds; by more than this only when one of them is wrong. */
const CLOCK_TOLERANCE_MS = 5 * 60_000;

interface Evidence {
  readonly agent: string;
  readonly loginCommand: string;
  readonly nowMs: number;
  /** The file or the variable that holds the token in effect; undefined when no token is. */
  readonly source: { readonly kind: 'file' | 'variable'; readonly name: string } | undefined;
  /** `codex exec` has another credential, so that a dead token stops interactive sessions alone. */
  readonly isInteractiveOnly: boolean;
  readonly token: TokenFacts;
  /** The agent can renew this kind of token by itself, given a refresh token. */
  readonly isRenewable: boolean;
  readonly hasRefreshToken: boolean;
  readonly lastRefreshMs: number | undefined;
  readonly isInKeyring: boolean;
}

export default defineCheck({
  id: 'auth.token',
  section: 'Configuration',
  category: 'auth',
  title: 'The access token is valid or can be renewed',
  needs: ['auth.credentials'],
  budgetMs: 2_000,
  probe({ target, clock }): Evidence {
    const { file, path, ...used } = target.credentials();
    const isInteractiveOnly =
      used.effective.kind === 'environment' && used.interactive.kind !== 'environment';
    const effective = isInteractiveOnly ? used.interactive : used.effective;
    const { profile } = target.home;
    const stored = effective.kind === 'stored' && file.kind === 'stored' ? file.credential : undefined;
    const variable =
      effective.kind === 'environment' && effective.name === 'CODEX_ACCESS_TOKEN'
        ? effective.name
        : undefined;
    const hasToken = stored?.mode.startsWith('chatgpt') || stored?.mode === 'agent_identity';
    return {
      agent: profile.name,
      loginCommand: loginCommandOf(target.home),
      nowMs: clock.now(),
      source: hasToken
        ? { kind: 'file', name: path }
        : variable
          ? { kind: 'variable', name: variable }
          : undefined,
      isInteractiveOnly,
      token: variable
        ? readToken(target.environment().values[variable])
        : (stored?.accessToken ?? { kind: 'absent' }),
      isRenewable: stored?.mode === 'chatgpt',
      hasRefreshToken: stored?.hasRefreshToken ?? false,
      lastRefreshMs: hasToken ? stored?.lastRefreshMs : undefined,
      isInKeyring: effective.kind === 'keyring',
    };
  },
  judge(seen): Verdict {
    const { source, token, nowMs, lastRefreshMs, isRenewable } = seen;
    if (seen.isInKeyring)
      return idle({ summary: 'the token is in the keyring of the operating system, which is not opened' });
    if (source === undefined) return idle({ summary: 'no token with an expiry is in use' });
    const readable = token.kind === 'readable' ? token : undefined;
    const expiresAtMs = readable?.expiresAtMs;
    const details = {
      'token source': source.name,
      'token used by': seen.isInteractiveOnly ? 'interactive sessions only' : undefined,
      'access token': token.kind === 'readable' ? 'readable' : 'opaque: its expiry cannot be read',
      'access token expires': isoTime(expiresAtMs),
      'access token issued': isoTime(readable?.issuedAtMs),
      'refresh token': isRenewable ? seen.hasRefreshToken : undefined,
      'last refresh': isoTime(lastRefreshMs),
      'last refresh age days':
        lastRefreshMs === undefined ? undefined : Math.floor((nowMs - lastRefreshMs) / 86_400_000),
      plan: readable?.planType,
    };
    const skew = skewIssue(seen);
    const issues = skew ? [skew] : expiryIssues(seen, expiresAtMs);
    return conclude({
      summary:
        expiresAtMs === undefined
          ? 'the token does not tell when it expires'
          : `valid for ${describeAge(expiresAtMs - nowMs)}`,
      details,
      issues,
    });
  },
});

/** With a wrong clock nothing can be said about an expiry, so this comes first. */
function skewIssue({ token, nowMs, lastRefreshMs }: Evidence): VerdictIssue | undefined {
  const issuedAtMs = token.kind === 'readable' ? token.issuedAtMs : undefined;
  const [what, atMs, field] =
    issuedAtMs !== undefined && issuedAtMs > nowMs + CLOCK_TOLERANCE_MS
      ? ['The access token was issued', issuedAtMs, 'access token issued']
      : ['The last refresh was', lastRefreshMs, 'last refresh'];
  if (atMs === undefined || atMs <= nowMs + CLOCK_TOLERANCE_MS) return undefined;
  return warn({
    class: 'mismatch',
    failure: { phase: 'credential' },
    cause: `${what} ${describeAge(atMs - nowMs)} in the future, so the clock of this machine is probably slow`,
    measured: `this machine says ${isoTime(nowMs)}, the credential ${isoTime(atMs)}`,
    expected: 'a time in the past',
    remedy: 'Set the clock of this machine, or let it be synchronised; expiry cannot be judged until then.',
    fields: [field],
  });
}

function expiryIssues(seen: Evidence, expiresAtMs: number | undefined): VerdictIssue[] {
  const { agent, loginCommand, nowMs, lastRefreshMs, isRenewable, hasRefreshToken, source } = seen;
  const renewsItself = isRenewable && hasRefreshToken;
  const unrenewedMs = nowMs - (lastRefreshMs ?? expiresAtMs ?? nowMs);
  if (expiresAtMs === undefined) {
    if (!renewsItself || unrenewedMs <= REFRESH_INTERVAL_MS) return [];
    return [
      warn({
        class: 'stale',
        failure: { phase: 'credential' },
        cause: `The login was last renewed ${describeAge(unrenewedMs)} ago`,
        measured: describeAge(unrenewedMs),
        expected: `less than ${describeAge(REFRESH_INTERVAL_MS)}, when the expiry cannot be read`,
        remedy: `${agent} renews it at its next start; if it then asks to sign in, run ${loginCommand}.`,
        fields: ['last refresh'],
      }),
    ];
  }
  const leftMs = expiresAtMs - nowMs;
  if (leftMs > RENEWAL_MARGIN_MS || (leftMs > 0 && renewsItself)) return [];
  const when = leftMs > 0 ? `expires in ${describeAge(leftMs)}` : `expired ${describeAge(-leftMs)} ago`;
  const common = {
    class: 'expired',
    measured: `${when}, at ${isoTime(expiresAtMs)}`,
    expected: 'a time in the future',
    fields: ['access token expires'],
  } as const;
  if (!renewsItself) {
    return [
      (leftMs > 0 || seen.isInteractiveOnly ? warn : fail)({
        ...common,
        cause: `The access token ${when}, and nothing here can renew it`,
        remedy:
          source?.kind === 'variable'
            ? `Put a fresh token into ${source.name}.`
            : `Run ${loginCommand}, or let the program that supplies this token write a fresh one.`,
      }),
    ];
  }
  if (unrenewedMs <= ABANDONED_MS)
    return [
      warn({
        ...common,
        cause: `The access token ${when}; it can still be renewed`,
        remedy: `${agent} renews it at its next request; if it then asks to sign in, run ${loginCommand}.`,
      }),
    ];
  return [
    warn({
      ...common,
      cause: `The access token ${when}, and the login was last renewed ${describeAge(unrenewedMs)} ago`,
      remedy: `Run ${loginCommand}: after so long the refresh token has probably lapsed too.`,
      command: loginCommand,
    }),
  ];
}
