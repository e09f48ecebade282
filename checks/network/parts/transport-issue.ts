import { fail } from '../../../src/doctor/check.ts';
import type { VerdictIssue } from '../../../src/doctor/check.ts';
import type { NetworkFailureClass } from '../../../src/net/failure.ts';
import { behindProxy, nameOf, placeOfHop, proxyVariable, subjectOf } from './failed-attempt.ts';
import type { SpokenWords, FailedAttempt, Words } from './failed-attempt.ts';
import { proxyLoginWords, proxyRefusalWords } from './proxy-words.ts';
import { placeOfAddress } from './situation.ts';
import type { Situation } from './situation.ts';
import { expiredWords, handshakeWords, hostnameWords, untrustedWords } from './tls-words.ts';

type Severity = typeof fail;

/** Names the hop, what happened there, and what to do about that and nothing else. */
export function transportIssue(
  attempt: FailedAttempt,
  situation: Situation,
  severity: Severity = fail,
): VerdictIssue {
  const { class: failureClass, ...failure } = attempt.failure;
  return severity({
    ...wordsOf(attempt, situation),
    class: failureClass,
    failure,
    fields: fieldsOf(attempt),
  });
}

type Say = (attempt: FailedAttempt, situation: Situation) => SpokenWords;

function wordsOf(attempt: FailedAttempt, situation: Situation): Words {
  const say = SAYINGS[attempt.failure.class] ?? otherWords;
  return { measured: measure(attempt), expected: 'an answer of the provider', ...say(attempt, situation) };
}

function measure({ failure, durationMs }: FailedAttempt): string {
  const what =
    failure.code ?? (failure.httpStatus === undefined ? failure.class : `HTTP ${failure.httpStatus}`);
  return `${what} in phase ${failure.phase} after ${Math.round(durationMs)} ms`;
}

function dnsWords(attempt: FailedAttempt, situation: Situation): SpokenWords {
  const isSilent = attempt.failure.code === 'EAI_AGAIN';
  const cause = isSilent
    ? `The name server gave no answer about ${nameOf(attempt, situation)}`
    : `No address is known for ${nameOf(attempt, situation)}`;
  if (isSilent)
    return { cause, remedy: 'Check that this machine is online and that its name server answers.' };
  if (attempt.hop === 'proxy')
    return {
      cause,
      remedy: `Correct the host in ${proxyVariable(attempt)}, or join the network (VPN) that knows this name.`,
    };
  return {
    cause,
    remedy:
      situation.addressSource === undefined
        ? 'Check the name server of this network. Where only a proxy may look up outside names, set HTTPS_PROXY.'
        : `Check the spelling of the host in ${situation.addressSource}; a name of a private network needs its VPN.`,
  };
}

function connectWords(attempt: FailedAttempt, situation: Situation): SpokenWords {
  const { failure, hop } = attempt;
  const name = nameOf(attempt, situation);
  if (failure.class === 'unreachable')
    return {
      cause: `There is no route to ${name}`,
      remedy: `Check that this machine is online and, for ${
        hop === 'proxy' ? 'a proxy of a company' : 'a private address'
      }, that its VPN is up.`,
    };
  const cause = `Connections to ${name} are refused`;
  if (hop === 'proxy')
    return {
      cause,
      remedy: `Start that proxy, or correct or unset ${proxyVariable(attempt)}: nothing listens at its address.`,
    };
  if (situation.isLoopback)
    return {
      cause,
      remedy: situation.startCommand
        ? `Start the model server: ${situation.startCommand}.`
        : `Start the server that ${placeOfAddress(situation)} names, or correct its port: nothing listens there.`,
    };
  return {
    cause,
    remedy:
      situation.addressSource === undefined
        ? 'Ask whoever runs this network to allow it; where a proxy is prescribed, set HTTPS_PROXY.'
        : `Check that the server runs, and the port in ${situation.addressSource}: nothing listens there.`,
  };
}

