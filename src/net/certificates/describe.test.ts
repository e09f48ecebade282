import { expect, test } from 'vitest';
import { describeTrust } from './describe.ts';
import type { Trust, TrustSource } from './trust.ts';

const VARIABLES = ['CODEX_CA_CERTIFICATE', 'SSL_CERT_FILE'];

function usable(source: TrustSource): Trust {
  return {
    kind: 'usable',
    source,
    secureContext: () => {
      throw new Error('a description dials nobody');
    },
  };
}

const custom = {
  kind: 'custom',
  variable: 'SSL_CERT_FILE',
  path: '/ca.pem',
  certificateCount: 2,
  normalizedLabels: false,
  ignoredCrls: 0,
} as const;
const place = { source_env: 'SSL_CERT_FILE', ca_path: '/ca.pem' };

test.each<[string, Trust, readonly object[]]>([
  [
    'system roots',
    usable({ kind: 'system' }),
    [{ codex_ca_certificate_configured: false, ssl_cert_file_configured: false }],
  ],
  ['a bundle', usable(custom), [{ ...place, certificate_count: 2 }]],
  [
    'a bundle that was read leniently',
    usable({ ...custom, normalizedLabels: true, ignoredCrls: 1 }),
    [place, place, { ...place, certificate_count: 2 }],
  ],
  [
    'a broken one',
    {
      kind: 'unusable',
      error: {
        kind: 'rejected',
        variable: 'SSL_CERT_FILE',
        path: '/ca.pem',
        certificateIndex: 2,
        message: 'why',
        remedy: 'what to do',
      },
    },
    [{ ...place, certificate_index: 2, error: 'why' }],
  ],
])('%s', (_name, trust, fields) => {
  expect(describeTrust(trust, VARIABLES).map((record) => record.fields)).toEqual(fields);
});
