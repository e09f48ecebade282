import type { Files } from './files.ts';

/** Numbers of the ELF header for the machines that a Node.js of this architecture can run natively. */
const ELF_MACHINES: Readonly<Record<string, readonly number[]>> = {
  x64: [62, 3],
  arm64: [183, 40],
};
const ELF_HEADER_BYTES = 20;
const ELF_MACHINE_OFFSET = 18;
/** First bytes of Apple's program files: thin in both byte orders, and universal. */
const MACH_O = ['feedface', 'feedfacf', 'cefaedfe', 'cffaedfe', 'cafebabe', 'cafebabf'];
const EMULATORS = '/proc/sys/fs/binfmt_misc';

/**
 * Whether the system could start a file by itself. What it cannot, the C library would hand to `/bin/sh`, and a shell is
 * never to read what is no script.
 */
export function isStartable(
  path: string,
  files: Pick<Files, 'readBytes' | 'list'>,
  architecture: string = process.arch,
): boolean {
  const read = files.readBytes(path, { maxBytes: ELF_HEADER_BYTES });
  // What cannot be read may still be executable; the system will say.
  if (read.kind !== 'read') return true;
  const { bytes } = read;
  const magic = bytes.subarray(0, 4).toString('latin1');
  if (magic.startsWith('#!') || magic.startsWith('MZ')) return true;
  if (MACH_O.includes(bytes.subarray(0, 4).toString('hex'))) return true;
  if (magic !== '\x7fELF') return false;
  const machines = ELF_MACHINES[architecture];
  if (!machines || bytes.length < ELF_HEADER_BYTES) return true;
  return machines.includes(bytes.readUInt16LE(ELF_MACHINE_OFFSET)) || hasEmulators(files);
}

/** Linux can be told to start programs of other machines through an emulator. */
function hasEmulators(files: Pick<Files, 'list'>): boolean {
  const listed = files.list(EMULATORS);
  return listed.kind === 'read' && listed.entries.some(({ name }) => /qemu|rosetta|box64|fex/i.test(name));
}