function silenceWords(attempt: FailedAttempt, situation: Situation): SpokenWords {
  const { phase } = attempt.failure;
  const subject = subjectOf(attempt, situation);
  if (phase === 'resolve')
    return {
      cause: `The name server gave no answer about ${nameOf(attempt, situation)}`,
      remedy: 'Check that this machine is online and that its name server answers.',
    };
  if (phase === 'connect')
    return {
      cause: `${subject} does not answer connection attempts`,
      remedy:
        attempt.hop === 'proxy'
          ? `Check host and port in ${proxyVariable(attempt)}, and that you are in the network of that proxy.`
          : 'A firewall that drops packets looks so: have this host and port allowed, or set HTTPS_PROXY where a proxy is prescribed.',
    };
  if (phase === 'proxy')
    return {
      cause: `The proxy of ${proxyVariable(attempt)} took the connection and does not open the way to ${situation.host}`,
      remedy: `Check that the port in ${proxyVariable(attempt)} is that of a proxy, and that the proxy itself is online.`,
    };
  if (phase === 'tls')
    return {
      cause: `${subject} took the connection and does not answer the TLS handshake`,
      remedy: `Check that ${placeOfHop(attempt, situation)} names a port that speaks TLS; a filter that looks into handshakes swallows them so, too.`,
    };
  return {
    cause: `${subject} took the request and ${phase === 'protocol' ? 'stops in the middle of the answer' : 'does not answer'}`,
    remedy: situation.isLoopback
      ? 'Look into the log of that server: it may be stuck or still loading its model.'
      : 'Try again later: the connection stands, and the server behind it is overloaded or stuck.',
  };
}

function breakWords(attempt: FailedAttempt, situation: Situation): SpokenWords {
  const { failure, hop } = attempt;
  const how = failure.class === 'reset' ? 'is reset' : 'is closed without a word';
  const when = {
    resolve: '',
    connect: '',
    tls: ' during the TLS handshake',
    proxy: ' while the proxy was to open the way',
    http: ' instead of an answer',
    websocket: ' instead of an answer',
    protocol: ' in the middle of the answer',
  }[failure.phase];
  const cause = `The connection to ${nameOf(attempt, situation)}${behindProxy(attempt)} ${how}${when}`;
  if (hop === 'proxy' || failure.phase === 'proxy')
    return {
      cause,
      remedy: `Check that scheme and port in ${proxyVariable(attempt)} are those of a proxy, and look into its log.`,
    };
  if (failure.phase === 'tls') return { cause, remedy: handshakeBreakRemedy(situation) };
  const isPlain = attempt.trace.tls === undefined && situation.addressSource !== undefined;
  const scheme =
    isPlain && failure.class === 'closed' && failure.phase !== 'protocol'
      ? `Check the scheme in ${situation.addressSource}: a server that speaks TLS alone hangs up so. `
      : '';
  return {
    cause,
    remedy: situation.isLoopback
      ? `${scheme}Look into the log of the server at ${situation.host}: it ends the connection.`
      : `${scheme}Something on the way, or the server itself, ends the connection: try another network to tell which.`,
  };
}

function handshakeBreakRemedy({ addressSource, host, isLoopback }: Situation): string {
  const noTls =
    addressSource === undefined
      ? ''
      : `Check the scheme in ${addressSource}: a server without TLS hangs up so. `;
  return isLoopback
    ? `${noTls}Look into the log of the server at ${host}.`
    : `${noTls}A filter that goes by host names ends handshakes so, too: ask whoever runs this network to allow ${host}.`;
}

function protocolWords(attempt: FailedAttempt, situation: Situation): SpokenWords {
  return {
    cause: `What answers at ${nameOf(attempt, situation)} does not speak HTTP`,
    remedy:
      attempt.hop === 'proxy'
        ? `Correct ${proxyVariable(attempt)}: scheme and port must be those of an HTTP or SOCKS proxy.`
        : `Check scheme and port of ${placeOfAddress(situation)}: another service listens there.`,
  };
}

const otherWords: Say = ({ failure }, { host }) => ({
  cause: failure.message,
  remedy: `Look into what stands at ${host}.`,
});

const SAYINGS: Partial<Record<NetworkFailureClass, Say>> = {
  dns: dnsWords,
  refused: connectWords,
  unreachable: connectWords,
  timeout: silenceWords,
  reset: breakWords,
  closed: breakWords,
  tls_untrusted: untrustedWords,
  tls_expired: expiredWords,
  tls_hostname: hostnameWords,
  tls_other: handshakeWords,
  proxy_auth: proxyLoginWords,
  proxy_refused: proxyRefusalWords,
  protocol: protocolWords,
};

function fieldsOf({ failure, hop }: FailedAttempt): string[] {
  if (hop === 'proxy' || failure.phase === 'proxy') return ['proxy variable'];
  if (failure.phase === 'tls') return ['TLS issuer'];
  return [failure.phase === 'resolve' ? 'DNS' : 'base URL'];
}
