import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryHome } from '../../fixtures/home.ts';
import { files } from './files.ts';
import { findTerminfo } from './terminfo.ts';

/** A name that no system describes. */
const TERM = 'zz-unheard+of.1';

test.each<[string, string, string]>([
  ['TERMINFO', 'named', 'z'],
  ['TERMINFO_DIRS', 'listed', 'z'],
  ["the user's own folder", 'home/.terminfo', 'z'],
  ['a shelf by number, as on file systems that ignore case', 'named', '7a'],
])('the entry is found in %s', (_title, folder, shelf) => {
  const top = temporaryHome({ [`${folder}/${shelf}/${TERM}`]: 'x' });
  const env = { TERMINFO: join(top, 'named'), TERMINFO_DIRS: `:/nope:${join(top, 'listed')}` };
  const found = findTerminfo(TERM, env, { files, userDirectory: join(top, 'home') });
  expect(found.entry).toBe(join(top, folder, shelf, TERM));
});

test('what the variables name is said with what stands there', () => {
  const top = temporaryHome({ file: 'x' });
  mkdirSync(join(top, `z/${TERM}`), { recursive: true });
  execFileSync('mkfifo', [join(top, 'fifo')]);
  const env = {
    TERMINFO: join(top, 'gone'),
    TERMINFO_DIRS: [top, join(top, 'fifo'), join(top, 'file')].join(':'),
  };
  const found = findTerminfo(TERM, env, { files, userDirectory: top });
  expect(found.named.map(({ variable, state }) => `${variable}: ${state}`)).toEqual([
    'TERMINFO: missing',
    'TERMINFO_DIRS: directory',
    'TERMINFO_DIRS: fifo',
    'TERMINFO_DIRS: file',
  ]);
  expect(found.entry).toBeUndefined();
});

test.each(['', '../../etc/passwd', 'a/b', 'x\0y'])('%j is no name of a terminal', (term) => {
  const top = temporaryHome({ 'a/a/b': '', 'etc/passwd': '' });
  expect(findTerminfo(term, { TERMINFO: top }, { files, userDirectory: top }).entry).toBeUndefined();
});

test('a description inside the variable needs no folder', () => {
  const found = findTerminfo(TERM, { TERMINFO: 'b64:AAAA' }, { files, userDirectory: '/nowhere' });
  expect(found).toEqual({ named: [], entry: 'TERMINFO itself' });
});
