import { isBelow } from '../../../host/inside.ts';
import type { WritableArea } from '../writable.ts';

export interface BubblewrapRequest {
  readonly area: Extract<WritableArea, { kind: 'roots' }>;
  /** Folders inside of the roots that commands must not rename. */
  readonly held: readonly string[];
  readonly hasNetwork: boolean;
  /** Descriptor that the launcher opens the filter of system calls on; undefined: none. */
  readonly filterDescriptor: number | undefined;
  readonly cwd: string;
  /** What runs inside. */
  readonly argv: readonly string[];
}

/**
 * The arguments of bwrap(1) that hold a policy. The whole file system is read-only, the roots are writable, what is
 * protected inside of them is read-only again, and whatever is deeper is mounted later. Every path has to exist.
 */
export function bubblewrapArguments(request: BubblewrapRequest): string[] {
  const { area, held, hasNetwork, filterDescriptor, cwd, argv } = request;
  const mounts = needed([
    { option: '--ro-bind', path: '/' },
    ...area.roots.map((path) => ({ option: '--bind', path })),
    ...area.readOnlyBelow.map((path) => ({ option: '--ro-bind', path })),
    ...held.map((path) => ({ option: '--bind', path, isHeld: true })),
  ]);
  const whole = mounts.filter(({ path }) => path === '/');
  const parts = mounts.filter(({ path }) => path !== '/');
  // Whoever is root outside is so inside, and could mount again what was mounted read-only: so nobody has a capability.
  const identity = ['--unshare-user', '--cap-drop', 'ALL'];
  // No process outside can be seen or signalled, and everything inside ends with the first process.
  const processes = ['--unshare-pid', '--unshare-ipc', '--die-with-parent'];
  const network = hasNetwork ? [] : ['--unshare-net'];
  const filter = filterDescriptor === undefined ? [] : ['--seccomp', String(filterDescriptor)];
  // Behind the root, which would cover them.
  const system = ['--dev', '/dev', '--proc', '/proc'];
  const files = [...whole.flatMap(bind), ...system, ...parts.flatMap(bind)];
  return [...identity, ...processes, ...network, ...filter, ...files, '--chdir', cwd, '--', ...argv];
}

interface Mount {
  readonly option: string;
  readonly path: string;
  /** Changes no right: what is a mount point cannot be renamed. */
  readonly isHeld?: boolean;
}

const bind = ({ option, path }: Mount): string[] => [option, path, path];

/**
 * The mounts that change something, from the outside in. A writable folder in a writable one is left out, unless it is held,
 * also because a command could put a link in its place while the next sandbox is made.
 */
function needed(mounts: readonly Mount[]): Mount[] {
  const kept: Mount[] = [];
  for (const mount of mounts.toSorted((a, b) => a.path.length - b.path.length)) {
    const around = kept.findLast(({ path }) => isBelow(mount.path, path));
    const changesRights = around?.option !== mount.option;
    const isNeeded = mount.isHeld ? !changesRights && around.path !== mount.path : changesRights;
    if (isNeeded) kept.push(mount);
  }
  return kept;
}
