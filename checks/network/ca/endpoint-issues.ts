import { fail } from '../../../src/doctor/check.ts';
import type { VerdictIssue } from '../../../src/doctor/check.ts';
import { classify } from '../../../src/net/classify/classify.ts';
import type { CertificateFacts } from '../../../src/net/dial/trace.ts';
import type { Hop } from '../../../src/net/outcome.ts';
import type { CaEvidence, SeenEndpoints } from './evidence.ts';
import { kindOfIssuer } from './issuer.ts';

/** What one client was shown, and what became of it. */
export interface Encounter {
  readonly client: 'HTTP' | 'WebSocket';
  readonly hop: Hop;
  /** The variable of the proxy in between. */
  readonly proxy: string | undefined;
  readonly certificate: CertificateFacts | undefined;
  /** Why the certificate is refused; undefined when it is trusted, or was never shown. */
  readonly code: string | undefined;
  readonly isUntrusted: boolean;
}

/** What the clients met; one that came to no certificate is left out. */
export function encountersOf({ http, websocket }: SeenEndpoints): Encounter[] {
  return (
    [
      ['HTTP', http],
      ['WebSocket', websocket],
    ] as const
  ).flatMap(([client, observation]) => {
    if (!observation) return [];
    const { outcome, trace } = observation;
    const hop = outcome.kind === 'tls_failed' ? outcome.hop : 'endpoint';
    const handshake = hop === 'proxy' ? trace.proxy?.tls : trace.tls;
    if (!handshake?.certificate && outcome.kind !== 'tls_failed') return [];
    const meaning = classify(outcome, client === 'HTTP' ? 'http' : 'websocket', trace);
    return [
      {
        client,
        hop,
        proxy: trace.proxy?.variable,
        certificate: handshake?.certificate,
        code: outcome.kind === 'tls_failed' ? outcome.code : undefined,
        isUntrusted: meaning.kind === 'failed' && meaning.failure.class === 'tls_untrusted',
      },
    ];
  });
}

/** Certificates that the agent does not trust, and the variable and file that would change that. */
export function endpointIssues(seen: CaEvidence): VerdictIssue[] {
  if (!seen.seen) return [];
  const encounters = encountersOf(seen.seen);
  const untrusted = encounters.filter(({ isUntrusted }) => isUntrusted);
  const [first] = untrusted;
  if (!first) return [];
  const { situation } = seen.seen;
  const name = first.hop === 'proxy' ? `the proxy of ${first.proxy}` : situation.host;
  const clients = untrusted.map(({ client }) => client).join(' and ');
  const trusting = encounters.filter(({ code }) => code === undefined).map(({ client }) => client);
  const but = trusting.length > 0 ? `, while ${trusting.join(' and ')} is trusted` : '';
  const issuer = nameOfIssuer(first.certificate);
  return [
    fail({
      class: 'tls_untrusted',
      failure: { phase: 'tls', ...(first.code !== undefined && { code: first.code }) },
      cause: `${clients} to ${name} ${untrusted.length > 1 ? 'meet' : 'meets'} a certificate of ${issuer}, which is not trusted${but}${
        isInspection(first, seen) ? ': TLS inspection' : ''
      }`,
      measured: `${first.code}: subject ${first.certificate?.subject ?? 'unknown'}, issuer ${issuer}${
        first.proxy === undefined || first.hop === 'proxy' ? '' : `, through the proxy of ${first.proxy}`
      }`,
      expected: `a chain that ends at a certificate of ${
        seen.bundle ? `${seen.bundle.path} or of the system` : 'the system'
      }`,
      remedy: remedyFor(first, issuer, seen),
      fields: untrusted.map(({ client }) => `${client} certificate`),
    }),
  ];
}

const nameOfIssuer = (certificate: CertificateFacts | undefined): string =>
  certificate?.issuer || 'an unnamed issuer';

/** Somebody between decrypts: a product that says so, or a private name in place of the agent's own provider. */
function isInspection({ certificate, hop }: Encounter, { seen }: CaEvidence): boolean {
  const kind = kindOfIssuer(certificate?.issuer ?? '');
  const isOwnAddress = hop === 'endpoint' && seen?.situation.addressSource === undefined;
  return kind === 'inspector' || (kind === 'unknown' && isOwnAddress);
}

function remedyFor(encounter: Encounter, issuer: string, seen: CaEvidence): string {
  const { agent, bundle, foreign, roots, variables } = seen;
  const [variable = 'the CA variable'] = variables;
  const holder = foreign.find(({ subjects }) => subjects.includes(encounter.certificate?.issuer ?? ''));
  if (holder)
    return bundle
      ? `Add the certificate of ${issuer} to ${bundle.path}: it stands in ${holder.path}, the file of ${holder.name}, which ${agent} does not read.`
      : `Set ${variable} to ${holder.path}: that file of ${holder.name}, which ${agent} does not read, holds the certificate of ${issuer}.`;
  const isPublic = kindOfIssuer(issuer) === 'public';
  if (isPublic && roots.kind === 'replaced')
    return `Let ${variable} name the custom certificates and unset ${roots.variables.join(
      ' and ',
    )}, which takes the place of the system's: ${variable} adds to them.`;
  const place = bundle
    ? `add it to ${bundle.path}, the file of ${bundle.variable}`
    : `set ${variable} to that file`;
  return isPublic
    ? `Tell whoever runs that server that it leaves out its intermediate certificate. Until then save the certificate of ${issuer} as PEM and ${place}.`
    : `If you know who stands behind ${issuer}, get its certificate from them as PEM and ${place}. If nobody should stand between, do not connect from this network.`;
}
