import { expect, test } from 'vitest';
import { classify } from '../../../src/net/classify/classify.ts';
import type { DialOutcome } from '../../../src/net/outcome.ts';
import { hopOf } from './reading.ts';
import type { Situation } from './situation.ts';
import { transportIssue } from './transport-issue.ts';

const own: Situation = {
  agent: 'Codex',
  host: 'api.example.com',
  isLoopback: false,
  addressSource: 'openai_base_url',
  caVariables: ['CODEX_CA_CERTIFICATE'],
  startCommand: undefined,
};
const trace = {
  proxy: { variable: 'HTTPS_PROXY', scheme: 'https', hasCredentials: false, durationMs: 0 },
  totalMs: 1,
};

function remedyFor(outcome: DialOutcome, situation: Situation): string {
  const meaning = classify(outcome, 'http', trace);
  if (meaning.kind !== 'failed') throw new TypeError('a connection that came about');
  const attempt = { failure: meaning.failure, hop: hopOf(outcome), trace, durationMs: 1 };
  const { remedy, expected } = transportIssue(attempt, situation);
  return `${expected}; ${remedy}`;
}

test.each<[string, DialOutcome]>([
  ['speaks no TLS', { kind: 'tls_failed', hop: 'proxy', code: 'ERR_SSL_WRONG_VERSION_NUMBER' }],
  ['is silent where TLS should begin', { kind: 'silent', hop: 'proxy', phase: 'tls', afterMs: 1 }],
  [
    'has the name of another machine',
    { kind: 'tls_failed', hop: 'proxy', code: 'ERR_TLS_CERT_ALTNAME_INVALID' },
  ],
])('a proxy that %s is mended in its variable', (_name, outcome) => {
  const remedy = remedyFor(outcome, own);
  expect(remedy).toContain('HTTPS_PROXY');
  expect(remedy).not.toMatch(/openai_base_url|api\.example\.com/);
});

test.each<[string, DialOutcome]>([
  ['old versions', { kind: 'tls_failed', hop: 'proxy', code: 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION' }],
  ['other ciphers', { kind: 'tls_failed', hop: 'proxy', code: 'ERR_SSL_NO_CIPHERS_AVAILABLE' }],
])('whoever runs a proxy of %s is asked, and not the provider', (_name, outcome) => {
  expect(remedyFor(outcome, own)).toContain('whoever runs the proxy of HTTPS_PROXY');
});

// A filter lets the tunnel come about and answers in it with a page, or a guest network with its sign-in page.
test('nobody can correct the agent’s own address', () => {
  const outcome: DialOutcome = { kind: 'tls_failed', hop: 'endpoint', code: 'ERR_SSL_WRONG_VERSION_NUMBER' };
  const remedy = remedyFor(outcome, { ...own, addressSource: undefined });
  expect(remedy).toMatch(/filter|sign-in page/);
  expect(remedy).not.toContain('http://');
});
