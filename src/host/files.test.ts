import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { temporaryHome } from '../../fixtures/home.ts';
import { files } from './files.ts';

// Long names fill a folder's own blocks with fewer files.
const longName = (index: number): string => `${String(index).padStart(6, '0')}${'n'.repeat(240)}`;

/** One of everything that can stand where a file is expected. */
async function zoo(): Promise<string> {
  const top = temporaryHome({ file: 'content', 'folder/inside': 'x', empty: '' });
  execFileSync('mkfifo', [join(top, 'fifo')]);
  symlinkSync('file', join(top, 'link'));
  symlinkSync('folder', join(top, 'folder-link'));
  symlinkSync('fifo', join(top, 'fifo-link'));
  symlinkSync('/dev/tty', join(top, 'terminal'));
  symlinkSync('/dev/zero', join(top, 'endless'));
  symlinkSync('nowhere', join(top, 'dangling'));
  symlinkSync('loop', join(top, 'loop'));
  const server = createServer().listen(join(top, 'socket'));
  await new Promise((resolve) => server.once('listening', resolve));
  onTestFinished(() => void server.close());
  return top;
}

test('reading names what stands in the place of a file, and never waits for it', async () => {
  const top = await zoo();
  const outcomes = Object.fromEntries(
    ['folder', 'folder-link', 'fifo', 'fifo-link', 'socket', 'terminal', 'endless'].map((name) => {
      const read = files.readBytes(join(top, name));
      return [name, read.kind === 'wrong_type' ? read.type : read.kind];
    }),
  );
  expect(outcomes).toEqual({
    folder: 'directory',
    'folder-link': 'directory',
    fifo: 'fifo',
    'fifo-link': 'fifo',
    socket: 'socket',
    terminal: 'device',
    endless: 'device',
  });
});

test.each([
  ['missing', 'absent'],
  ['missing', 'absent/deeper'],
  ['missing', 'file/below'],
  ['dangling', 'dangling'],
  ['loop', 'loop'],
  ['failed', 'x'.repeat(300)],
  ['failed', 'nul\0byte'],
])('%s is said alike by every call: %s', async (kind, name) => {
  const path = join(await zoo(), name);
  expect([files.look(path), files.readBytes(path), files.readText(path), files.list(path)]).toMatchObject(
    Array.from({ length: 4 }, () => ({ kind })),
  );
  expect(files.realpath(path)).toBeUndefined();
});

test('a look follows links and says that it did', async () => {
  const top = await zoo();
  chmodSync(join(top, 'file'), 0o640);
  expect(files.look(join(top, 'link'))).toMatchObject({
    kind: 'found',
    type: 'file',
    size: 7,
    mode: 0o640,
    isLink: true,
  });
  expect(files.look(join(top, 'file'))).toMatchObject({ isLink: false });
});

test.each([
  [{}, 'content', false],
  [{ maxBytes: 7 }, 'content', false],
  [{ maxBytes: 6 }, 'conten', true],
  [{ maxBytes: 0 }, '', true],
  [{ offset: 3 }, 'tent', false],
  [{ offset: 3, maxBytes: 2 }, 'te', true],
  [{ offset: 99 }, '', false],
])('limits %j', async (limits, text, truncated) => {
  const read = files.readBytes(join(await zoo(), 'file'), limits);
  expect(read.kind === 'read' && { text: read.bytes.toString(), truncated: read.truncated }).toEqual({
    text,
    truncated,
  });
});

test('a file of the kernel that claims to be empty is read all the same, within the limit', () => {
  const path = '/proc/self/environ';
  const whole = files.readBytes(path);
  const cut = files.readBytes(path, { maxBytes: 4 });
  expect(process.platform !== 'linux' || (whole.kind === 'read' && whole.bytes.length > 4)).toBe(true);
  expect(
    process.platform !== 'linux' || (cut.kind === 'read' && cut.truncated && cut.bytes.length === 4),
  ).toBe(true);
});

test('an empty file is empty and whole', async () => {
  expect(files.readText(join(await zoo(), 'empty'))).toMatchObject({
    kind: 'read',
    text: '',
    truncated: false,
    validUtf8: true,
  });
});

