import { execFileSync } from 'node:child_process';
import {
  closeSync,
  constants,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  readSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { temporaryHome } from '../../../fixtures/home.ts';
import { writeOutput } from './write-output.ts';

describe('a report in a file', () => {
  test('takes the place of the one before, whole, and leaves nothing beside it', async () => {
    const folder = temporaryHome({ 'doctor.json': 'old' });
    expect(await writeOutput(join(folder, 'doctor.json'), 'new\n')).toBeUndefined();
    expect(readdirSync(folder)).toEqual(['doctor.json']);
    expect(readFileSync(join(folder, 'doctor.json'), 'utf8')).toBe('new\n');
  });

  test('goes where a link leads, and the link stays', async () => {
    const folder = temporaryHome({ 'kept/doctor.json': 'old' });
    symlinkSync('kept/doctor.json', join(folder, 'link.json'));
    expect(await writeOutput(join(folder, 'link.json'), 'new')).toBeUndefined();
    expect(readlinkSync(join(folder, 'link.json'))).toBe('kept/doctor.json');
    expect(readFileSync(join(folder, 'kept/doctor.json'), 'utf8')).toBe('new');
  });

  test('that cannot be written says why', async () => {
    const folder = temporaryHome({ 'a-file': '' });
    expect(await writeOutput(join(folder, 'none/doctor.json'), '')).toBe('ENOENT');
    expect(await writeOutput(join(folder, 'a-file/doctor.json'), '')).toBe('ENOTDIR');
    mkdirSync(join(folder, 'taken'));
    expect(await writeOutput(join(folder, 'taken'), '')).toBe('EISDIR');
  });

  test.skipIf(process.platform === 'win32')('does not wait for the reader of a pipe', async () => {
    const pipe = makePipe();
    expect(await writeOutput(pipe, 'text')).toBe('ENXIO');
    expect(await writeOutput('/dev/null', 'text')).toBeUndefined();
    expect(statSync('/dev/null').isCharacterDevice()).toBe(true);
  });
});

describe.skipIf(process.platform === 'win32')('a report that is larger than a pipe', () => {
  const large = 'x'.repeat(300_000);

  test('reaches a reader who takes it slowly', async () => {
    const pipe = makePipe();
    const reader = openSync(pipe, constants.O_RDONLY | constants.O_NONBLOCK);
    const written = writeOutput(pipe, large);
    let size = 0;
    const buffer = Buffer.alloc(10_000);
    while (size < large.length) {
      await pause(1);
      size += readOrNothing(reader, buffer);
    }
    closeSync(reader);
    expect(await written).toBeUndefined();
    expect(size).toBe(large.length);
  });

  test('is given up where the reader has stopped', async () => {
    const pipe = makePipe();
    const reader = openSync(pipe, constants.O_RDONLY | constants.O_NONBLOCK);
    expect(await writeOutput(pipe, large, { standstillMs: 20 })).toBe('EAGAIN');
    closeSync(reader);
  });
});

function makePipe(): string {
  const pipe = join(temporaryHome(), 'pipe');
  execFileSync('mkfifo', [pipe]);
  return pipe;
}

function readOrNothing(descriptor: number, buffer: Buffer): number {
  try {
    return readSync(descriptor, buffer);
  } catch {
    return 0;
  }
}
