import type { CaError } from '../certificates/error.ts';
import type { DialTrace } from '../dial/trace.ts';
import type { NetworkFailure } from '../failure.ts';
import type { HttpOutcome, WebSocketOutcome } from '../outcome.ts';
import { classifyAnswer } from './answer.ts';
import { classOfSocketCode, classOfSocksReply, classOfTlsCode } from './codes.ts';
import { failed } from './failed.ts';
import { createNames } from './names.ts';
import type { Names } from './names.ts';
import {
  sayBroken,
  sayClosed,
  sayProxyAnswer,
  saySilent,
  saySocksReply,
  sayTls,
  sayUnconnected,
} from './say.ts';

/**
 * What an outcome means. A custom CA bundle, a proxy variable or a request of ours that cannot be used is a fault of a
 * file or a setting and not of the network, so it is told apart.
 */
export type Meaning =
  | { readonly kind: 'fine' }
  | { readonly kind: 'failed'; readonly failure: NetworkFailure }
  | { readonly kind: 'bad_trust'; readonly error: CaError }
  | { readonly kind: 'bad_proxy'; readonly variable: string; readonly problem: string }
  | { readonly kind: 'bad_request'; readonly problem: string };

/** Answers to CONNECT that ask for a login: tinyproxy says 401 to a wrong password and 407 to none. */
const LOGIN_STATUSES: readonly number[] = [401, 407];

/**
 * An answer of status 2xx is fine unless somebody else gave it or it holds an error, every other one is classified; what
 * the caller expects is for its judge to say. Every close of a fresh WebSocket is a failure, a normal one (1000) too: the agent has lost it.
 * @param as what was asked for: the same answer means something else to an upgrade
 * @param trace how the connection came about; its proxy is named in messages
 * @param url of the endpoint, for messages that stand alone: its host is named
 */
export function classify(
  outcome: HttpOutcome | WebSocketOutcome,
  as: 'http' | 'websocket',
  trace?: DialTrace,
  url?: string,
): Meaning {
  const names = createNames(trace, url);
  if (outcome.kind === 'upgraded') return { kind: 'fine' };
  if (outcome.kind === 'trust_unusable') return { kind: 'bad_trust', error: outcome.error };
  if (outcome.kind === 'proxy_unusable')
    return { kind: 'bad_proxy', variable: outcome.variable, problem: outcome.problem };
  if (outcome.kind === 'unsendable') return { kind: 'bad_request', problem: outcome.problem };
  const failure =
    outcome.kind === 'answered' ? classifyAnswer(outcome.answer, as, names) : failureOf(outcome, names);
  return failure ? { kind: 'failed', failure } : { kind: 'fine' };
}

type FailedOutcome = Exclude<
  HttpOutcome | WebSocketOutcome,
  { readonly kind: 'upgraded' | 'trust_unusable' | 'proxy_unusable' | 'unsendable' | 'answered' }
>;

function failureOf(outcome: FailedOutcome, names: Names): NetworkFailure {
  switch (outcome.kind) {
    case 'unresolved':
      return failed('dns', `the name of ${names.of(outcome.hop)} does not resolve (${outcome.code})`, {
        code: outcome.code,
      });
    case 'unconnected':
      return failed(
        classOfSocketCode(outcome.code, { otherwise: 'unreachable' }),
        sayUnconnected(outcome.code, names.of(outcome.hop)),
        { phase: 'connect', code: outcome.code },
      );
    case 'tls_failed':
      return failed(classOfTlsCode(outcome.code), sayTls(outcome.code, names.of(outcome.hop)), {
        code: outcome.code,
      });
    case 'proxy_answered':
      return failed(
        LOGIN_STATUSES.includes(outcome.status) ? 'proxy_auth' : 'proxy_refused',
        sayProxyAnswer(outcome.status, names.of('proxy')),
        { httpStatus: outcome.status },
      );
    case 'proxy_rejected':
      return failed(classOfSocksReply(outcome.reply), saySocksReply(outcome.reply, names.of('proxy')), {
        code: outcome.reply,
      });
    case 'silent':
      return failed('timeout', saySilent(outcome, names.of(outcome.hop)), { phase: outcome.phase });
    case 'broken':
      return failed(
        classOfSocketCode(outcome.code, { otherwise: 'closed' }),
        sayBroken(outcome, names.of(outcome.hop)),
        { phase: outcome.phase, code: outcome.code },
      );
    case 'not_http':
      return failed('protocol', `what ${names.of(outcome.hop)} sent is not HTTP (${outcome.code})`, {
        code: outcome.code,
      });
    case 'bad_upgrade':
      return failed('ws_bad_accept', `the answer to the WebSocket upgrade is wrong: ${outcome.problem}`, {
        httpStatus: 101,
      });
    case 'closed':
      return failed('ws_closed_early', sayClosed(outcome), {
        closeCode: outcome.closeCode,
        ...identifiersOf(outcome.upgrade),
      });
    case 'dropped':
      return failed(
        'ws_closed_early',
        `the WebSocket broke ${Math.round(outcome.afterMs)} ms after the upgrade without a close frame (${outcome.code})`,
        { code: outcome.code, ...identifiersOf(outcome.upgrade) },
      );
    case 'malformed_frame':
      return failed('protocol', `after the upgrade came what is no WebSocket frame (${outcome.code})`, {
        code: outcome.code,
        ...identifiersOf(outcome.upgrade),
      });
  }
}

/** What a provider's support asks for. */
function identifiersOf({
  requestId,
  cfRay,
}: {
  readonly requestId?: string;
  readonly cfRay?: string;
}): Pick<NetworkFailure, 'requestId' | 'cfRay'> {
  return { ...(requestId !== undefined && { requestId }), ...(cfRay !== undefined && { cfRay }) };
}
