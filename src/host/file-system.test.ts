import { expect, test } from 'vitest';
import { fileSystemOf, findMount } from './file-system.ts';
import { files } from './files.ts';

const MOUNTS = String.raw`22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
30 22 0:40 / /home rw,relatime shared:2 - nfs4 server:/home rw,vers=4.2
31 30 0:41 / /home/ada/My\040Files rw - fuse.sshfs ada@host: rw
32 22 0:42 / /mnt/c rw - 9p C:\134 rw,aname=drvfs
33 22 0:43 / /snap ro,nodev - squashfs /dev/loop0 ro
34 22 0:44 / /work rw - fuse.fuse-overlayfs overlay rw
35 22 0:45 / /work rw - xfs /dev/sdb rw
`;

test.each([
  ['/root/.codex', 'ext4', '/', false],
  ['/home/ada/.codex', 'nfs4', '/home', true],
  ['/home/ada/My Files/x', 'fuse.sshfs', '/home/ada/My Files', true],
  ['/homework', 'ext4', '/', false],
  ['/mnt/c/Users', '9p', '/mnt/c', true],
  ['/snap', 'squashfs', '/snap', false],
  ['/work/.codex', 'xfs', '/work', false],
])('the mount of %s', (path, type, mountPoint, shared) => {
  expect(findMount(MOUNTS, path)).toMatchObject({ type, mountPoint, shared });
});

test('a read-only mount is told by either list of options', () => {
  expect(findMount(MOUNTS, '/snap/x')?.readOnly).toBe(true);
  expect(findMount('22 1 8:1 / / rw - ext4 /dev/sda1 ro,errors=remount-ro', '/x')?.readOnly).toBe(true);
  expect(findMount(MOUNTS, '/x')?.readOnly).toBe(false);
});

test('the root of a sandbox served over 9p is its own', () => {
  expect(findMount('22 1 8:1 / / rw - 9p none rw', '/x')?.shared).toBe(false);
});

test('text that is no mount list gives nothing', () => {
  expect(findMount('- - -\n\0\n22 1\n', '/x')).toBeUndefined();
});

test.runIf(process.platform === 'linux')('a path that does not exist yet lives where its parent does', () => {
  expect(fileSystemOf(files, '/proc/no/such/folder')).toMatchObject({ type: 'proc', mountPoint: '/proc' });
});

test('a network path of Windows is shared wherever it is looked at', () => {
  expect(fileSystemOf(files, String.raw`\\server\share\codex`)?.shared).toBe(true);
});
