import fc from 'fast-check';
import { expect, test } from 'vitest';
import { temporaryHome } from '../../../fixtures/home.ts';
import { files } from '../../host/files.ts';
import { describeDsn, parseDsn } from './dsn.ts';
import { resolveDsn } from './resolve-dsn.ts';
import type { DsnSources, ResolvedDsn } from './resolve-dsn.ts';

const KEY = 'a1b2c3d4e5f60718293a4b5c6d7e8f90';

test.each([
  [
    `https://${KEY}@o1.ingest.sentry.io/42`,
    'https://o1.ingest.sentry.io/api/42/envelope/',
    'o1.ingest.sentry.io, project 42',
  ],
  [`http://${KEY}@127.0.0.1:9000/7`, 'http://127.0.0.1:9000/api/7/envelope/', '127.0.0.1:9000, project 7'],
  [`http://${KEY}@[::1]:9000/7`, 'http://[::1]:9000/api/7/envelope/', '[::1]:9000, project 7'],
  [
    ` https://${KEY}:secret@sentry.example.com/a/b/7/ `,
    'https://sentry.example.com/a/b/api/7/envelope/',
    'sentry.example.com/a/b, project 7',
  ],
])('%s', (text, envelopeUrl, words) => {
  const read = parseDsn(text);
  if (read.kind !== 'dsn') throw new Error(read.problem);
  expect(read.dsn.envelopeUrl).toBe(envelopeUrl);
  expect(describeDsn(read.dsn)).toBe(words);
  expect(read.dsn.publicKey.reveal()).toBe(KEY);
  expect(JSON.stringify(read)).not.toMatch(new RegExp(`${KEY}|:secret`));
});

test.each([
  ['', 'cannot be read as a URL'],
  [KEY, 'cannot be read as a URL'],
  [`ftp://${KEY}@host/1`, 'neither https nor http'],
  ['https://sentry.example.com/1', 'no key'],
  [`https://${KEY}@sentry.example.com/`, 'number of a project'],
  [`https://${KEY}@sentry.example.com/team`, 'number of a project'],
  [`https://${KEY}@host/${'1/'.repeat(2_000)}`, 'longer than any'],
])('%j is none', (text, problem) => {
  const read = parseDsn(text);
  expect(read).toMatchObject({
    kind: 'invalid',
    problem: expect.stringContaining(problem) as string,
    remedy: expect.stringContaining('Client Keys') as string,
  });
  expect(JSON.stringify(read)).not.toContain(KEY);
});

test('whatever is given, the key is never shown', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.webUrl()), (text) => {
      const read = parseDsn(text.replace('://', `://${KEY}@`));
      expect(JSON.stringify(read.kind === 'dsn' ? [read, describeDsn(read.dsn)] : read)).not.toContain(KEY);
    }),
  );
});

const dsnOf = (host: string): string => `https://${KEY}@${host}/1`;
const sourceOf = (resolved: ResolvedDsn): unknown =>
  resolved.kind === 'dsn' ? [resolved.dsn.host, resolved.source] : resolved.kind;

test('option, own variable, variable of Sentry, own configuration: the strongest decides', () => {
  const stethosHome = temporaryHome({ 'config.toml': `[feedback]\ndsn = "${dsnOf('config')}"\n` });
  const from = (env: DsnSources['env'], option?: string): unknown =>
    sourceOf(resolveDsn({ option, env, stethosHome, files }));
  const [own, general] = [{ STETHOS_SENTRY_DSN: dsnOf('own') }, { SENTRY_DSN: dsnOf('general') }];
  expect(from({ ...own, ...general }, dsnOf('option'))).toEqual(['option', '--dsn']);
  expect(from({ ...own, ...general })).toEqual(['own', 'STETHOS_SENTRY_DSN']);
  expect(from(general)).toEqual(['general', 'SENTRY_DSN']);
  expect(from({})).toEqual(['config', `[feedback] dsn in ${stethosHome}/config.toml`]);
  // What is wrong or empty is not passed over: a report must not go to a weaker source's project.
  expect(from(own, 'nonsense')).toBe('invalid');
  expect(from(own, '')).toBe('invalid');
  expect(from({ STETHOS_SENTRY_DSN: 'nonsense', ...general })).toBe('invalid');
  expect(from({ STETHOS_SENTRY_DSN: '', ...general })).toBe('none');
});

test('without any there is none, and it is said where one would be looked for', () => {
  expect(resolveDsn({ option: undefined, env: {}, stethosHome: temporaryHome(), files })).toEqual({
    kind: 'none',
    remedy: expect.stringMatching(/--dsn.*SENTRY_DSN.*config\.toml/) as string,
  });
});
