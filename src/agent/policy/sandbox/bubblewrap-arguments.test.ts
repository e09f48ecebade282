import { expect, test } from 'vitest';
import { bubblewrapArguments } from './bubblewrap-arguments.ts';

const SANDBOX = {
  area: { kind: 'roots', roots: [], readOnlyBelow: [] },
  held: [],
  hasNetwork: false,
  filterDescriptor: 9,
  cwd: '/work',
  argv: ['/bin/sh', '-c', 'echo --bind'],
} as const;

/** What stands between the separation of processes and the directory to start in. */
const mountsOf = (area: { roots: string[]; readOnlyBelow: string[] }, held: string[] = []): string => {
  const words = bubblewrapArguments({ ...SANDBOX, area: { kind: 'roots', ...area }, held });
  return words.slice(words.indexOf('9') + 1, words.indexOf('--chdir')).join(' ');
};

test('a read-only sandbox, word for word', () => {
  expect(bubblewrapArguments(SANDBOX).join(' ')).toBe(
    '--unshare-user --cap-drop ALL --unshare-pid --unshare-ipc --die-with-parent --unshare-net --seccomp 9 ' +
      '--ro-bind / / --dev /dev --proc /proc --chdir /work -- /bin/sh -c echo --bind',
  );
});

test('a sandbox with a network has neither a network of its own nor a filter', () => {
  const words = bubblewrapArguments({ ...SANDBOX, hasNetwork: true, filterDescriptor: undefined });
  expect(words).not.toContain('--unshare-net');
  expect(words).not.toContain('--seccomp');
});

test.each([
  {
    name: 'what is deeper is mounted later, whatever it is',
    area: { roots: ['/w/.git/notes', '/w', '/tmp'], readOnlyBelow: ['/w/.git', '/w/.codex'] },
    mounts:
      '--ro-bind / / --dev /dev --proc /proc --bind /w /w --bind /tmp /tmp --ro-bind /w/.git /w/.git ' +
      '--ro-bind /w/.codex /w/.codex --bind /w/.git/notes /w/.git/notes',
  },
  {
    name: 'a workspace that is the whole file system does not cover the devices',
    area: { roots: ['/'], readOnlyBelow: ['/.git'] },
    mounts: '--ro-bind / / --bind / / --dev /dev --proc /proc --ro-bind /.git /.git',
  },
  {
    name: 'a root in a root is no mount of its own, nor is what is read-only anyway',
    area: {
      roots: ['/tmp/a/b', '/tmp', '/tmpfile'],
      readOnlyBelow: ['/tmp/a/b/.git', '/tmp/a/b/.git/modules/c'],
    },
    mounts:
      '--ro-bind / / --dev /dev --proc /proc --bind /tmp /tmp --bind /tmpfile /tmpfile ' +
      '--ro-bind /tmp/a/b/.git /tmp/a/b/.git',
  },
  {
    name: 'a folder below /dev is mounted behind it',
    area: { roots: ['/dev/shm'], readOnlyBelow: [] },
    mounts: '--ro-bind / / --dev /dev --proc /proc --bind /dev/shm /dev/shm',
  },
])('$name', ({ area, mounts }) => {
  expect(mountsOf(area)).toBe(mounts);
});

test('what is held is a mount of its own where it may be written, and gets no right where it may not', () => {
  const area = { roots: ['/tmp', '/tmp/a/b', '/tmp/a/b/.git/c'], readOnlyBelow: ['/tmp/a/b/.git'] };
  expect(mountsOf(area, ['/tmp/a/b/.git', '/tmp/a/b', '/tmp/a'])).toBe(
    '--ro-bind / / --dev /dev --proc /proc --bind /tmp /tmp --bind /tmp/a /tmp/a --bind /tmp/a/b /tmp/a/b ' +
      '--ro-bind /tmp/a/b/.git /tmp/a/b/.git --bind /tmp/a/b/.git/c /tmp/a/b/.git/c',
  );
});
