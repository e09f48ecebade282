import { symlinkSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { temporaryHome } from '../../../fixtures/home.ts';
import { createAuthority } from '../../../fixtures/lab/authority.ts';
import type { Authority } from '../../../fixtures/lab/authority.ts';
import { files } from '../../host/files.ts';
import type { Files, PathLook } from '../../host/files.ts';
import { findSystemRoots, readSystemRoots } from './system-roots.ts';
import type { SystemRoots } from './system-roots.ts';

const FOUND: PathLook = {
  kind: 'found',
  type: 'file',
  size: 1,
  mode: 0o644,
  uid: 0,
  inode: 1,
  device: 1,
  modifiedAtMs: 0,
  isLink: false,
};

function find(
  values: Record<string, string>,
  platform: NodeJS.Platform = 'linux',
  present: readonly string[] = [],
): SystemRoots {
  const reader: Files = { ...files, look: (path) => (present.includes(path) ? FOUND : { kind: 'missing' }) };
  return findSystemRoots({
    environment: { values, originOf: () => 'shell' },
    files: reader,
    cwd: '/work',
    platform,
  });
}

describe('where the roots come from', () => {
  test.each<[string, SystemRoots, SystemRoots]>([
    ['macOS', find({}, 'darwin'), { kind: 'store' }],
    ['Windows', find({}, 'win32'), { kind: 'store' }],
    ['a bare Linux', find({}), { kind: 'files', paths: [], folders: [] }],
    [
      'Debian',
      find({}, 'linux', ['/etc/ssl/certs/ca-certificates.crt', '/etc/ssl/cert.pem', '/etc/ssl/certs']),
      { kind: 'files', paths: ['/etc/ssl/certs/ca-certificates.crt'], folders: ['/etc/ssl/certs'] },
    ],
    [
      'a file by variable',
      find({ SSL_CERT_FILE: 'a.pem' }, 'darwin'),
      { kind: 'replaced', variables: ['SSL_CERT_FILE'], paths: ['/work/a.pem'], folders: [] },
    ],
    [
      'file and folders by variable',
      find({ SSL_CERT_FILE: '/a.pem', SSL_CERT_DIR: ['/b', 'c', ''].join(delimiter) }),
      {
        kind: 'replaced',
        variables: ['SSL_CERT_FILE', 'SSL_CERT_DIR'],
        paths: ['/a.pem'],
        folders: ['/b', '/work/c'],
      },
    ],
    ['empty variables', find({ SSL_CERT_FILE: '', SSL_CERT_DIR: '' }, 'darwin'), { kind: 'store' }],
  ])('%s', (_name, found, expected) => {
    expect(found).toEqual(expected);
  });
});

const read = (paths: readonly string[], folders: readonly string[] = []): string[] =>
  readSystemRoots({ kind: 'files', paths, folders }, files);

describe('what is in them', () => {
  let one: Authority;
  let other: Authority;
  beforeAll(async () => {
    [one, other] = await Promise.all([createAuthority(), createAuthority()]);
  });

  test('each once, from files and folders, through links', () => {
    const place = temporaryHome({
      'bundle.crt': `# ${'x'.repeat(10)}\n${one.certificate}${one.certificate}`,
      'folder/one.pem': one.certificate.replaceAll('\n', '\r\n'),
      'outside.pem': other.certificate,
    });
    symlinkSync('../outside.pem', join(place, 'folder/4a4a4a4a.0'));
    expect(read([join(place, 'bundle.crt')], [join(place, 'folder')])).toEqual([
      one.certificate,
      other.certificate,
    ]);
  });

  test('a folder of large files is not read to its end', () => {
    const sizes: number[] = [];
    const reader: Files = {
      ...files,
      list: () => ({
        kind: 'read',
        entries: Array.from({ length: 9 }, (_, index) => ({ name: String(index), type: 'file' })),
        truncated: false,
      }),
      readBytes: (_path, { maxBytes = 0 } = {}) => {
        sizes.push(maxBytes);
        return { kind: 'read', bytes: Buffer.alloc(maxBytes), facts: FOUND, truncated: true };
      },
    };
    const roots = { kind: 'files', paths: [], folders: ['/folder'] } as const;
    expect(readSystemRoots(roots, reader)).toEqual([]);
    expect(sizes).toHaveLength(4);
  });

  test('what is no certificate, or none that vouches for others, is passed over', async () => {
    const place = temporaryHome({
      'a.pem': '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n',
      'b.pem': one.certificate.slice(0, -40),
      'c.pem': (await one.issue()).certificate,
      'd.pem': one.certificate,
      'e/f.pem': other.certificate,
    });
    symlinkSync('nowhere', join(place, 'g.pem'));
    expect(read(['/nowhere'], [place, '/nowhere'])).toEqual([one.certificate]);
  });
});
