import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { temporaryHome } from '../../../fixtures/home.ts';
import { createAuthority } from '../../../fixtures/lab/authority.ts';
import { files } from '../../host/files.ts';
import type { Files } from '../../host/files.ts';
import { loadBundle, selectBundle } from './load.ts';
import type { BundleLoad } from './load.ts';

const VARIABLES = ['FIRST_CA', 'SECOND_CA'];

let certificate: string;
beforeAll(async () => {
  certificate = (await createAuthority()).certificate;
});

const load = (path: string, reader: Files = files): BundleLoad =>
  loadBundle({ variable: 'FIRST_CA', path }, { variables: VARIABLES, files: reader });

const select = (values: Record<string, string>): unknown =>
  selectBundle(VARIABLES, { values, originOf: () => 'shell' }, '/work');

describe('which file is selected', () => {
  test.each([
    [{}, undefined],
    [{ FIRST_CA: '', SECOND_CA: '' }, undefined],
    [
      { FIRST_CA: '/a', SECOND_CA: '/b' },
      { variable: 'FIRST_CA', path: '/a' },
    ],
    [
      { FIRST_CA: '', SECOND_CA: '/b' },
      { variable: 'SECOND_CA', path: '/b' },
    ],
    [{ SECOND_CA: 'b.pem' }, { variable: 'SECOND_CA', path: '/work/b.pem' }],
    [
      { FIRST_CA: ' ', SECOND_CA: '/b' },
      { variable: 'FIRST_CA', path: '/work/ ' },
    ],
  ])('%j', (values, expected) => {
    expect(select(values)).toEqual(expected);
  });
});

test('text in place of a path is told as such, and not shown', () => {
  const pasted = selectBundle(VARIABLES, { values: { FIRST_CA: certificate }, originOf: () => 'shell' }, '/');
  expect(pasted?.path).not.toContain('BEGIN');
  const unusable = pasted && loadBundle(pasted, { variables: VARIABLES, files });
  expect(unusable).toMatchObject({
    fault: { kind: 'pasted' },
    error: { kind: 'invalid', message: 'FIRST_CA holds the text of a file in place of its path' },
  });
});

test.each([
  ['/work/~/ca.pem', /no shell has put the home in place of its ~/],
  ['/work/"/etc/ca.pem"', /quotes are a part of it/],
  ["/work/'/etc/ca.pem'", /quotes are a part of it/],
  ['/etc/missing.pem ', /white space at its end is a part of it/],
  ['/etc/missing.pem', /which does not exist$/],
])('why %j is missing', (path, expected) => {
  expect(load(path)).toMatchObject({ error: { message: expect.stringMatching(expected) } });
});

const section = (label: string, content: string): string =>
  `-----BEGIN ${label}-----\n${content}\n-----END ${label}-----\n`;

const plant = (content: string) => (path: string) => writeFileSync(path, content);

describe('a bundle that cannot be used', () => {
  test.each<[string, (path: string) => void, object]>([
    ['missing', () => undefined, { kind: 'unreadable', code: 'ENOENT' }],
    ['a dangling link', (path) => symlinkSync('nowhere', path), { kind: 'unreadable', code: 'ENOENT' }],
    ['a loop of links', (path) => symlinkSync(path, path), { kind: 'unreadable', code: 'ELOOP' }],
    ['a folder', (path) => mkdirSync(path), { kind: 'unreadable', code: 'EISDIR' }],
    ['a FIFO', (path) => void execFileSync('mkfifo', [path]), { kind: 'unreadable' }],
    ['empty', plant('\n'), { kind: 'invalid' }],
    ['text', plant('hello'), { kind: 'invalid' }],
    ['a key', plant(section('PRIVATE KEY', 'AAAA')), { kind: 'invalid' }],
    ['malformed', plant(section('CERTIFICATE', '!')), { kind: 'invalid' }],
    [
      'no certificate inside',
      plant(section('CERTIFICATE', 'AAAA')),
      { kind: 'rejected', certificateIndex: 1 },
    ],
  ])('%s', (_name, harm, expected) => {
    const path = join(temporaryHome(), 'ca.pem');
    harm(path);
    const result = load(path);
    expect(result).toMatchObject({ kind: 'unusable', error: { variable: 'FIRST_CA', path, ...expected } });
    const { message = '', remedy = '' } = result.kind === 'unusable' ? result.error : {};
    expect(message).toMatch(/^FIRST_CA names .*ca\.pem, \w+/);
    expect(remedy).toContain('FIRST_CA or SECOND_CA');
  });

  test.each<[string, ReturnType<Files['readBytes']>, object]>([
    ['denied', { kind: 'denied', code: 'EACCES' }, { kind: 'unreadable', code: 'EACCES' }],
    ['a broken disk', { kind: 'failed', code: 'EIO' }, { kind: 'unreadable', code: 'EIO' }],
  ])('%s', (_name, read, expected) => {
    expect(load('/ca.pem', { ...files, readBytes: () => read })).toMatchObject({ error: expected });
  });

  test('the second certificate, named by its place', () => {
    const path = join(temporaryHome({ 'ca.pem': certificate + section('CERTIFICATE', 'AAAA') }), 'ca.pem');
    expect(load(path)).toMatchObject({ error: { kind: 'rejected', certificateIndex: 2 } });
  });

  test('a certificate with more behind it, which only a TRUSTED one may have', () => {
    const der = Buffer.from(certificate.replaceAll(/-----[^-]+-----|\s/g, ''), 'base64');
    const more = Buffer.concat([der, Buffer.from('more')]).toString('base64');
    const place = temporaryHome({
      'plain.pem': section('CERTIFICATE', more),
      'trusted.pem': section('TRUSTED CERTIFICATE', more),
    });
    expect(load(join(place, 'plain.pem'))).toMatchObject({ error: { kind: 'rejected' } });
    expect(load(join(place, 'trusted.pem'))).toMatchObject({ bundle: { normalizedLabels: true } });
  });

  test('a file far too large', () => {
    const path = join(temporaryHome({ 'ca.pem': '\n'.repeat(9 * 1024 * 1024) }), 'ca.pem');
    expect(load(path)).toMatchObject({ error: { kind: 'invalid' }, fault: { kind: 'too_large' } });
  });
});

test('certificates are taken in their order, and what was passed over is told', () => {
  const path = join(
    temporaryHome({
      'ca.pem': `${certificate}${section('X509 CRL', 'AAAA')}${section('PRIVATE KEY', 'AAAA')}${certificate}`,
    }),
    'ca.pem',
  );
  const result = load(path);
  expect(result).toMatchObject({
    kind: 'loaded',
    bundle: { ignoredCrls: 1, hasPrivateKey: true, normalizedLabels: false },
  });
  expect(result.kind === 'loaded' && result.bundle.certificates.map(String)).toEqual([
    certificate,
    certificate,
  ]);
});
