import { join } from 'node:path';
import { expect, test } from 'vitest';
import { anotherProcess, makeDatabase } from '../../../fixtures/databases.ts';
import { temporaryHome } from '../../../fixtures/home.ts';
import { files } from '../../host/files.ts';
import type { Files } from '../../host/files.ts';
import { findExclusiveHolder, findSustainedHolder, parseLocks, readLocks } from './lock-holders.ts';

const { signal } = new AbortController();

test('the table of the kernel: granted byte-range locks only', () => {
  const text = [
    '1: POSIX  ADVISORY  WRITE 4711 fe:01:131075 1073741826 1073742335',
    '1: -> POSIX  ADVISORY  READ  4712 fe:01:131075 1073741826 1073742335',
    '2: FLOCK  ADVISORY  WRITE 99 fe:01:5 0 EOF',
    '3: OFDLCK ADVISORY  READ  -1 00:2f:77 0 EOF',
    'something else entirely',
    '',
  ].join('\n');
  expect(parseLocks(text)).toEqual([
    {
      access: 'WRITE',
      pid: 4711,
      device: 0xfe * 2 ** 20 + 1,
      inode: 131_075,
      start: 1_073_741_826,
      end: 1_073_742_335,
    },
    { access: 'READ', pid: -1, device: 0x2f, inode: 77, start: 0, end: Number.MAX_SAFE_INTEGER },
  ]);
});

test.runIf(process.platform === 'linux')('the holder of an exclusive lock is named', async () => {
  const path = join(temporaryHome(), 'state_5.sqlite');
  makeDatabase(path, { journal: 'DELETE' });
  expect(await findExclusiveHolder(path, files)).toBeUndefined();
  const { pid } = await anotherProcess(path, `database.exec('BEGIN EXCLUSIVE')`);
  expect(await findExclusiveHolder(path, files)).toEqual({ pid, command: expect.any(String) as string });
});

test.runIf(process.platform === 'linux')(
  'a device number that the kernel spells otherwise is no obstacle',
  async () => {
    const path = join(temporaryHome(), 'state_5.sqlite');
    makeDatabase(path, { journal: 'DELETE' });
    const { pid } = await anotherProcess(path, `database.exec('BEGIN EXCLUSIVE')`);
    const btrfs: Files = {
      ...files,
      look: (file) => {
        const seen = files.look(file);
        return seen.kind === 'found' ? { ...seen, device: 12_345 } : seen;
      },
    };
    expect((await findExclusiveHolder(path, btrfs))?.pid).toBe(pid);
  },
);

test.runIf(process.platform === 'linux')(
  'who keeps the write lock of a log is named, who only reads is not',
  async () => {
    const path = join(temporaryHome(), 'state_5.sqlite');
    makeDatabase(path);
    await anotherProcess(path, `database.exec('BEGIN; SELECT * FROM notes')`);
    expect(
      await findSustainedHolder('writing', path, { files, signal, locks: await readLocks() }),
    ).toBeUndefined();
    const { pid } = await anotherProcess(path, `database.exec('BEGIN IMMEDIATE')`);
    const locks = await readLocks();
    expect(await findSustainedHolder('writing', path, { files, signal, locks })).toMatchObject({ pid });
    expect(
      await findSustainedHolder('writing', path, { files, signal: AbortSignal.abort(), locks }),
    ).toBeUndefined();
  },
);

test.runIf(process.platform === 'linux')('a writer that comes and goes is healthy', async () => {
  const path = join(temporaryHome(), 'state_5.sqlite');
  makeDatabase(path);
  await anotherProcess(
    path,
    `(function again() { database.exec("INSERT INTO notes(text) VALUES ('x')"); setTimeout(again, 1); })()`,
  );
  for (let round = 0; round < 3; round += 1)
    expect(
      await findSustainedHolder('writing', path, { files, signal, locks: await readLocks() }),
    ).toBeUndefined();
});
