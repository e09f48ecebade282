import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { leaveLog } from '../../../fixtures/databases.ts';
import { temporaryHome } from '../../../fixtures/home.ts';
import { files } from '../../host/files.ts';
import { examineLog, parseLog } from './write-ahead-log.ts';

const HEADER = 32;
const SUMMED_HEADER = 24;
const FRAME = 24 + 4096;

describe('a log that SQLite wrote', () => {
  // Of two transactions: the last frame of each carries the size of the database.
  const log = sampleLog();
  const frames = (log.length - HEADER) / FRAME;

  const changed = (change: (copy: Buffer) => void): Buffer => {
    const copy = Buffer.from(log);
    change(copy);
    return copy;
  };

  test('is sound', () => {
    expect(frames).toBeGreaterThan(4);
    expect(parseLog(log)).toEqual({ kind: 'sound', frames });
  });

  test('is sound up to where it is cut, as after a crash', () => {
    fc.assert(
      fc.property(fc.integer({ min: HEADER + FRAME, max: log.length }), (length) => {
        const whole = Math.floor((length - HEADER) / FRAME);
        expect(parseLog(log.subarray(0, length))).toEqual({ kind: 'sound', frames: whole });
      }),
    );
  });

  test('is broken when any byte of a page or checksum before the last frame changes', () => {
    const offsetInFrame = fc.integer({ min: 16, max: FRAME - 1 });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: frames - 2 }), offsetInFrame, (frame, offset) => {
        const damaged = changed((copy) => {
          const at = HEADER + frame * FRAME + offset;
          copy.writeUInt8(copy.readUInt8(at) ^ 0x40, at);
        });
        expect(parseLog(damaged)).toMatchObject({ kind: 'broken_frame', frame: frame + 1 });
      }),
    );
  });

  test('loses nothing by a torn last frame', () => {
    const torn = changed((copy) => copy.fill(0, copy.length - 100));
    expect(parseLog(torn)).toEqual({ kind: 'sound', frames: frames - 1 });
  });

  test('is worthless with a damaged header', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: HEADER - 1 }), (at) => {
        const damaged = changed((copy) => copy.writeUInt8(copy.readUInt8(at) ^ 0x10, at));
        expect(parseLog(damaged)).toEqual({ kind: 'bad_header', bytes: log.length });
      }),
    );
  });

  test('may be followed by frames of an earlier round', () => {
    const restarted = Buffer.concat([log, log.subarray(HEADER)]);
    restarted.fill(0x11, log.length + 8, log.length + 16);
    for (let frame = 1; frame < frames; frame += 1)
      restarted.fill(0x11, log.length + frame * FRAME + 8, log.length + frame * FRAME + 16);
    expect(parseLog(restarted)).toEqual({ kind: 'sound', frames });
  });

  test('reads the same with sums of the other byte order', () => {
    expect(parseLog(inOtherByteOrder(log))).toEqual({ kind: 'sound', frames });
  });
});

test('no bytes make the parser fail', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: HEADER, maxLength: 20_000 }), (bytes) => {
      expect(parseLog(Buffer.from(bytes)).kind).toBe('bad_header');
    }),
  );
});

test.each([
  ['none', undefined, 'absent'],
  ['no byte', '', 'empty'],
  ['less than a header', 'short', 'empty'],
  ['text', 'x'.repeat(5_000), 'bad_header'],
])('a file with %s', (_name, content, expected) => {
  const home = temporaryHome(content === undefined ? {} : { 'a-wal': content });
  expect(examineLog(join(home, 'a-wal'), files).kind).toBe(expected);
});

function sampleLog(): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'stethos-log-'));
  try {
    const path = join(folder, 'a.sqlite');
    leaveLog(path, { sharedMemory: false });
    return readFileSync(`${path}-wal`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Rewrites magic and checksums as a machine of the other byte order would have. */
function inOtherByteOrder(log: Buffer): Buffer {
  const copy = Buffer.from(log);
  copy.writeUInt32BE(copy.readUInt32BE(0) ^ 1, 0);
  let sum: [number, number] = [0, 0];
  const add = (from: number, to: number): void => {
    for (let at = from; at < to; at += 8) {
      const read = (place: number): number =>
        copy.readUInt32BE(0) === 0x377f_0683 ? copy.readUInt32BE(place) : copy.readUInt32LE(place);
      sum = [(sum[0] + read(at) + sum[1]) >>> 0, sum[1]];
      sum = [sum[0], (sum[1] + read(at + 4) + sum[0]) >>> 0];
    }
  };
  const write = (at: number): void => {
    copy.writeUInt32BE(sum[0], at);
    copy.writeUInt32BE(sum[1], at + 4);
  };
  add(0, SUMMED_HEADER);
  write(SUMMED_HEADER);
  for (let at = HEADER; at + FRAME <= copy.length; at += FRAME) {
    add(at, at + 8);
    add(at + 24, at + FRAME);
    write(at + 16);
  }
  return copy;
}
