import { expect, test } from 'vitest';
import { strictnessProblem } from './strictness.ts';
import type { PresentedCertificate, StrictnessProblem } from './strictness.ts';

const GOOD: PresentedCertificate = { isCa: false, altNames: ['DNS:localhost'] };

// Verdicts of codex 0.169: its WebSocket client, its HTTP client with a custom CA, its HTTP client without one.
test.each<
  [string, PresentedCertificate, Record<'websocket' | 'custom' | 'system', StrictnessProblem | undefined>]
>([
  ['in order', GOOD, { websocket: undefined, custom: undefined, system: undefined }],
  [
    'an authority as a server',
    { ...GOOD, isCa: true },
    { websocket: 'CA_USED_AS_END_ENTITY', custom: 'CA_USED_AS_END_ENTITY', system: undefined },
  ],
  [
    'a common name only',
    { ...GOOD, altNames: [] },
    { websocket: 'HOSTNAME_MISMATCH', custom: 'HOSTNAME_MISMATCH', system: undefined },
  ],
  [
    'a short RSA key',
    { ...GOOD, rsaKeyBits: 1024 },
    { websocket: 'EE_KEY_TOO_SMALL', custom: 'EE_KEY_TOO_SMALL', system: 'EE_KEY_TOO_SMALL' },
  ],
  [
    'an RSA key that is long enough',
    { ...GOOD, rsaKeyBits: 2048 },
    { websocket: undefined, custom: undefined, system: undefined },
  ],
])('%s', (_name, certificate, expected) => {
  expect({
    websocket: strictnessProblem(certificate, { client: 'websocket', source: 'system' }),
    custom: strictnessProblem(certificate, { client: 'http', source: 'custom' }),
    system: strictnessProblem(certificate, { client: 'http', source: 'system' }),
  }).toEqual(expected);
});
