import { describe, expect, test } from 'vitest';
import type { SandboxPolicy } from '../policy.ts';
import { createSandbox } from './create-sandbox.ts';
import type { SandboxOptions } from './create-sandbox.ts';

const WORKSPACE: SandboxPolicy = {
  type: 'workspace-write',
  writable_roots: [],
  network_access: false,
  exclude_tmpdir_env_var: true,
  exclude_slash_tmp: true,
};
const LAUNCH = { argv: ['/bin/sh', '-c', ':'], cwd: '/', env: {} };

describe('without a sandbox', () => {
  const nowhere = { searchPath: undefined, cwd: '/', userDirectory: '/root' };
  const empty = {
    look: () => ({ kind: 'missing' }) as const,
    realpath: () => undefined,
  };
  test.each<[string, SandboxOptions, RegExp]>([
    [
      'Linux without bubblewrap',
      { ...nowhere, platform: 'linux', files: empty },
      /bubblewrap.*not installed/,
    ],
    ['macOS', { ...nowhere, platform: 'darwin' }, /no sandbox for darwin/],
    ['Windows', { ...nowhere, platform: 'win32' }, /no sandbox for win32/],
    ['an unknown architecture', { ...nowhere, platform: 'linux', architecture: 'riscv64' }, /riscv64/],
    [
      'a bubblewrap of somebody else',
      {
        ...nowhere,
        platform: 'linux',
        trust: {
          platform: 'linux',
          uid: 1,
          ownership: () => ({ type: 'other', mode: 0o777, uid: 5, gid: 5 }),
          groupHasOthers: () => true,
        },
        files: {
          look: () => ({
            kind: 'found',
            type: 'file',
            mode: 0o755,
            size: 1,
            uid: 0,
            inode: 1,
            device: 1,
            modifiedAtMs: 0,
            isLink: false,
          }),
          realpath: (path: string) => path,
        },
      },
      /belongs to user 5/,
    ],
  ])('%s: nothing runs, and the message says what to do', async (_name, options, reason) => {
    const sandbox = createSandbox(options);
    const wrapped = await sandbox.wrap(LAUNCH, WORKSPACE, '/');
    expect(wrapped.kind).toBe('unavailable');
    expect(sandbox.mechanismFor(WORKSPACE)).toBe('none');
    const message = wrapped.kind === 'unavailable' ? wrapped.message : '';
    expect(message).toMatch(reason);
    expect(message).toContain('workspace-write');
    expect(message).toContain('danger-full-access');
  });

  test.each([
    { type: 'danger-full-access' },
    { type: 'external-sandbox', network_access: 'restricted' },
  ] as const)('$type comes back unchanged', async (policy) => {
    const sandbox = createSandbox({ ...nowhere, platform: 'linux' });
    expect(sandbox.mechanismFor(policy)).toBe(policy.type === 'external-sandbox' ? 'external' : 'none');
    expect(sandbox.mechanismFor(WORKSPACE)).toBe('bubblewrap');
    const wrapped = await sandbox.wrap(LAUNCH, policy, '/');
    expect(wrapped).toMatchObject({ kind: 'ready', launch: LAUNCH, mechanism: 'none' });
  });
});
