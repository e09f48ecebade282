import { fail, warn } from '../../../src/doctor/check.ts';
import type { VerdictIssue } from '../../../src/doctor/check.ts';
import type { FailureClass } from '../../../src/doctor/failure.ts';
import type { BundleFault } from '../../../src/net/certificates/load.ts';
import type { BundleCertificate, BundleEvidence, CaEvidence } from './evidence.ts';

type UnusableContent = Extract<BundleEvidence['content'], { readonly kind: 'unusable' }>;

/** Files with more certificates are made by a distribution, which may keep an old one on purpose. */
const MOST_BY_HAND = 20;

/** What is wrong with the file that a custom CA variable names. */
export function bundleIssues(seen: CaEvidence): VerdictIssue[] {
  const { bundle } = seen;
  if (!bundle) return [];
  if (bundle.content.kind === 'unusable') return [unusable(bundle, bundle.content, seen)];
  const { certificates, hasPrivateKey } = bundle.content;
  return [
    ...(hasPrivateKey ? [privateKey(bundle)] : []),
    ...(certificates.some(({ isAnchor }) => isAnchor) ? [] : [noAuthority(bundle, certificates)]),
    ...outOfDate(bundle, certificates, seen),
  ];
}

function unusable(
  { variable, path, origin }: BundleEvidence,
  { fault, error }: UnusableContent,
  { usesTls, agent, variables, dotenvPath }: CaEvidence,
): VerdictIssue {
  const place = origin === 'shell' ? variable : `${variable} in ${dotenvPath}`;
  const severity = usesTls.http || usesTls.websocket ? fail : warn;
  return severity({
    class: classOf(fault),
    cause: error.message,
    measured: `${path}: ${fault.kind.replaceAll('_', ' ')}`,
    expected: 'a PEM file with one or more CERTIFICATE blocks, every section well-formed',
    remedy:
      fault.kind === 'denied'
        ? `Make ${path} readable for the account that runs ${agent}, or unset ${place}.`
        : `Point ${place} at a PEM file with the certificates of your CA, or unset it; without ${variables.join(
            ' and ',
          )} ${agent} trusts the system's.`,
    fields: [variable],
  });
}

function classOf(fault: BundleFault): FailureClass {
  switch (fault.kind) {
    case 'missing':
    case 'dangling':
      return 'missing';
    case 'loop':
    case 'wrong_type':
      return 'wrong_type';
    case 'denied':
      return 'permissions';
    case 'failed':
      return 'unreadable';
    case 'too_large':
    case 'empty':
    case 'pasted':
    case 'no_certificate':
    case 'malformed':
    case 'rejected':
      return 'malformed';
  }
}

const privateKey = ({ variable, path }: BundleEvidence): VerdictIssue =>
  warn({
    class: 'permissions',
    cause: `${variable} names a file that also holds a private key`,
    measured: `${path}: certificates and a private key`,
    expected: 'certificates alone',
    remedy: `Keep the private key in a file of its own, and only the certificates in ${path}.`,
    fields: [variable],
  });

function noAuthority(
  { variable, path }: BundleEvidence,
  certificates: readonly BundleCertificate[],
): VerdictIssue {
  const issuer = certificates[0]?.issuer ?? 'its issuer';
  return warn({
    class: 'mismatch',
    failure: { phase: 'file' },
    cause: `${variable} names a certificate of a server, not of the authority that issued it`,
    measured: `${path}: ${certificates.map(({ subject }) => subject || 'no subject').join('; ')}`,
    expected: 'certificates of authorities (CA:TRUE)',
    remedy: `Put the certificate of ${issuer} into ${path}: a server's own one vouches for nobody.`,
    fields: [variable, 'subjects'],
  });
}

export const isExpired = ({ validTo }: BundleCertificate, nowMs: number): boolean =>
  Date.parse(validTo) < nowMs;
export const isNotYetValid = ({ validFrom }: BundleCertificate, nowMs: number): boolean =>
  Date.parse(validFrom) > nowMs;

function outOfDate(
  { variable, path }: BundleEvidence,
  certificates: readonly BundleCertificate[],
  { nowMs }: CaEvidence,
): VerdictIssue[] {
  const wrong = certificates.filter((one) => isExpired(one, nowMs) || isNotYetValid(one, nowMs));
  const [first] = wrong;
  if (!first || (certificates.length > MOST_BY_HAND && wrong.length < certificates.length)) return [];
  const isEarly = isNotYetValid(first, nowMs);
  return [
    warn({
      class: 'tls_expired',
      failure: { phase: 'file' },
      cause: `${variable} names a certificate that ${isEarly ? 'is not valid yet' : 'has expired'}: ${first.subject}`,
      measured: `valid from ${first.validFrom} to ${first.validTo}`,
      expected: 'certificates that are valid now',
      remedy: isEarly
        ? `Set the clock of this machine if it is slow; otherwise put the certificate that is in use now into ${path}.`
        : `Ask whoever runs this CA for its new certificate and put it into ${path}.`,
      fields: [variable, isEarly ? 'not yet valid' : 'expired'],
    }),
  ];
}
