/**
 * A filter of system calls (seccomp(2), a program for the kernel's packet filter) for commands without a network. A
 * network namespace hides every address, but a Unix socket is reached through its file: the container daemon, the
 * desktop's bus or a terminal multiplexer would run anything for whoever connects. So no Unix socket can be made, and no
 * ring that makes one behind the filter's back. Pairs can, as long as they only talk to each other: one of datagrams could
 * send to any address. A program of another architecture has no system calls.
 */
export function socketFilter(architecture: string): Buffer | undefined {
  const known = ARCHITECTURES[architecture];
  if (known === undefined) return undefined;
  const { audit, socket, socketPair } = known;
  // Jumps count the instructions in between.
  return Buffer.concat([
    instruction({ code: LOAD_WORD, operand: OFFSET_ARCHITECTURE }),
    instruction({ code: JUMP_EQUAL, operand: audit, whenFalse: 12 }),
    instruction({ code: LOAD_WORD, operand: OFFSET_NUMBER }),
    instruction({ code: JUMP_AT_LEAST, operand: FIRST_FOREIGN_NUMBER, whenTrue: 10 }),
    instruction({ code: JUMP_EQUAL, operand: IO_URING_SETUP, whenTrue: 9 }),
    instruction({ code: JUMP_EQUAL, operand: socketPair, whenTrue: 4 }),
    instruction({ code: JUMP_EQUAL, operand: socket, whenFalse: 8 }),
    instruction({ code: LOAD_WORD, operand: OFFSET_FIRST_ARGUMENT }),
    instruction({ code: JUMP_EQUAL, operand: UNIX_FAMILY, whenTrue: 5 }),
    instruction({ code: JUMP_EQUAL, operand: MACHINE_FAMILY, whenTrue: 4, whenFalse: 5 }),
    instruction({ code: LOAD_WORD, operand: OFFSET_SECOND_ARGUMENT }),
    instruction({ code: AND, operand: TYPE_BITS }),
    instruction({ code: JUMP_EQUAL, operand: STREAM, whenTrue: 2 }),
    instruction({ code: JUMP_EQUAL, operand: SEQUENCED_PACKETS, whenTrue: 1 }),
    instruction({ code: RETURN, operand: NOT_PERMITTED }),
    instruction({ code: RETURN, operand: ALLOW }),
  ]);
}

/** From the kernel's headers: `AUDIT_ARCH_*`, `__NR_socket` and `__NR_socketpair`. */
const ARCHITECTURES: Readonly<
  Record<string, { readonly audit: number; readonly socket: number; readonly socketPair: number }>
> = {
  x64: { audit: 0xc000003e, socket: 41, socketPair: 53 },
  arm64: { audit: 0xc00000b7, socket: 198, socketPair: 199 },
};
/** The same on every architecture. */
const IO_URING_SETUP = 425;
/** From here on x86-64 numbers the calls of its 32-bit form. */
const FIRST_FOREIGN_NUMBER = 0x40000000;
const UNIX_FAMILY = 1;
/** Between a virtual machine and its host; older kernels give it to every network namespace. */
const MACHINE_FAMILY = 40;
/** Of a socket's type; the other bits are flags. */
const TYPE_BITS = 0xf;
const STREAM = 1;
const SEQUENCED_PACKETS = 5;

/** In `struct seccomp_data`. */
const OFFSET_NUMBER = 0;
const OFFSET_ARCHITECTURE = 4;
const OFFSET_FIRST_ARGUMENT = 16;
const OFFSET_SECOND_ARGUMENT = 24;

const LOAD_WORD = 0x20;
const JUMP_EQUAL = 0x15;
const JUMP_AT_LEAST = 0x35;
const AND = 0x54;
const RETURN = 0x06;
const ALLOW = 0x7fff0000;
/** `SECCOMP_RET_ERRNO` with EPERM. */
const NOT_PERMITTED = 0x00050001;

interface Instruction {
  readonly code: number;
  readonly operand: number;
  /** Instructions to leap over when a comparison holds, and when it does not. */
  readonly whenTrue?: number;
  readonly whenFalse?: number;
}

/** One `struct sock_filter`; both architectures are little-endian. */
function instruction({ code, operand, whenTrue = 0, whenFalse = 0 }: Instruction): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt16LE(code, 0);
  bytes.writeUInt8(whenTrue, 2);
  bytes.writeUInt8(whenFalse, 3);
  bytes.writeUInt32LE(operand, 4);
  return bytes;
}