test.each<[string, Uint8Array, { text?: string; validUtf8: boolean }, number?]>([
  ['a byte order mark is left out', Buffer.from('\ufeffkey = 1'), { text: 'key = 1', validUtf8: true }],
  ['Latin-1', Buffer.from('caf\xe9', 'latin1'), { text: 'caf\ufffd', validUtf8: false }],
  ['UTF-16 as Windows editors write it', Buffer.from('\ufeffa', 'utf16le'), { validUtf8: false }],
  ['a character cut by the limit is no fault', Buffer.from('né'), { validUtf8: true }, 2],
  ['a character cut by the end of the file is one', Buffer.from('né').subarray(0, 2), { validUtf8: false }],
  ['a wrong byte before the limit is one', Buffer.from('\xe9né', 'latin1'), { validUtf8: false }, 2],
])('text: %s', (_title, bytes, expected, maxBytes = 100) => {
  const path = join(temporaryHome({ text: bytes }), 'text');
  expect(files.readText(path, { maxBytes })).toMatchObject(expected);
});

test('a list is sorted, types its entries without following links, and is cut where asked', async () => {
  const top = await zoo();
  const listed = files.list(top);
  expect(listed.kind === 'read' && listed.entries.map(({ name, type }) => `${name}: ${type}`)).toEqual([
    'dangling: link',
    'empty: file',
    'endless: link',
    'fifo: fifo',
    'fifo-link: link',
    'file: file',
    'folder: directory',
    'folder-link: link',
    'link: link',
    'loop: link',
    'socket: socket',
    'terminal: link',
  ]);
  expect(files.list(top, { maxEntries: 3 })).toMatchObject({ truncated: true });
  expect(files.list(top, { maxEntries: 12 })).toMatchObject({ truncated: false });
  expect(files.list(join(top, 'file'))).toEqual({ kind: 'wrong_type', type: 'file' });
  expect(files.list(join(top, 'fifo'))).toEqual({ kind: 'wrong_type', type: 'fifo' });
});

test('a folder too large to be read whole gives as many entries as asked for', () => {
  const top = temporaryHome();
  const folder = join(top, 'many');
  mkdirSync(folder);
  let count = 0;
  while (statSync(folder).size <= 1024 * 1024 && count < 60_000)
    writeFileSync(join(folder, longName(count++)), '');
  expect(files.list(folder, { maxEntries: 100 })).toMatchObject({ kind: 'read', truncated: true });
  const whole = files.list(folder);
  expect(whole.kind === 'read' && whole.entries.map((entry) => entry.name)).toEqual(
    Array.from({ length: count }, (_, index) => longName(index)),
  );
});

test('nothing that is looked at changes its times', async () => {
  const top = await zoo();
  const long = new Date('2020-01-01T00:00:00Z');
  for (const name of ['file', 'folder', '']) utimesSync(join(top, name), long, long);
  for (const name of ['file', 'folder', 'link', '']) {
    const path = join(top, name);
    files.look(path);
    files.readBytes(path);
    files.readText(path);
    files.list(path);
  }
  expect(['file', 'folder', ''].map((name) => statSync(join(top, name)).mtimeMs)).toEqual(
    Array.from({ length: 3 }, () => long.getTime()),
  );
});

test('any window of any file is exactly that window', () => {
  const top = temporaryHome();
  const path = join(top, 'bytes');
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 200 }),
      fc.nat({ max: 250 }),
      fc.nat({ max: 250 }),
      (bytes, offset, maxBytes) => {
        writeFileSync(path, bytes);
        const read = files.readBytes(path, { offset, maxBytes });
        expect(read).toMatchObject({ kind: 'read', truncated: offset + maxBytes < bytes.length });
        expect(read.kind === 'read' && [...read.bytes]).toEqual(
          Array.from(bytes.slice(offset, offset + maxBytes)),
        );
      },
    ),
    { numRuns: 60 },
  );
});

test('whether something could be written is asked, not tried', async () => {
  const top = await zoo();
  expect(files.writeAccess(top)).toBe('granted');
  expect(files.writeAccess(join(top, 'file'))).toBe('granted');
  expect(files.writeAccess(join(top, 'absent'))).toBe('unknown');
  expect(files.writeAccess(join(top, 'loop'))).toBe('unknown');
});
