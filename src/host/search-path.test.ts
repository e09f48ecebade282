import { chmodSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { temporaryHome } from '../../fixtures/home.ts';
import { plantProgram } from '../../fixtures/programs.ts';
import { files } from './files.ts';
import type { PathLook } from './files.ts';
import { findOnPath, relativeElements, searchFolders } from './search-path.ts';

test('every place is listed in search order with what stands there', () => {
  const top = temporaryHome({ 'plain/rg': 'text' });
  chmodSync(join(top, 'plain/rg'), 0o644);
  plantProgram(join(top, 'bin/rg'), 'exit 0');
  mkdirSync(join(top, 'folder/rg'), { recursive: true });
  for (const name of ['lost', 'loop', 'linked']) mkdirSync(join(top, name));
  symlinkSync('/nowhere/rg', join(top, 'lost/rg'));
  symlinkSync('rg', join(top, 'loop/rg'));
  symlinkSync('../bin/rg', join(top, 'linked/rg'));
  const searchPath = ['folder', 'lost', 'loop', 'plain', 'missing', 'linked', 'bin', 'bin'].map((name) =>
    join(top, name),
  );
  const found = findOnPath('rg', searchPath.join(':'), files);
  expect(found.map(({ path, state }) => [path, state])).toEqual([
    [join(top, 'folder/rg'), 'not_a_file'],
    [join(top, 'lost/rg'), 'dangling'],
    [join(top, 'loop/rg'), 'dangling'],
    [join(top, 'plain/rg'), 'not_executable'],
    [join(top, 'linked/rg'), 'executable'],
    [join(top, 'bin/rg'), 'executable'],
  ]);
  expect(found[4]?.realPath).toBe(files.realpath(join(top, 'bin/rg')));
});

test.each(['', '.', '..', 'a/b', '/bin/sh', '../sh', 'a\0b'])('%j is no name to look up', (name) => {
  expect(findOnPath(name, '/bin:/usr/bin', files)).toEqual([]);
});

test('a place that may not be looked into is named, not taken for missing', () => {
  const denied: PathLook = { kind: 'denied', code: 'EACCES' };
  expect(findOnPath('rg', '/private', { look: () => denied, realpath: () => undefined })).toEqual([
    { path: '/private/rg', realPath: undefined, state: 'unreadable' },
  ]);
});

test('Windows looks for programs by extension and keeps a drive in one element', () => {
  const standing = new Set(['C:\\b\\rg.exe', 'C:\\a\\rg.cmd', 'C:\\a\\rg']);
  const look = (path: string): PathLook =>
    standing.has(path)
      ? {
          kind: 'found',
          type: 'file',
          size: 1,
          mode: 0o666,
          uid: 0,
          inode: 0,
          device: 0,
          modifiedAtMs: 0,
          isLink: false,
        }
      : { kind: 'missing' };
  const found = findOnPath('rg', 'C:\\a;.;relative;C:\\b', { look, realpath: (path) => path }, 'win32');
  expect(found.map(({ path, state }) => [path, state])).toEqual([
    ['C:\\a\\rg.cmd', 'executable'],
    ['C:\\b\\rg.exe', 'executable'],
  ]);
});

test.each<[string | undefined, NodeJS.Platform, string[]]>([
  [undefined, 'linux', []],
  ['', 'linux', []],
  ['/bin:/usr/bin', 'linux', []],
  [':/bin', 'linux', ['.']],
  ['/bin:', 'linux', ['.']],
  ['/bin::node_modules/.bin:.', 'linux', ['.', 'node_modules/.bin']],
  ['C:\\a;;.', 'win32', ['.']],
])('relative elements of %j on %s', (searchPath, platform, expected) => {
  expect(relativeElements(searchPath, platform)).toEqual(expected);
});

test('folders are absolute and unique whatever the path holds', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('', '.', 'a', '/a', '/b', '~/c', '/a/../b')), (elements) => {
      const folders = searchFolders(elements.join(':'), 'linux');
      expect(folders.every((folder) => folder.startsWith('/'))).toBe(true);
      expect(new Set(folders).size).toBe(folders.length);
      expect(folders).toEqual([...new Set(elements.filter((element) => element.startsWith('/')))]);
    }),
  );
});
