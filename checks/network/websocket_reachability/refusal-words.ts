import type { NetworkFailure, NetworkFailureClass } from '../../../src/net/failure.ts';
import type { HttpAnswer } from '../../../src/net/outcome.ts';
import { measureAnswer, replacementOf, waitOf } from '../parts/answer-words.ts';
import type { Words } from '../parts/failed-attempt.ts';
import { placeOfAddress } from '../parts/situation.ts';
import type { WebSocketEvidence } from './evidence.ts';
import { listAccepts } from './over-http.ts';
import { blocker, doWithout, EXPECTED, fallsBack, letThrough } from './words.ts';

/** What an answer other than 101 means, for this class and this case alone. */
export function refusalWords(answer: HttpAnswer, failure: NetworkFailure, seen: WebSocketEvidence): Words {
  const say = SAYINGS[failure.class] ?? sayRejection;
  return { ...say({ answer, failure, seen }), measured: measureAnswer(answer), expected: EXPECTED };
}

/**
 * What was forbidden says nothing about the credential, which HTTP takes: somebody between forbids WebSockets. The agent asks a
 * few times more and then works over HTTP (codex 0.169 behind a proxy that blocks upgrades).
 */
export function isForbiddenOnTheWay(
  { body, authError, authErrorCode }: HttpAnswer,
  seen: WebSocketEvidence,
): boolean {
  const isAboutCredential =
    body.kind === 'json_error' || authError !== undefined || authErrorCode !== undefined;
  return !isAboutCredential && listAccepts(seen);
}

export const forbiddenOnTheWayWords = (answer: HttpAnswer, seen: WebSocketEvidence): Words => ({
  cause: `WebSockets are forbidden on the way to ${seen.situation.host} (HTTP ${answer.status}), and HTTP with the same credential works`,
  measured: measureAnswer(answer),
  expected: EXPECTED,
  remedy: letThrough(seen),
});

interface Refusal {
  readonly answer: HttpAnswer;
  readonly failure: NetworkFailure;
  readonly seen: WebSocketEvidence;
}

type Say = (refusal: Refusal) => Pick<Words, 'cause' | 'remedy'>;

const SAYINGS: Partial<Record<NetworkFailureClass, Say>> = {
  http_unauthorized: ({ answer: { status }, seen }) => {
    const { host } = seen.situation;
    if (seen.credential.kind === 'unattached')
      return {
        cause: `${host} turns requests without a credential away (HTTP ${status})`,
        remedy: 'See auth.live for how this provider gets its credential.',
      };
    return {
      cause: `${host} does not accept the credential for a WebSocket (HTTP ${status})`,
      remedy: listAccepts(seen)
        ? `The model list does not object to the credential, or is open to all: give it the right to this route, or ${replacementOf(seen)}.`
        : `See auth.live for what is wrong with the credential; to replace it, ${replacementOf(seen)}.`,
    };
  },
  http_forbidden: ({ answer: { status }, seen }) => ({
    cause: `${seen.situation.host} forbids this account or key a WebSocket (HTTP ${status})`,
    remedy: `Use the account, workspace or key that has been given access${
      listAccepts(seen)
        ? ' to this route: the model list does not object to this one'
        : '; auth.live says what the provider objects to'
    }.`,
  }),
  http_not_found: ({ answer: { status }, seen }) => {
    const { host, addressSource } = seen.situation;
    return {
      cause: `${host} knows no WebSocket at this address (HTTP ${status})`,
      remedy:
        addressSource === undefined
          ? letThrough(seen)
          : `Check the prefix in ${addressSource}: it must end just before /responses. Where it is right, the server has no WebSocket. ${fallsBack(seen)}${doWithout(seen)}`,
    };
  },
  http_rate_limited: ({ answer, seen }) => ({
    cause: `${seen.situation.host} takes no more WebSockets of this account for now (HTTP ${answer.status})`,
    remedy: `Try again ${waitOf(answer)}; other programs with the same credential count too.`,
  }),
  http_server_error: ({ answer, seen }) => {
    const { host, isLoopback } = seen.situation;
    const place = isLoopback
      ? `Look into the log of the server at ${host}`
      : "Look at the provider's status page";
    return {
      cause: `${isLoopback ? 'The server is ill, not its client' : 'The provider is ill, not this machine'}: ${host} answers the upgrade with HTTP ${answer.status}`,
      remedy: `${place}, and try again ${waitOf(answer)}. ${fallsBack(seen)}`,
    };
  },
  proxy_auth: ({ answer: { status }, seen }) => ({
    cause: `The answer to the upgrade asks for the login of a proxy (HTTP ${status})`,
    remedy: `Put user name and password into the proxy variable if WebSockets go through one; otherwise ${placeOfAddress(seen.situation)} names a proxy in place of a provider.`,
  }),
  intercepted: ({ answer, failure, seen }) => {
    const { host } = seen.situation;
    return {
      cause: `A page answers the upgrade in place of ${host}: ${failure.message}`,
      remedy:
        answer.status === 403 || answer.cfRay !== undefined
          ? `The edge before the provider or a filter of this network turns the upgrade away: try without VPN or from another network, and have ${host} allowed. Logging in again does not help.`
          : `Open any page in a browser and sign in to this network, or have ${host} allowed in its filter.`,
    };
  },
};

/** Statuses that stand for no fault of their own, such as 200, 301, 400 and 426. */
function sayRejection({ answer, seen }: Refusal): ReturnType<Say> {
  const { agent, host } = seen.situation;
  const { status, redirect } = answer;
  if (status === 426)
    return {
      cause: `The server asks for HTTP instead (HTTP 426); ${agent} falls back by itself`,
      remedy: `Nothing needs mending where ${host} takes no WebSockets on purpose; otherwise ask whoever runs it.${doWithout(seen)}`,
    };
  if (redirect)
    return {
      cause: `${host} sends the upgrade on to ${redirect.isSameOrigin ? 'another path' : redirect.origin} (HTTP ${status}), and a WebSocket does not follow`,
      remedy: redirect.isSameSite
        ? `Write the address at which the API really stands into ${placeOfAddress(seen.situation)}. ${fallsBack(seen)}`
        : `Open any page in a browser and sign in to this network; or write the address at which the API really stands into ${placeOfAddress(seen.situation)}.`,
    };
  if (status < 300)
    return {
      cause: `The upgrade is answered as an ordinary request (HTTP ${status}): ${blocker(seen)} takes no notice of its Upgrade header`,
      remedy: letThrough(seen),
    };
  return { cause: `${host} declines the upgrade (HTTP ${status})`, remedy: letThrough(seen) };
}
