import type { Files } from './files.ts';
import type { Machine } from './machine.ts';
import { firstLine } from './first-line.ts';

export interface OperatingSystem {
  /** As its maker spells it, such as `Debian GNU/Linux 12 (bookworm)`. */
  readonly name: string;
  /** Family, such as `Debian GNU/Linux`, `macOS` or `Windows`. */
  readonly type: string;
  readonly version: string | undefined;
}

/** Places of the distribution's description, in the order of os-release(5). */
const OS_RELEASE = ['/etc/os-release', '/usr/lib/os-release'];
const MACOS_VERSION = '/System/Library/CoreServices/SystemVersion.plist';
/** Real ones have a few hundred bytes. */
const MAX_BYTES = 64 * 1024;

/** Names the operating system from its own files; no program is asked. */
export function operatingSystem(files: Files, { platform, kernel }: Machine): OperatingSystem {
  if (platform === 'linux')
    return linuxDistribution(files) ?? { name: kernel, type: 'Linux', version: undefined };
  if (platform === 'darwin') {
    const version = macosVersion(files);
    return { name: version ? `macOS ${version}` : 'macOS', type: 'macOS', version };
  }
  if (platform === 'win32') {
    const version = kernel.split(' ').at(-1);
    return { name: `Windows ${version ?? ''}`.trim(), type: 'Windows', version };
  }
  return { name: kernel, type: platform, version: undefined };
}

function macosVersion(files: Files): string | undefined {
  const read = files.readText(MACOS_VERSION, { maxBytes: MAX_BYTES });
  if (read.kind !== 'read') return undefined;
  return /<key>ProductVersion<\/key>\s*<string>([^<]*)<\/string>/.exec(read.text)?.[1];
}

function linuxDistribution(files: Files): OperatingSystem | undefined {
  for (const path of OS_RELEASE) {
    const read = files.readText(path, { maxBytes: MAX_BYTES });
    if (read.kind !== 'read') continue;
    const known = parseOsRelease(read.text);
    const type = known.get('NAME') ?? known.get('ID') ?? 'Linux';
    const version = known.get('VERSION_ID');
    const name = known.get('PRETTY_NAME') ?? (version ? `${type} ${version}` : type);
    return { name, type, version };
  }
  return undefined;
}

/** Assignments of os-release(5): one a line, values bare or in shell quotes; what is neither is passed over. */
export function parseOsRelease(text: string): ReadonlyMap<string, string> {
  const known = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    const [, key, written] = /^\s*([A-Z][A-Z0-9_]*)=(.*?)\s*$/.exec(line) ?? [];
    if (key === undefined || written === undefined) continue;
    const value = firstLine(unquote(written));
    if (value !== '') known.set(key, value);
  }
  return known;
}

function unquote(written: string): string {
  const single = /^'([^']*)'$/.exec(written)?.[1];
  if (single !== undefined) return single;
  const inner = /^"((?:[^"\\]|\\.)*)"$/.exec(written)?.[1] ?? written;
  return inner.replace(/\\(["$`\\])/g, '$1');
}
