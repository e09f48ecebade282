import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryHome } from '../../../../fixtures/home.ts';
import { runApplyPatchCommand } from './command.ts';
import type { PatchCommandResult } from './command.ts';

const apply = (cwd: string, ...lines: string[]): Promise<PatchCommandResult> =>
  run(cwd, ['*** Begin Patch', ...lines, '*** End Patch'].join('\n'));

const run = (cwd: string, ...argv: string[]): Promise<PatchCommandResult> =>
  runApplyPatchCommand({ argv, cwd, stdin: () => Promise.resolve('') });

const read = (...path: string[]): string => readFileSync(join(...path), 'utf8');

describe('what it says', () => {
  test('row 23: added, moved and deleted files, by label', async () => {
    const cwd = temporaryHome({ 'old.txt': 'gone', 'a.txt': 'one\ntwo' });
    const result = await apply(
      cwd,
      '*** Delete File: old.txt',
      '*** Update File: a.txt',
      '*** Move to: deep/b.txt',
      '@@ one',
      '-two',
      '+TWO',
      '*** Add File: new/c.txt',
      '+text',
    );
    expect(result).toEqual({
      exitCode: 0,
      stdout: 'Success. Updated the following files:\nA new/c.txt\nM deep/b.txt\nD old.txt\n',
      stderr: '',
    });
    expect(read(cwd, 'deep/b.txt')).toBe('one\nTWO\n');
    expect(read(cwd, 'new/c.txt')).toBe('text\n');
    expect(['old.txt', 'a.txt'].some((name) => existsSync(join(cwd, name)))).toBe(false);
  });

  test('row 24 and trap 27: what stands before a hunk that does not fit stays, and is told', async () => {
    const cwd = temporaryHome({ 'a.txt': 'a\n', 'b.txt': 'b\n' });
    const result = await apply(
      cwd,
      '*** Update File: a.txt',
      '-a',
      '+A',
      '*** Update File: b.txt',
      '@@ nowhere',
      '-b',
      '+B',
    );
    expect(result).toMatchObject({ exitCode: 1, stdout: '' });
    expect(result.stderr).toContain(`cannot find the context "nowhere" in ${join(cwd, 'b.txt')}`);
    expect(result.stderr).toContain('These files were changed before that, and stay so:\nM a.txt');
    expect([read(cwd, 'a.txt'), read(cwd, 'b.txt')]).toEqual(['A\n', 'b\n']);
  });

  test('a patch from standard input', async () => {
    const cwd = temporaryHome();
    const patch = '*** Begin Patch\n*** Add File: a\n+x\n*** End Patch\n';
    expect(await runApplyPatchCommand({ argv: [], stdin: () => Promise.resolve(patch), cwd })).toMatchObject({
      exitCode: 0,
    });
    expect(read(cwd, 'a')).toBe('x\n');
  });

  test('0 for success, 1 for an error, 2 for wrong usage', async () => {
    const cwd = temporaryHome();
    expect(await run(cwd)).toMatchObject({ exitCode: 2, stderr: expect.stringMatching(/^Usage/) as string });
    expect(await run(cwd, 'one', 'two')).toMatchObject({ exitCode: 2 });
    expect(await run(cwd, 'no patch')).toMatchObject({ exitCode: 1 });
    expect(await apply(cwd)).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('no files were modified') as string,
    });
  });
});

