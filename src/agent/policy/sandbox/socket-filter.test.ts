import { expect, test } from 'vitest';
import { socketFilter } from './socket-filter.ts';

const X64 = { audit: 0xc000003e, socket: 41, socketpair: 53, connect: 42 };
const ARM64 = { audit: 0xc00000b7, socket: 198, socketpair: 199, connect: 203 };
const [UNIX, IPV4, NETLINK, VIRTUAL_MACHINE] = [1, 2, 16, 40];
const [STREAM, DATAGRAM, RAW, PACKETS, CLOSE_ON_EXEC] = [1, 2, 3, 5, 0o2000000];
const IO_URING_SETUP = 425;
const ALLOWED = 0x7fff0000;

interface SystemCall {
  readonly audit: number;
  readonly number: number;
  readonly words?: readonly number[];
}

/** What the kernel would make of a call: bpf(4), as far as the filter goes. */
function verdictOn(filter: Buffer, { audit, number, words = [] }: SystemCall): 'allowed' | 'denied' {
  const call = Buffer.alloc(64);
  call.writeUInt32LE(number, 0);
  call.writeUInt32LE(audit, 4);
  for (const [index, word] of words.entries()) call.writeUInt32LE(word, 16 + 8 * index);
  let value = 0;
  for (let at = 0; at < filter.length; at += 8) {
    const operand = filter.readUInt32LE(at + 4);
    const jump = (isTrue: boolean): void => void (at += 8 * filter.readUInt8(at + (isTrue ? 2 : 3)));
    switch (filter.readUInt16LE(at)) {
      case 0x20:
        value = call.readUInt32LE(operand);
        break;
      case 0x54:
        value &= operand;
        break;
      case 0x15:
        jump(value === operand);
        break;
      case 0x35:
        jump(value >= operand);
        break;
      case 0x06:
        return operand === ALLOWED ? 'allowed' : 'denied';
      default:
        throw new Error('an instruction that the filter should not need');
    }
  }
  throw new Error('the filter runs off its end');
}

test.each([
  ['x64', X64],
  ['arm64', ARM64],
])('the filter of %s', (architecture, { audit, socket, socketpair, connect }) => {
  const filter = socketFilter(architecture) ?? Buffer.alloc(0);
  const call = (number: number, ...words: readonly number[]) => verdictOn(filter, { audit, number, words });
  expect([IPV4, NETLINK].map((family) => call(socket, family, STREAM))).toEqual(['allowed', 'allowed']);
  expect([UNIX, VIRTUAL_MACHINE].map((family) => call(socket, family, STREAM))).toEqual(['denied', 'denied']);
  // A pair of streams can only talk to itself; a datagram of any pair goes wherever its address says.
  expect([STREAM, PACKETS | CLOSE_ON_EXEC].map((type) => call(socketpair, UNIX, type))).toEqual([
    'allowed',
    'allowed',
  ]);
  expect([DATAGRAM, RAW, DATAGRAM | CLOSE_ON_EXEC].map((type) => call(socketpair, UNIX, type))).toEqual([
    'denied',
    'denied',
    'denied',
  ]);
  expect([call(connect), call(IO_URING_SETUP), call(socket | 0x40000000, UNIX)]).toEqual([
    'allowed',
    'denied',
    'denied',
  ]);
  expect(verdictOn(filter, { audit: 0x40000003, number: 1 }), 'a program of 32 bits').toBe('denied');
});

test('there is none for what nobody has looked up', () => expect(socketFilter('riscv64')).toBeUndefined());
