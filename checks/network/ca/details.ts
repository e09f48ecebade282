import { formatCount } from '../../../src/host/units.ts';
import type { DetailValue } from '../../../src/doctor/report.ts';
import { isExpired, isNotYetValid } from './bundle-issues.ts';
import { encountersOf } from './endpoint-issues.ts';
import type { Encounter } from './endpoint-issues.ts';
import type { BundleCertificate, BundleEvidence, CaEvidence } from './evidence.ts';

const DAY_MS = 86_400_000;
const SOON_MS = 30 * DAY_MS;
/** A bundle of a distribution has more than a hundred. */
const SUBJECTS_SHOWN = 5;

export function detailsOf(seen: CaEvidence): Record<string, DetailValue | undefined> {
  const { bundle, foreign, overruled, agent } = seen;
  return {
    'custom CA in effect': bundle?.variable ?? 'none',
    ...(bundle && {
      [bundle.variable]: `${bundle.path} (${bundle.origin})`,
      ...contentDetails(bundle, seen.nowMs),
    }),
    overruled: overruled.length > 0 ? overruled : undefined,
    'system roots': describeRoots(seen),
    [`not read by ${agent}`]: foreign.length > 0 ? foreign.map(({ name }) => name) : undefined,
    ...Object.fromEntries(
      (seen.seen ? encountersOf(seen.seen) : []).map((encounter) => [
        `${encounter.client} certificate`,
        describeEncounter(encounter),
      ]),
    ),
  };
}

function contentDetails({ content }: BundleEvidence, nowMs: number): Record<string, DetailValue | undefined> {
  if (content.kind === 'unusable') return {};
  const { certificates } = content;
  const among = (test: (certificate: BundleCertificate) => boolean): string[] | undefined =>
    shown(certificates.filter(test).map(nameOf));
  const distinct = new Set(certificates.map(({ fingerprint256 }) => fingerprint256)).size;
  return {
    certificates: certificates.length,
    subjects: shown(certificates.map(nameOf)),
    expired: among((one) => isExpired(one, nowMs)),
    'not yet valid': among((one) => isNotYetValid(one, nowMs)),
    'expires within 30 days': among((one) => !isExpired(one, nowMs) && isExpired(one, nowMs + SOON_MS)),
    'no authority': among(({ isCa }) => !isCa),
    duplicates: certificates.length > distinct ? certificates.length - distinct : undefined,
    'TRUSTED labels': content.normalizedLabels ? 'read as CERTIFICATE' : undefined,
    'ignored revocation lists': content.ignoredCrls > 0 ? content.ignoredCrls : undefined,
  };
}

const nameOf = ({ subject, fingerprint256 }: BundleCertificate): string => subject || fingerprint256;

function shown(names: readonly string[]): string[] | undefined {
  if (names.length === 0) return undefined;
  const rest = names.length - SUBJECTS_SHOWN;
  return rest > 0 ? [...names.slice(0, SUBJECTS_SHOWN), `and ${rest} more`] : [...names];
}

function describeRoots({ roots, bundle }: CaEvidence): string {
  if (roots.kind === 'store') return 'of the operating system';
  if (roots.kind === 'files') return roots.places.join(', ') || 'none';
  const others = roots.variables.filter((name) => name !== bundle?.variable);
  return others.length === 0
    ? `replaced by ${roots.variables.join(', ')}`
    : `replaced by ${roots.variables.join(', ')}: ${formatCount(roots.count ?? 0, 'certificate')}`;
}

function describeEncounter({ certificate, code, proxy, hop }: Encounter): string {
  const verdict = code === undefined ? 'trusted' : `refused (${code})`;
  const whose = hop === 'proxy' ? ', of the proxy' : proxy === undefined ? '' : ', through a proxy';
  return `${verdict}${whose}, issued by ${certificate?.issuer || 'nobody named'}`;
}