describe('what it does to files', () => {
  test('one file several times, each time as the time before left it', async () => {
    const cwd = temporaryHome();
    const result = await apply(
      cwd,
      '*** Add File: a',
      '+1',
      '*** Update File: a',
      '-1',
      '+2',
      '*** Update File: ./a',
      '*** Move to: b',
      '-2',
      '+3',
      '*** Delete File: b',
      '*** Add File: b',
      '+4',
    );
    expect(result.exitCode).toBe(0);
    expect(read(cwd, 'b')).toBe('4\n');
    expect(existsSync(join(cwd, 'a'))).toBe(false);
  });

  test('an added file overwrites, and a moved one as well', async () => {
    const cwd = temporaryHome({ a: 'old\n', b: Buffer.from([0xff]), c: 'c\n' });
    await apply(cwd, '*** Add File: a', '+new', '*** Update File: c', '*** Move to: b', '-c', '+d');
    expect([read(cwd, 'a'), read(cwd, 'b')]).toEqual(['new\n', 'd\n']);
  });

  test('a file that moves to where it is, is not lost', async () => {
    const cwd = temporaryHome({ a: '1\n' });
    expect(await apply(cwd, '*** Update File: a', '*** Move to: ./a', '-1', '+2')).toMatchObject({
      exitCode: 0,
    });
    expect(read(cwd, 'a')).toBe('2\n');
  });

  test('permissions and other names stay, also where a file moves', async () => {
    const cwd = temporaryHome({ a: '1\n', b: '1\n' });
    for (const name of ['a', 'b']) chmodSync(join(cwd, name), 0o755);
    linkSync(join(cwd, 'a'), join(cwd, 'same'));
    await apply(cwd, '*** Update File: a', '-1', '+2', '*** Update File: b', '*** Move to: c', '-1', '+2');
    expect(read(cwd, 'same')).toBe('2\n');
    expect([statSync(join(cwd, 'a')).mode & 0o777, statSync(join(cwd, 'c')).mode & 0o777]).toEqual([
      0o755, 0o755,
    ]);
  });

  test('an update goes through a link, a deletion takes the link', async () => {
    const cwd = temporaryHome({ a: '1\n' });
    symlinkSync('a', join(cwd, 'link'));
    await apply(cwd, '*** Update File: link', '-1', '+2');
    expect([read(cwd, 'a'), lstatSync(join(cwd, 'link')).isSymbolicLink()]).toEqual(['2\n', true]);
    await apply(cwd, '*** Delete File: link', '*** Add File: link', '+3');
    expect([read(cwd, 'a'), read(cwd, 'link')]).toEqual(['2\n', '3\n']);
    expect(lstatSync(join(cwd, 'link')).isSymbolicLink()).toBe(false);
  });

  test('absolute paths and those that lead up', async () => {
    const cwd = temporaryHome({ 'in/a': '1\n', b: '1\n' });
    const result = await apply(
      join(cwd, 'in'),
      '*** Update File: ../b',
      '-1',
      '+2',
      `*** Update File: ${join(cwd, 'in/a')}`,
      '-1',
      '+2',
    );
    expect(result.stdout).toContain(`M ../b\nM ${join(cwd, 'in/a')}`);
    expect([read(cwd, 'in/a'), read(cwd, 'b')]).toEqual(['2\n', '2\n']);
  });
});

const update = (path: string): string[] => [`*** Update File: ${path}`, '-1', '+2'];

describe('what it leaves alone', () => {
  test.each([
    ['a missing file', update('none'), /cannot read .*none to update it: it does not exist/],
    ['a folder', update('folder'), /it is a directory/],
    ['a folder to delete', ['*** Delete File: folder'], /cannot delete .*it is a directory/],
    ['a folder to write to', ['*** Add File: folder', '+x'], /cannot write .*it is a directory/],
    [
      'a folder to move to',
      ['*** Update File: file', '*** Move to: folder', '-1', '+2'],
      /cannot move .*a directory/,
    ],
    ['a missing file to delete', ['*** Delete File: none'], /cannot delete .*does not exist/],
    ['text in another encoding', update('latin'), /it is not UTF-8 text/],
    ['a huge file', update('huge'), /it is too large for a patch/],
    ['a pipe', update('pipe'), /it is a pipe/],
    ['a pipe to write to', ['*** Add File: pipe', '+x'], /it is a pipe/],
    ['a device', update('/dev/zero'), /it is a device/],
    ['links in a circle', update('loop'), /leads back to itself/],
    ['links in a circle, to write to', ['*** Add File: loop', '+x'], /leads back to itself/],
    ['a path behind a file', ['*** Add File: file/x', '+x'], /cannot write/],
    ['a path with NUL', update('fi\0le'), /no file name can hold/],
  ])('%s', async (_case, lines, message) => {
    const cwd = temporaryHome({ file: '1\n', latin: Buffer.from('caf\xe9\n', 'latin1'), huge: '1\n' });
    mkdirSync(join(cwd, 'folder'));
    truncateSync(join(cwd, 'huge'), 17 * 1024 * 1024);
    execFileSync('mkfifo', [join(cwd, 'pipe')]);
    symlinkSync('loop', join(cwd, 'loop'));
    const result = await apply(cwd, ...lines);
    expect(result).toEqual({ exitCode: 1, stdout: '', stderr: expect.stringMatching(message) as string });
    expect(result.stderr).toContain('No file was changed.');
    expect(read(cwd, 'file')).toBe('1\n');
  });

  test('a file of another encoding can be replaced and deleted as a whole', async () => {
    const cwd = temporaryHome({ a: Buffer.from([0xff]), b: Buffer.from([0xff]) });
    expect((await apply(cwd, '*** Delete File: a', '*** Add File: b', '+x')).exitCode).toBe(0);
    expect([existsSync(join(cwd, 'a')), read(cwd, 'b')]).toEqual([false, 'x\n']);
  });

  test('a folder where nothing may be written', async () => {
    const cwd = temporaryHome({ a: '1\n' });
    writeFileSync(join(cwd, 'b'), '1\n');
    const result = await apply(cwd, ...update('a'), '*** Add File: /proc/none', '+x', ...update('b'));
    expect(result.stderr).toMatch(/cannot write \/proc\/none \((ENOENT|EACCES|EPERM|EROFS)\)/);
    expect(result.stderr).toContain('stay so:\nM a');
    expect([read(cwd, 'a'), read(cwd, 'b')]).toEqual(['2\n', '1\n']);
  });
});
