import type { Files } from '../../../src/host/files.ts';

/** What the Linux kernel says about the means that a sandbox is made of. Undefined: it does not say. */
export interface KernelFacts {
  /** User namespaces per user; 0 forbids them to everybody. */
  readonly maxUserNamespaces: number | undefined;
  /** Debian's switch; false keeps them to root. */
  readonly unprivilegedNamespaces: boolean | undefined;
  /** AppArmor takes the rights away from user namespaces of programs without a profile. */
  readonly apparmorRestricts: boolean | undefined;
  /** A profile of AppArmor that gives them back to bubblewrap. */
  readonly apparmorProfile: string | undefined;
  readonly landlock: boolean | undefined;
}

/** Profiles under which distributions ship the exception for bubblewrap. */
const BUBBLEWRAP_PROFILES = ['bwrap-userns-restrict', 'bwrap', 'usr.bin.bwrap'];

export function kernelFacts(files: Files): KernelFacts {
  const number = (path: string): number | undefined => {
    const text = textOf(path, files);
    return text === undefined || !/^\d+$/.test(text) ? undefined : Number(text);
  };
  const unprivileged = number('/proc/sys/kernel/unprivileged_userns_clone');
  const apparmor = number('/proc/sys/kernel/apparmor_restrict_unprivileged_userns');
  return {
    maxUserNamespaces: number('/proc/sys/user/max_user_namespaces'),
    unprivilegedNamespaces: unprivileged === undefined ? undefined : unprivileged !== 0,
    apparmorRestricts: apparmor === undefined ? undefined : apparmor !== 0,
    apparmorProfile: BUBBLEWRAP_PROFILES.map((name) => `/etc/apparmor.d/${name}`).find(
      (path) => files.look(path).kind === 'found',
    ),
    landlock: textOf('/sys/kernel/security/lsm', files)?.split(',').includes('landlock'),
  };
}

function textOf(path: string, files: Files): string | undefined {
  const read = files.readText(path, { maxBytes: 4096 });
  return read.kind === 'read' ? read.text.trim() : undefined;
}
