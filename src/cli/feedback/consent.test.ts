import { expect, test } from 'vitest';
import { parseDsn } from '../../telemetry/sentry/dsn.ts';
import { consentText } from './consent.ts';

test.each([
  ['http://key@sentry.example/1', true],
  ['HTTP://key@sentry.example:9000/relay/1', true],
  ['http://key@127.0.0.1.example/1', true],
  ['https://key@sentry.example/1', false],
  ['http://key@127.0.0.1:9000/1', false],
  ['http://key@[::1]:9000/1', false],
  ['http://key@localhost/1', false],
])('%s is readable on the way: %s', (text, isReadable) => {
  const read = parseDsn(text);
  if (read.kind !== 'dsn') throw new Error(read.problem);
  const said = consentText({ dsn: read.dsn, source: '--dsn', eventId: 'e'.repeat(32), chosen: [] });
  expect(said.includes('plain http')).toBe(isReadable);
  expect(said).toMatch(/^Destination .*\n/);
  expect(said).not.toContain('key@');
});
