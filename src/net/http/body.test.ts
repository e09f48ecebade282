import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { BodyFacts } from '../outcome.ts';
import { describeBody } from './body.ts';
import { createShown } from './shown.ts';

const shown = createShown(new URL('https://api.example.com/?key=planted-key'), {});

function describe(
  content: string | Buffer,
  { status = 200, contentType = '', isTruncated = false } = {},
): BodyFacts {
  const bytes = Buffer.from(content);
  return describeBody({ bytes, wireBytes: bytes.length, isTruncated }, { status, contentType, shown });
}

const JSON_TYPE = { contentType: 'application/json; charset=utf-8' };
const HTML_TYPE = { contentType: 'text/html' };

test.each<[string | Buffer, Parameters<typeof describe>[1], Partial<BodyFacts>]>([
  ['', {}, { kind: 'empty', bytes: 0 }],
  ['{"data":[]}', JSON_TYPE, { kind: 'json', bytes: 11 }],
  ['\ufeff[1]', {}, { kind: 'json' }],
  ['{"data":[', { ...JSON_TYPE, isTruncated: true }, { kind: 'json', isTruncated: true }],
  ['{"data":[', JSON_TYPE, { kind: 'text' }],
  [
    '{"error":{"code":"invalid_api_key","type":"invalid_request_error"}}',
    { status: 401 },
    {
      kind: 'json_error',
      errorCode: 'invalid_api_key',
      errorType: 'invalid_request_error',
    },
  ],
  [
    '{"detail":{"code":"deactivated_workspace"}}',
    { status: 403 },
    {
      kind: 'json_error',
      errorCode: 'deactivated_workspace',
    },
  ],
  ['{"detail":"Unauthorized"}', { status: 401 }, { kind: 'json_error' }],
  ['{"message":"no"}', { status: 500 }, { kind: 'json_error' }],
  ['{"error":null,"data":1}', {}, { kind: 'json' }],
  ['{"error":"sorry"}', {}, { kind: 'json_error' }],
  ['[1]', { status: 500 }, { kind: 'json' }],
  ['<!DOCTYPE html><title>\n Just a\tmoment...</title>', {}, { kind: 'html', title: 'Just a moment...' }],
  [
    '<!-- x --> <!-- y --><html><head><title lang="en">A &amp; B</title>',
    {},
    { kind: 'html', title: 'A &amp; B' },
  ],
  ['<html>', JSON_TYPE, { kind: 'html' }],
  ['<h1>Blocked</h1>', HTML_TYPE, { kind: 'html' }],
  ['<h1>Blocked</h1>', {}, { kind: 'text' }],
  ['not markup', HTML_TYPE, { kind: 'text' }],
  ['<!-- never ends', HTML_TYPE, { kind: 'text' }],
  ['<?xml version="1.0"?><html><title>x</title>', {}, { kind: 'html', title: 'x' }],
  ['<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>', {}, { kind: 'text' }],
  ['upstream connect error', {}, { kind: 'text' }],
  [
    Buffer.from('<html><title>Gesperrt für alle</title>', 'latin1'),
    {},
    { kind: 'html', title: 'Gesperrt für alle' },
  ],
  [Buffer.from([0xff, 0xd8, 0xff, 0xe0]), {}, { kind: 'binary' }],
  ['a\u0000b', {}, { kind: 'binary' }],
  [Buffer.from('größer').subarray(0, 3), { isTruncated: true }, { kind: 'text' }],
])('%s with %j', (content, options, expected) => expect(describe(content, options)).toMatchObject(expected));

test('a code that is no word of a program is left out', () => {
  for (const code of ['a whole sentence', 'sk-Ab3dE6gH9jK2mN5pQ8sT', 42, '', '401', 'x'.repeat(65), { a: 1 }])
    expect(describe(JSON.stringify({ error: { code, type: 'fine' } }))).toEqual({
      kind: 'json_error',
      errorType: 'fine',
      bytes: JSON.stringify({ error: { code, type: 'fine' } }).length,
      isTruncated: false,
    });
});

test('a title is short, in one line, and does not repeat our secrets', () => {
  const { title } = describe(`<html><title>Cannot GET /?key=planted-key ${'x'.repeat(500)}</title>`);
  expect(title).toMatch(/^Cannot GET \/\?key=<hidden> x+$/);
  expect(title?.length).toBe(120);
});

test('compressed content that could not be decoded is binary', () =>
  expect(
    describeBody(
      { bytes: Buffer.alloc(0), wireBytes: 10, isTruncated: true },
      { status: 200, contentType: undefined, shown },
    ),
  ).toEqual({ kind: 'binary', bytes: 10, isTruncated: true }));

test('any bytes have a kind', () => {
  fc.assert(
    fc.property(fc.uint8Array(), fc.string(), fc.boolean(), (bytes, contentType, isTruncated) => {
      const facts = describe(Buffer.from(bytes), { contentType, isTruncated });
      expect(facts.bytes).toBe(bytes.length);
    }),
  );
});
