import { expect, test } from 'vitest';
import { errors } from 'undici';
import { DialError } from '../dial/dial.ts';
import type { HttpOutcome } from '../outcome.ts';
import { outcomeOfError } from './failed.ts';

const withCode = (code: string, message = ''): Error => Object.assign(new Error(message), { code });
const whole = { hop: 'endpoint', receivedBytes: 0 } as const;
const broken = (code: string): HttpOutcome => ({
  kind: 'broken',
  hop: 'endpoint',
  phase: 'http',
  code,
  receivedBytes: 0,
});
const notHttp = (code: string): HttpOutcome => ({ kind: 'not_http', hop: 'endpoint', code });
const dialError = new DialError({ kind: 'unresolved', hop: 'proxy', code: 'ENOTFOUND' }, { totalMs: 1 });

test.each<[string, unknown, HttpOutcome]>([
  ['what the dialer says', dialError, dialError.outcome],
  ['what the dialer says, wrapped', new TypeError('fetch failed', { cause: dialError }), dialError.outcome],
  ['a reset', withCode('ECONNRESET'), broken('ECONNRESET')],
  ['a broken pipe', withCode('EPIPE'), broken('EPIPE')],
  ['an end in the middle', new errors.SocketError('other side closed'), broken('closed')],
  ['an end', new errors.SocketError('closed'), broken('closed')],
  ['a reset that was wrapped', new TypeError('x', { cause: withCode('ECONNRESET') }), broken('ECONNRESET')],
  ['HTTP/2 that was reset', new errors.SocketError('read ECONNRESET'), broken('ECONNRESET')],
  [
    'HTTP/2 that goes away',
    new errors.InformationalError('HTTP/2: "GOAWAY" frame received with code 0'),
    broken('GOAWAY'),
  ],
  ['HTTP/2 that resets the stream', withCode('ERR_HTTP2_STREAM_ERROR'), broken('ERR_HTTP2_STREAM_ERROR')],
  ['HTTP/2 that is none', withCode('ERR_HTTP2_ERROR', 'Protocol error'), notHttp('ERR_HTTP2_ERROR')],
  ['no HTTP', new errors.HTTPParserError('bad'), notHttp('HTTPParserError')],
  ['a head without end', new errors.HeadersOverflowError(), notHttp('UND_ERR_HEADERS_OVERFLOW')],
  ['100 that nobody asked for', new errors.SocketError('bad response'), notHttp('UNEXPECTED_RESPONSE')],
  ['101 that nobody asked for', new errors.SocketError('bad upgrade'), notHttp('UNEXPECTED_RESPONSE')],
  [
    'a client certificate that is missing',
    withCode('ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED'),
    { kind: 'tls_failed', hop: 'endpoint', code: 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED' },
  ],
  [
    'a request that undici does not take',
    new errors.InvalidArgumentError('invalid content-length header'),
    { kind: 'unsendable', problem: 'the HTTP client refuses the request' },
  ],
  [
    'a header that undici does not know how to serve, such as Expect',
    new errors.NotSupportedError('expect header not supported'),
    { kind: 'unsendable', problem: 'the HTTP client refuses the request' },
  ],
  ['an error without a code', new Error('secret'), broken('UNKNOWN')],
  ['no error at all', 'secret', broken('UNKNOWN')],
])('%s', (_name, error, outcome) => expect(outcomeOfError(error, whole)).toEqual(outcome));

test('a circle of causes ends', () => {
  const error = new Error('a');
  error.cause = error;
  expect(outcomeOfError(error, whole)).toEqual(broken('UNKNOWN'));
});

test('half an answer and the proxy are told', () =>
  expect(outcomeOfError(withCode('ECONNRESET'), { hop: 'proxy', receivedBytes: 9 })).toEqual({
    kind: 'broken',
    hop: 'proxy',
    phase: 'http',
    code: 'ECONNRESET',
    receivedBytes: 9,
  }));
