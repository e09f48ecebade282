import type { CertificateFacts, TlsTrace } from '../../../src/net/dial/trace.ts';
import { behindProxy, nameOf, placeOfHop } from './failed-attempt.ts';
import type { FailedAttempt, SpokenWords } from './failed-attempt.ts';
import type { Situation } from './situation.ts';

/** The handshake in question: a proxy may have one of its own. */
const handshakeOf = ({ hop, trace }: FailedAttempt): TlsTrace | undefined =>
  hop === 'proxy' ? trace.proxy?.tls : trace.tls;

const certificateOf = (attempt: FailedAttempt): CertificateFacts | undefined =>
  handshakeOf(attempt)?.certificate;

const serverOf = (attempt: FailedAttempt, situation: Situation): string =>
  `${nameOf(attempt, situation)}${behindProxy(attempt)}`;

/** The verdict of the trust store with what the certificate says of itself. */
function measured(attempt: FailedAttempt): string {
  const { failure } = attempt;
  const certificate = certificateOf(attempt);
  const code = failure.code ?? failure.class;
  if (!certificate) return code;
  const { subject, issuer, validFrom, validTo } = certificate;
  return failure.class === 'tls_expired'
    ? `${code}: valid from ${validFrom} to ${validTo}`
    : `${code}: certificate of ${subject}, issued by ${issuer}`;
}

export function untrustedWords(attempt: FailedAttempt, situation: Situation): SpokenWords {
  const { caVariables, customCaVariable } = situation;
  const [variable = 'the CA variable'] = caVariables;
  const certificate = certificateOf(attempt);
  const isSelfSigned = attempt.failure.code === 'DEPTH_ZERO_SELF_SIGNED_CERT';
  const missing = isSelfSigned
    ? 'this certificate'
    : `its CA certificate${certificate ? ` (${certificate.issuer})` : ''}`;
  const where =
    customCaVariable === undefined
      ? `as PEM and set ${variable} to that file`
      : `into the file that ${customCaVariable} names, beside what it holds`;
  return {
    cause: `The certificate of ${serverOf(attempt, situation)} ${
      isSelfSigned ? 'is signed by itself and' : 'comes from an issuer that is'
    } not trusted here`,
    measured: measured(attempt),
    expected: 'a chain that ends at a certificate of the system or of the custom CA bundle',
    remedy: `If a proxy or a virus scanner inspects this connection, or the server is your own, save ${missing} ${where}${
      isSelfSigned ? '' : '; a server of your own must also send its intermediates'
    }. If nobody should stand between, do not connect from this network.`,
  };
}

export function expiredWords(attempt: FailedAttempt, situation: Situation): SpokenWords {
  const server = serverOf(attempt, situation);
  const common = { measured: measured(attempt), expected: 'a certificate that is valid now' };
  return attempt.failure.code === 'CERT_NOT_YET_VALID'
    ? {
        ...common,
        cause: `The certificate of ${server} is not valid yet by the clock of this machine`,
        remedy:
          'Set the clock of this machine first: it is probably slow. If it is right, whoever runs that server must install a valid certificate.',
      }
    : {
        ...common,
        cause: `The certificate of ${server} has expired by the clock of this machine`,
        remedy:
          'Compare the clock of this machine first. If it is right, whoever runs that server must renew its certificate.',
      };
}

/** More would not help to recognise the machine. */
const NAMES_SHOWN = 3;

export function hostnameWords(attempt: FailedAttempt, situation: Situation): SpokenWords {
  const names = certificateOf(attempt)
    ?.altNames.slice(0, NAMES_SHOWN)
    .map((name) => name.replace(/^(?:DNS|IP Address):/, ''))
    .join(', ');
  return {
    cause: `The certificate of ${serverOf(attempt, situation)} was made for ${
      names ? `other names (${names})` : 'no host name at all'
    }`,
    measured: measured(attempt),
    expected: `a certificate that names ${attempt.hop === 'proxy' ? 'the proxy' : situation.host}`,
    remedy:
      attempt.hop === 'endpoint' && situation.addressSource === undefined
        ? 'Another machine answers for the provider: a sign-in page of this network, an inspecting proxy or a wrong entry in the hosts file.'
        : `Write the host in ${placeOfHop(attempt, situation)} as the certificate has it, or have a certificate made with this name among its alternative names.`,
  };
}

/** Certificates that the agent's TLS refuses, and others take. */
function strictWords(attempt: FailedAttempt, situation: Situation): SpokenWords | undefined {
  const server = serverOf(attempt, situation);
  switch (attempt.failure.code ?? '') {
    case 'CA_USED_AS_END_ENTITY':
      return {
        cause: `The certificate of ${server} is that of an authority (CA:TRUE), which ${situation.agent} takes from no server`,
        measured: measured(attempt),
        expected: 'a certificate of a server (CA:FALSE)',
        remedy:
          'Give the server a certificate with CA:FALSE that this authority has issued; openssl req -x509 makes one with CA:TRUE by default.',
      };
    case 'EE_KEY_TOO_SMALL':
      return {
        cause: `The key of the certificate of ${server} is too short for ${situation.agent}`,
        measured: measured(attempt),
        expected: 'an RSA key of 2048 bits or more, or an elliptic one',
        remedy: 'Have a certificate made for a key of 2048 bits or more.',
      };
    default:
      return undefined;
  }
}

export function handshakeWords(attempt: FailedAttempt, situation: Situation): SpokenWords {
  const strict = strictWords(attempt, situation);
  if (strict) return strict;
  return {
    cause: `The TLS handshake with ${serverOf(attempt, situation)} fails`,
    measured: measured(attempt),
    expected: 'TLS 1.2 or 1.3',
    remedy: handshakeRemedy(attempt, situation),
  };
}

function handshakeRemedy(attempt: FailedAttempt, situation: Situation): string {
  const code = attempt.failure.code ?? '';
  const isOwnAddress = attempt.hop === 'endpoint' && situation.addressSource === undefined;
  if (/WRONG_VERSION_NUMBER|PACKET_LENGTH|HTTP_REQUEST/.test(code))
    return isOwnAddress
      ? `Something on the way answers without TLS in place of ${situation.host}, such as a filter or the sign-in page of this network: open any page in a browser, or have ${situation.host} allowed.`
      : `Check scheme and port of ${placeOfHop(attempt, situation)}: what answers there does not speak TLS, so it may be meant as http://.`;
  if (/CERTIFICATE_REQUIRED|BAD_CERTIFICATE|HANDSHAKE_FAILURE/.test(code))
    return `The server turns this client away, as one does that demands a certificate of its clients; ${situation.agent} has none to show. Use an address without that demand.`;
  if (/PROTOCOL/.test(code))
    return `Let whoever runs ${nameOf(attempt, situation)} switch on TLS 1.2 or 1.3: it offers only older versions.`;
  return `Give the code above to whoever runs ${nameOf(attempt, situation)}: the two sides agree on no version or cipher.`;
}
