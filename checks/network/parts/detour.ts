import type { ProxyDecision, ProxyFacts } from '../../../src/net/proxy/decision.ts';
import type { FailedAttempt } from './failed-attempt.ts';

/** A part that proxy variables have in where HTTP requests go, and that may be why they fail. */
export type Detour =
  /** Straight on, although this variable names a proxy; `network.env` says why it does not count. */
  | { readonly kind: 'past_proxy'; readonly variable: string }
  /** Straight on, because of an entry of NO_PROXY, counted from 1. */
  | {
      readonly kind: 'exception';
      readonly variable: string;
      readonly entry: number;
      readonly isSplit: boolean;
    }
  /** Through a proxy, in a form or to a place of which `network.env` has something to say. */
  | { readonly kind: 'odd_proxy'; readonly variable: string; readonly problem: OddProxy };

type OddProxy = 'loopback' | 'https_scheme' | 'bad_credentials';

interface Addresses {
  readonly http: URL;
  /** Undefined where the provider has no WebSocket. */
  readonly websocket: URL | undefined;
  /** Both lead to this machine. */
  readonly isLoopback: boolean;
}

export function detourOf(
  { settings, decide }: Pick<ProxyFacts, 'settings' | 'decide'>,
  { http, websocket, isLoopback }: Addresses,
): Detour | undefined {
  const decision = decide(http);
  const beside = websocket && decide(websocket);
  switch (decision.kind) {
    case 'refused':
      return undefined;
    case 'bypassed': {
      const { variable, entry } = decision;
      return { kind: 'exception', variable, entry, isSplit: isProxied(beside) };
    }
    case 'proxied': {
      const { variable } = decision;
      const used = settings.find(({ effective }) => effective?.name === variable)?.effective;
      if (isLoopback) return { kind: 'odd_proxy', variable, problem: 'loopback' };
      if (used?.state === 'bad_credentials')
        return { kind: 'odd_proxy', variable, problem: 'bad_credentials' };
      return used?.scheme === 'https' && used.problem !== undefined
        ? { kind: 'odd_proxy', variable, problem: 'https_scheme' }
        : undefined;
    }
    case 'direct': {
      // The WebSocket client stops at what the HTTP client passes over, and falls back to more variables.
      if (isProxied(beside)) return { kind: 'past_proxy', variable: beside.variable };
      const other = http.protocol === 'https:' ? 'HTTP_PROXY' : 'HTTPS_PROXY';
      const passedOver = settings.find(
        ({ name, effective, hidden, differs }) =>
          name !== other &&
          (effective?.state === 'empty' ? differs && hidden !== undefined : effective?.problem !== undefined),
      )?.effective;
      return passedOver && { kind: 'past_proxy', variable: passedOver.name };
    }
  }
}

const isProxied = (
  decision: ProxyDecision | undefined,
): decision is Extract<ProxyDecision, { readonly kind: 'proxied' | 'refused' }> =>
  decision?.kind === 'proxied' || decision?.kind === 'refused';

/** The failure is one that this detour leads to, and `network.env` reports it. */
export function isFaultOfDetour({ failure, hop }: FailedAttempt, detour: Detour): boolean {
  if (detour.kind !== 'odd_proxy')
    return isNoWayOut(failure) && (detour.kind === 'past_proxy' || detour.isSplit);
  switch (detour.problem) {
    case 'loopback':
      return hop === 'proxy' || failure.phase === 'proxy';
    case 'https_scheme':
      return hop === 'proxy' && failure.phase === 'tls';
    case 'bad_credentials':
      return failure.class === 'proxy_auth' || (hop === 'proxy' && isNoWayOut(failure));
  }
}

/** Where only a proxy leads out, names are not known or packets go nowhere. */
const isNoWayOut = ({ phase }: FailedAttempt['failure']): boolean =>
  phase === 'resolve' || phase === 'connect';

/** What to do first; the remedy of the failure itself comes behind. */
export function withDetour(remedy: string, attempt: FailedAttempt, detour: Detour): string {
  if (isFaultOfDetour(attempt, detour))
    return detour.kind === 'past_proxy'
      ? `The requests go past the proxy that ${detour.variable} names: mend that first, as network.env says.`
      : `Mend what network.env says of ${detour.variable} first. Or else: ${remedy}`;
  return detour.kind === 'exception' && isNoWayOut(attempt.failure)
    ? `Entry ${detour.entry} of ${detour.variable} takes this host past the proxy: remove it where only the proxy leads out. Or else: ${remedy}`
    : remedy;
}
