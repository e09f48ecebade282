import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Secret } from '../../redact/secret.ts';
import type { HttpAnswer } from '../outcome.ts';
import { readAnswer, readHttpDate } from './answer.ts';
import type { AnswerHeaders } from './answer.ts';
import { createShown } from './shown.ts';

const NOW = Date.UTC(2026, 0, 2, 3, 4, 5);
const body = { kind: 'empty', bytes: 0, isTruncated: false } as const;

function read(headers: AnswerHeaders, { status = 200, url = 'https://api.example.com/v1' } = {}): HttpAnswer {
  const asked = new URL(url);
  const shown = createShown(asked, { Authorization: new Secret('Bearer planted-token') });
  return readAnswer({ status, httpVersion: '1.1', headers, atMs: NOW }, body, { url: asked, shown });
}

test('an answer without headers has no facts', () =>
  expect(read({})).toEqual({ status: 200, httpVersion: '1.1', challenges: [], body }));

test('headers are picked by name, and cookies never', () =>
  expect(
    read({
      server: ' nginx ',
      'content-type': 'application/json',
      date: 'Fri, 02 Jan 2026 03:04:05 GMT',
      'x-request-id': 'req_1',
      'x-oai-request-id': 'req_2',
      'cf-ray': '8a1-FRA',
      'cf-mitigated': 'challenge',
      'x-openai-authorization-error': 'missing',
      'set-cookie': ['session=planted'],
      'x-planted': 'planted',
    }),
  ).toEqual({
    status: 200,
    httpVersion: '1.1',
    server: 'nginx',
    contentType: 'application/json',
    dateMs: NOW,
    requestId: 'req_1',
    cfRay: '8a1-FRA',
    cfMitigated: 'challenge',
    authError: 'missing',
    challenges: [],
    body,
  }));

test('the second name of a request id counts where the first is missing or empty', () => {
  expect(read({ 'x-oai-request-id': 'req_2' }).requestId).toBe('req_2');
  expect(read({ 'x-request-id': ' ', 'x-oai-request-id': 'req_2' }).requestId).toBe('req_2');
});

test.each([
  ['120', 120_000],
  ['0', 0],
  ['Fri, 02 Jan 2026 03:05:05 GMT', 60_000],
  ['Friday, 02-Jan-26 03:05:05 GMT', 60_000],
  ['Fri Jan  2 03:05:05 2026', 60_000],
  ['Fri, 02 Jan 2026 03:00:00 GMT', 0],
  ['-5', undefined],
  ['1.5', undefined],
  ['soon', undefined],
  ['99999999999', undefined],
  ['Mon, 99 Foo 2026', undefined],
  ['', undefined],
])('Retry-After: %s', (value, expected) =>
  expect(read({ 'retry-after': value }, { status: 429 }).retryAfterMs).toBe(expected),
);

test("a date in Retry-After is told by the server's clock, not by ours", () =>
  expect(
    read({ date: 'Fri, 02 Jan 2026 04:00:00 GMT', 'retry-after': 'Fri, 02 Jan 2026 04:00:30 GMT' })
      .retryAfterMs,
  ).toBe(30_000));

test.each([
  ['/v2?token=planted', 'https://api.example.com', true, true],
  ['https://user:planted@api.example.com/x', 'https://api.example.com', true, true],
  ['http://api.example.com/', 'http://api.example.com', false, true],
  ['https://www.example.com/login', 'https://www.example.com', false, true],
  ['//portal.example/login?planted', 'https://portal.example', false, false],
  ['http://10.0.0.1:8080/', 'http://10.0.0.1:8080', false, false],
])('Location: %s', (location, origin, isSameOrigin, isSameSite) =>
  expect(read({ location }, { status: 302 }).redirect).toEqual({ origin, isSameOrigin, isSameSite }),
);

test('addresses are sites of their own', () => {
  const options = { status: 302, url: 'http://192.168.1.1/' };
  expect(read({ location: 'http://10.0.1.1/' }, options).redirect?.isSameSite).toBe(false);
  expect(read({ location: 'http://192.168.1.1:8080/' }, options).redirect?.isSameSite).toBe(true);
});

test.each([
  [{ location: 'https://portal.example/' }, 200],
  [{ location: 'http://' }, 302],
  [{ location: 'javascript:alert(1)' }, 302],
  [{}, 302],
])('%j with %d is no redirect', (headers, status) =>
  expect(read(headers, { status }).redirect).toBeUndefined(),
);

const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64');

test.each([
  [encoded({ error: { code: 'token_expired' } }), 'token_expired'],
  [encoded({ error: { code: 7 } }), undefined],
  [encoded({ error: null }), undefined],
  [encoded(null), undefined],
  ['e30', undefined],
  ['not base64', undefined],
  [Buffer.from('{').toString('base64'), undefined],
])('x-error-json: %s', (value, code) => expect(read({ 'x-error-json': value }).authErrorCode).toBe(code));

test('challenges come from the header that belongs to the status', () => {
  const headers = { 'www-authenticate': 'Bearer', 'proxy-authenticate': ['Negotiate', 'Basic realm="x"'] };
  expect(read(headers, { status: 401 }).challenges).toEqual(['Bearer']);
  expect(read(headers, { status: 407 }).challenges).toEqual(['Negotiate', 'Basic']);
});

test('values are short and cannot steer a terminal', () => {
  const { server } = read({ server: `\u001b[31m${'x'.repeat(5_000)}` });
  expect(server).toMatch(/^\\u001b\[31mx+$/);
  expect(server?.length).toBeLessThan(220);
});

test.each(['server', 'content-type', 'x-request-id', 'cf-ray', 'x-openai-authorization-error'])(
  'a server that repeats our secrets in %s is not repeated',
  (name) => {
    const url = 'https://user:planted-password@api.example.com/v1?key=planted%2Fquery&plain=1';
    for (const echo of ['Bearer planted-token', 'planted-token', 'planted-password', 'planted/query'])
      expect(JSON.stringify(read({ [name]: `you sent ${echo}` }, { url }))).not.toContain(echo);
  },
);

test('no header value makes a throw', () => {
  const names = ['date', 'retry-after', 'location', 'x-error-json', 'www-authenticate', 'server'];
  fc.assert(
    fc.property(
      fc.dictionary(fc.constantFrom(...names), fc.oneof(fc.string(), fc.array(fc.string()))),
      fc.integer({ min: 200, max: 599 }),
      (headers, status) => {
        const { retryAfterMs } = read(headers, { status });
        expect(retryAfterMs === undefined || retryAfterMs >= 0).toBe(true);
      },
    ),
  );
});

test('what is no date is none', () => {
  for (const value of ['2026', '2026-01-02', 'tomorrow', undefined])
    expect(readHttpDate(value)).toBeUndefined();
});
