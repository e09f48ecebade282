import { expect, test } from 'vitest';
import type { BytesRead, DirectoryRead } from './files.ts';
import { isStartable } from './program-format.ts';

function startable(bytes: Uint8Array, { emulators = [] as string[], architecture = 'x64' } = {}): boolean {
  return isStartable(
    '/bin/x',
    {
      readBytes: () => ({ kind: 'read', bytes: Buffer.from(bytes), truncated: true }) as BytesRead,
      list: (): DirectoryRead => ({
        kind: 'read',
        entries: emulators.map((name) => ({ name, type: 'file' as const })),
        truncated: false,
      }),
    },
    architecture,
  );
}

function elf(machine: number): Buffer {
  const header = Buffer.alloc(20);
  header.write('\x7fELF', 'latin1');
  header.writeUInt16LE(machine, 18);
  return header;
}

test.each<[string, boolean, boolean]>([
  ['a script', startable(Buffer.from('#!/bin/sh')), true],
  ['a program for this machine', startable(elf(62)), true],
  ['a 32-bit program', startable(elf(3)), true],
  ['a program for ARM', startable(elf(183)), false],
  ['a program for ARM with an emulator', startable(elf(183), { emulators: ['qemu-aarch64'] }), true],
  [
    'a program for ARM with other handlers',
    startable(elf(183), { emulators: ['register', 'status'] }),
    false,
  ],
  ['a program for ARM on ARM', startable(elf(183), { architecture: 'arm64' }), true],
  ['a machine that we have no table for', startable(elf(62), { architecture: 'riscv64' }), true],
  ['a universal program of macOS', startable(Buffer.from('cafebabe00000002', 'hex')), true],
  ['text', startable(Buffer.from('rm -rf /\n')), false],
  ['nothing', startable(Buffer.alloc(0)), false],
  ['half a header', startable(Buffer.from('\x7fELF\x02', 'latin1')), true],
])('%s', (_title, actual, expected) => {
  expect(actual).toBe(expected);
});
