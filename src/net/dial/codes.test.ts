import { expect, test } from 'vitest';
import { codeOf, mostTelling, outcomeOfError, outcomeOfSocks, tellingLookup } from './codes.ts';

const error = (code: string, more: object = {}): Error => Object.assign(new Error('hush'), { code, ...more });

test.each<[unknown, string]>([
  [error('ECONNREFUSED', { syscall: 'connect' }), 'ECONNREFUSED'],
  [error('ECONNRESET', { syscall: 'read' }), 'ECONNRESET'],
  [error('ECONNRESET'), 'closed'],
  [new Error('hush'), 'UNKNOWN'],
  ['hush', 'UNKNOWN'],
])('the code of %s', (raised, code) => expect(codeOf(raised)).toBe(code));

test.each([
  ['HPE_INVALID_CONSTANT', { kind: 'not_http' }],
  ['ERR_SSL_WRONG_VERSION_NUMBER', { kind: 'tls_failed' }],
  ['ERR_TLS_CERT_ALTNAME_INVALID', { kind: 'tls_failed' }],
  ['EPROTO', { kind: 'tls_failed' }],
  ['EPIPE', { kind: 'broken', phase: 'http' }],
])('%s in the middle of a phase', (code, outcome) =>
  expect(outcomeOfError(error(code), { hop: 'proxy', phase: 'http' })).toEqual({
    hop: 'proxy',
    code,
    ...outcome,
  }),
);

test.each([
  [['ETIMEDOUT', 'ECONNREFUSED'], 'ECONNREFUSED'],
  [['EHOSTUNREACH', 'ETIMEDOUT'], 'EHOSTUNREACH'],
  [['ENETUNREACH', 'ETIMEDOUT'], 'ETIMEDOUT'],
  [['EADDRNOTAVAIL', 'ENETUNREACH'], 'ENETUNREACH'],
  [['ECONNREFUSED', 'EMFILE'], 'EMFILE'],
  [[], 'UNKNOWN'],
])('of %j the most telling is %s', (codes, code) => expect(mostTelling(codes)).toBe(code));

test.each([
  [['ENOTFOUND', 'ENOTFOUND'], 'ENOTFOUND'],
  [['ENOTFOUND', 'EAI_AGAIN'], 'EAI_AGAIN'],
  [['ENODATA', 'ENOTFOUND'], 'ENODATA'],
])('look-ups that end with %j say %s', (codes, code) => expect(tellingLookup(codes)).toBe(code));

// The sentences are those of the socks package.
test.each([
  ['Socks5 proxy rejected connection - NotAllowed', 'NotAllowed'],
  ['Socks5 proxy rejected connection - undefined', 'NotSocks'],
  ['Socks4 Proxy rejected connection - (RejectedIdent)', 'RejectedIdent'],
  ['Socks4 Proxy rejected connection - (undefined)', 'NotSocks'],
  ['Socks5 Authentication failed', 'AuthenticationFailed'],
  ['Received invalid Socks5 initial handshake (no accepted authentication type)', 'NoAcceptableMethods'],
  ['Received invalid Socks5 initial handshake (unknown authentication type)', 'UnknownMethod'],
  ['Received invalid Socks5 initial handshake (invalid socks version)', 'NotSocks'],
])('%s', (message, reply) => expect(outcomeOfSocks(message)).toEqual({ kind: 'proxy_rejected', reply }));

test('a SOCKS connection that broke is not the word of the proxy', () => {
  expect(outcomeOfSocks('Socket closed')).toBeUndefined();
  expect(outcomeOfSocks('read ECONNRESET')).toBeUndefined();
});
