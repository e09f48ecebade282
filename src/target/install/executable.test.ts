import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { elfProgram, plantTree } from '../../../fixtures/install.ts';
import { files } from '../../host/files.ts';
import { programKind } from './executable.ts';

function machO(cpu: number): Buffer {
  const head = Buffer.alloc(32);
  head.writeUInt32LE(0xfeedfacf, 0);
  head.writeUInt32LE(cpu, 4);
  return head;
}

function universal(cpus: readonly number[]): Buffer {
  const head = Buffer.alloc(8 + cpus.length * 20);
  head.writeUInt32BE(0xcafebabe, 0);
  head.writeUInt32BE(cpus.length, 4);
  for (const [index, cpu] of cpus.entries()) head.writeUInt32BE(cpu, 8 + index * 20);
  return head;
}

function portable(machine: number): Buffer {
  const head = Buffer.alloc(128);
  head.write('MZ', 'latin1');
  head.writeUInt32LE(64, 60);
  head.write('PE', 64, 'latin1');
  head.writeUInt16LE(machine, 68);
  return head;
}

test.each<[string, Uint8Array | string, object]>([
  ['Linux on x64', elfProgram('x64'), { kind: 'native', os: 'linux', architectures: ['x64'] }],
  ['Linux on arm64', elfProgram('arm64'), { kind: 'native', os: 'linux', architectures: ['arm64'] }],
  ['macOS on arm64', machO(0x0100000c), { kind: 'native', os: 'darwin', architectures: ['arm64'] }],
  [
    'macOS on both',
    universal([0x01000007, 0x0100000c]),
    { kind: 'native', os: 'darwin', architectures: ['x64', 'arm64'] },
  ],
  ['Windows on x64', portable(0x8664), { kind: 'native', os: 'win32', architectures: ['x64'] }],
  ['a shell script', '#!/bin/sh -e\nexit\n', { kind: 'script', text: '#!/bin/sh -e\nexit\n' }],
  ['nothing', '', { kind: 'empty' }],
  ['an error page', '<html>404</html>', { kind: 'unknown' }],
  [
    'a Java class',
    Buffer.concat([Buffer.from('cafebabe00000041', 'hex'), Buffer.alloc(64)]),
    { kind: 'unknown' },
  ],
  ['a truncated program', elfProgram().subarray(0, 8), { kind: 'unknown' }],
])('%s', (_name, content, expected) => {
  const root = plantTree({ program: content });
  expect(programKind(join(root, 'program'), files)).toMatchObject(expected);
});

test('a folder is unreadable, not a crash', () => {
  expect(programKind(plantTree({}), files)).toEqual({ kind: 'unreadable' });
});

test('no bytes make it throw', () => {
  const magic = fc.constantFrom('\x7fELF', 'MZ', '\xca\xfe\xba\xbe', '\xcf\xfa\xed\xfe', '#!', '');
  fc.assert(
    fc.property(magic, fc.uint8Array({ maxLength: 200 }), (start, rest) => {
      const bytes = Buffer.concat([Buffer.from(start, 'latin1'), rest]);
      const facts = files.look('/');
      if (facts.kind !== 'found') throw new Error('no root directory');
      const program = programKind('/x', {
        ...files,
        readBytes: () => ({ kind: 'read', bytes, facts, truncated: false }),
      });
      expect(['native', 'script', 'empty', 'unknown']).toContain(program.kind);
    }),
  );
});
