import type { fail, VerdictIssue } from '../../../src/doctor/check.ts';
import type { NetworkFailure, NetworkFailureClass } from '../../../src/net/failure.ts';
import type { HttpAnswer } from '../../../src/net/outcome.ts';
import { measureAnswer, replacementOf, waitOf } from '../parts/answer-words.ts';
import { describeFlaw } from '../parts/flaw-words.ts';
import { placeOfAddress } from '../parts/situation.ts';
import type { ReachabilityEvidence } from './evidence.ts';

/** An answer that is not the one of a healthy provider. */
export interface BadAnswer {
  readonly answer: HttpAnswer;
  readonly failure: NetworkFailure;
  readonly route: 'models' | 'base';
}

/** Says what the answer means for this class alone: a wrong prefix is not mended by looking at a firewall. */
export function answerIssue(bad: BadAnswer, seen: ReachabilityEvidence, severity: typeof fail): VerdictIssue {
  const { class: failureClass, ...failure } = bad.failure;
  return severity({
    ...wordsOf(bad, seen),
    measured: measureAnswer(bad.answer),
    class: failureClass,
    failure,
    fields: [`${bad.route} status`],
  });
}

interface Words {
  readonly cause: string;
  readonly expected: string;
  readonly remedy: string;
}

type Say = (bad: BadAnswer, seen: ReachabilityEvidence) => Pick<Words, 'cause' | 'remedy'>;

const wordsOf = (bad: BadAnswer, seen: ReachabilityEvidence): Words => ({
  expected: 'HTTP 200 and a list of models as JSON',
  ...(SAYINGS[bad.failure.class] ?? otherWords)(bad, seen),
});

const subjectOf = ({ route }: BadAnswer, { situation: { host } }: ReachabilityEvidence): string =>
  route === 'models' ? `the model list of ${host}` : host;

const SAYINGS: Partial<Record<NetworkFailureClass, Say>> = {
  http_unauthorized: ({ answer }, seen) =>
    seen.credential.kind === 'unattached'
      ? {
          cause: `${seen.situation.host} is reachable and turns requests without a credential away (HTTP ${answer.status})`,
          remedy: 'See auth.live for how this provider gets its credential.',
        }
      : {
          cause: `${seen.situation.host} is reachable and does not accept the credential (HTTP ${answer.status})`,
          remedy: `See auth.live for what is wrong with the credential; to replace it, ${replacementOf(seen)}.`,
        },
  http_forbidden: ({ answer }, { situation: { host } }) => ({
    cause: `${host} is reachable and forbids this account or key to use it (HTTP ${answer.status})`,
    remedy:
      'Use the account, workspace or key that has been given access; auth.live says what the provider objects to.',
  }),
  http_not_found: ({ answer }, seen) => ({
    cause: `${seen.situation.host} knows no model list at this address (HTTP ${answer.status})`,
    remedy: prefixRemedy(seen),
  }),
  http_rate_limited: ({ answer }, { situation: { host } }) => ({
    cause: `${host} limits the requests of this account (HTTP ${answer.status})`,
    remedy: limitRemedy(answer),
  }),
  http_server_error: (bad, seen) => ({
    cause: `${illness(seen)}: ${subjectOf(bad, seen)} answers HTTP ${bad.answer.status}`,
    remedy: `${
      seen.situation.isLoopback
        ? `Look into the log of the server at ${seen.situation.host}`
        : "Look at the provider's status page"
    }, and try again ${waitOf(bad.answer)}.`,
  }),
  proxy_auth: (bad, seen) => ({
    cause: `A proxy asks for a login in place of ${subjectOf(bad, seen)} (HTTP ${bad.answer.status})`,
    remedy: `Put user name and password into the proxy variable if requests go through one; otherwise ${placeOfAddress(seen.situation)} names a proxy in place of a provider.`,
  }),
  intercepted: ({ answer, failure: { message } }, seen) => ({
    cause: `${message.charAt(0).toUpperCase()}${message.slice(1)}`,
    remedy: pageRemedy(answer, seen),
  }),
};

function otherWords(bad: BadAnswer, seen: ReachabilityEvidence): Pick<Words, 'cause' | 'remedy'> {
  const { status, redirect } = bad.answer;
  const subject = subjectOf(bad, seen).replace(/^the /, 'The ');
  return redirect
    ? {
        cause: `${subject} sends requests on to ${redirect.isSameOrigin ? 'another path' : redirect.origin} (HTTP ${status})`,
        remedy: `Write the address at which the API really stands into ${placeOfAddress(seen.situation)}.`,
      }
    : {
        cause: `${subject} answers HTTP ${status}${status < 300 ? ', and that is an error' : ''}`,
        remedy:
          OTHER_REMEDIES[status] ??
          'Compare base_url, query_params and the headers of this provider with its documentation: it understands the request and declines it.',
      };
}

function prefixRemedy({ situation, urls, flaw }: ReachabilityEvidence): string {
  const fault = describeFlaw(flaw);
  if (fault) return `Correct ${placeOfAddress(situation)}: ${fault.remedy}.`;
  return situation.addressSource === undefined
    ? `${situation.agent} goes by its own address here, so something in between answers for the provider, or the address has changed: update ${situation.agent}.`
    : `Check the prefix in ${situation.addressSource}: it must end just before /models and /responses, usually in /v1, and ${urls.base} is asked. A server without any model list answers so too, and then still works.`;
}

/** A model server here is part of this machine. */
const illness = ({ situation }: ReachabilityEvidence): string =>
  situation.isLoopback ? 'The server is ill, not its client' : 'The provider is ill, not this machine';

const OTHER_REMEDIES: Readonly<Record<number, string>> = {
  402: 'The provider wants to be paid first: look at usage and billing of this account.',
  408: 'Try again later: the server gave up waiting for the request.',
};

const QUOTA = /quota|usage_limit|usage_not_included|billing|credit/;

function limitRemedy(answer: HttpAnswer): string {
  const code = answer.body.errorCode ?? answer.body.errorType ?? '';
  return QUOTA.test(code)
    ? 'The plan or the credit is used up: look at usage and billing of this account. Waiting helps only when a new period begins.'
    : `Try again ${waitOf(answer)}; other programs with the same credential count too.`;
}

function pageRemedy(answer: HttpAnswer, { situation }: ReachabilityEvidence): string {
  const { host, addressSource } = situation;
  if (answer.redirect && addressSource !== undefined)
    return `Write the address at which the API really stands into ${addressSource}${
      situation.isLoopback ? '.' : '; or open any page in a browser, if this network wants a sign-in.'
    }`;
  if (answer.cfRay !== undefined || answer.status === 403)
    return `The edge before the provider or a filter of this network turns the request away: try without VPN or from another network, and have ${host} allowed. Logging in again does not help.`;
  if (answer.status === 200 && addressSource !== undefined)
    return `Check the prefix in ${addressSource}: a web site answers there and no API, which usually stands under /v1. If ${host} is not yours, a sign-in page of this network answers: open it in a browser.`;
  return `Open any page in a browser and sign in to this network, or have ${host} allowed in its filter.`;
}
