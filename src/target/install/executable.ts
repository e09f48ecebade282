import type { Files } from '../../host/files.ts';

/** What a program file is, by its first bytes. */
export type ProgramKind =
  | {
      readonly kind: 'native';
      readonly os: 'linux' | 'darwin' | 'win32';
      readonly architectures: readonly string[];
    }
  /** `text` is its head. */
  | { readonly kind: 'script'; readonly text: string }
  | { readonly kind: 'empty' }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'unreadable' };

/** Launcher scripts of package managers are below 2 KiB; a native header is far smaller. */
const HEAD_BYTES = 8 * 1024;
/** Machine numbers of the ELF header. */
const ELF_MACHINES: Readonly<Record<number, string>> = {
  3: 'ia32',
  40: 'arm',
  62: 'x64',
  183: 'arm64',
  243: 'riscv64',
};
/** CPU types of the Mach-O header. */
const MACH_CPUS: Readonly<Record<number, string>> = { 0x01000007: 'x64', 0x0100000c: 'arm64' };
/** Machine numbers of the PE header. */
const PE_MACHINES: Readonly<Record<number, string>> = { 0x8664: 'x64', 0xaa64: 'arm64', 0x14c: 'ia32' };
const MACH_64_LITTLE = 0xfeedfacf;
const MACH_UNIVERSAL = 0xcafebabe;
/** A universal binary lists one entry per architecture; Java class files share its magic number and count higher. */
const MAX_UNIVERSAL_ENTRIES = 8;

/** Reads the head of a program file and says what could run it. Never runs it. */
export function programKind(path: string, files: Files): ProgramKind {
  const read = files.readBytes(path, { maxBytes: HEAD_BYTES });
  if (read.kind !== 'read') return { kind: 'unreadable' };
  const { bytes } = read;
  if (bytes.length === 0) return { kind: 'empty' };
  const isScript = bytes.toString('latin1', 0, 2) === '#!' || /\.(?:cmd|bat|ps1)$/iu.test(path);
  return isScript
    ? { kind: 'script', text: bytes.toString('utf8') }
    : (nativeKind(bytes) ?? { kind: 'unknown' });
}

function nativeKind(bytes: Buffer): ProgramKind | undefined {
  if (bytes.length < 20) return undefined;
  if (bytes.readUInt32BE(0) === 0x7f454c46) {
    const machine = bytes[5] === 2 ? bytes.readUInt16BE(18) : bytes.readUInt16LE(18);
    return { kind: 'native', os: 'linux', architectures: [ELF_MACHINES[machine] ?? `machine ${machine}`] };
  }
  if (bytes.readUInt32LE(0) === MACH_64_LITTLE) {
    const cpu = bytes.readUInt32LE(4);
    return { kind: 'native', os: 'darwin', architectures: [MACH_CPUS[cpu] ?? `cpu ${cpu}`] };
  }
  if (bytes.readUInt32BE(0) === MACH_UNIVERSAL) return universalKind(bytes);
  if (bytes.toString('latin1', 0, 2) === 'MZ' && bytes.length >= 64) {
    const header = bytes.readUInt32LE(60);
    const machine = header + 6 <= bytes.length ? bytes.readUInt16LE(header + 4) : 0;
    return { kind: 'native', os: 'win32', architectures: [PE_MACHINES[machine] ?? `machine ${machine}`] };
  }
  return undefined;
}

function universalKind(bytes: Buffer): ProgramKind | undefined {
  const count = bytes.readUInt32BE(4);
  if (count === 0 || count > MAX_UNIVERSAL_ENTRIES || bytes.length < 8 + count * 20) return undefined;
  const architectures = Array.from({ length: count }, (_, index) => {
    const cpu = bytes.readUInt32BE(8 + index * 20);
    return MACH_CPUS[cpu] ?? `cpu ${cpu}`;
  });
  return { kind: 'native', os: 'darwin', architectures };
}
