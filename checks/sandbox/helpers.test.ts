import { expect, test } from 'vitest';
import { testContext } from '../../fixtures/context.ts';
import { temporaryHome } from '../../fixtures/home.ts';
import { files } from '../../src/host/files.ts';
import type { Files } from '../../src/host/files.ts';
import type { ProcessRun } from '../../src/host/process.ts';
import helpers from './helpers.ts';
import { kernelFacts } from './helpers/kernel.ts';
import { trialOf } from './helpers/trial.ts';

type Evidence = Parameters<typeof helpers.judge>[0];

const healthy: Evidence = {
  platform: 'linux',
  policy: {
    approval: 'on-request',
    filesystem: 'restricted',
    network: 'restricted',
    source: 'default',
    deniedReadRules: 0,
  },
  helper: { path: '/p/codex-resources/bwrap', source: 'bundled', packageKnown: true },
  kernel: {
    maxUserNamespaces: 63_000,
    unprivilegedNamespaces: undefined,
    apparmorRestricts: undefined,
    apparmorProfile: undefined,
    landlock: true,
  },
  trial: undefined,
};
const noHelper: Evidence['helper'] = { path: undefined, source: 'none', packageKnown: true };
const kernel = (facts: Partial<Evidence['kernel']>): Partial<Evidence> => ({
  kernel: { ...healthy.kernel, ...facts },
});
const free: Partial<Evidence> = {
  policy: { ...healthy.policy, filesystem: 'unrestricted', network: 'enabled', approval: 'never' },
};

test.each<[string, Partial<Evidence>, string | undefined]>([
  ['a usual machine', {}, undefined],
  [
    'a helper from the distribution',
    { helper: { path: '/usr/bin/bwrap', source: 'PATH', packageKnown: true } },
    undefined,
  ],
  ['no helper', { helper: noHelper }, 'warning missing'],
  ['the agent itself was not found', { helper: { ...noHelper, packageKnown: false } }, undefined],
  ['no user namespaces', kernel({ maxUserNamespaces: 0 }), 'warning permissions'],
  ['user namespaces for root only', kernel({ unprivilegedNamespaces: false }), 'warning permissions'],
  ['AppArmor in between, as on a fresh Ubuntu', kernel({ apparmorRestricts: true }), undefined],
  ['a kernel that says nothing', kernel({ maxUserNamespaces: undefined, landlock: undefined }), undefined],
  ['a trial that works', { ...kernel({ maxUserNamespaces: 0 }), trial: { kind: 'works' } }, undefined],
  [
    'a trial that is denied',
    { trial: { kind: 'denied', primitive: 'a new user namespace', exitCode: 1 } },
    'fail permissions',
  ],
  ['a trial that hangs', { trial: { kind: 'timeout' } }, 'warning timeout'],
  ['a trial that was not possible', { trial: { kind: 'not_tried', reason: 'x' } }, undefined],
  ['no sandbox wanted', { ...free, helper: noHelper }, undefined],
  ['another system', { platform: 'darwin', helper: noHelper }, undefined],
])('%s', (_name, seen, expected) => {
  const [issue, second] = helpers.judge({ ...healthy, ...seen }).issues;
  expect(issue && `${issue.severity} ${issue.failure?.class}`).toBe(expected);
  expect(second).toBeUndefined();
});

test('the summary is the policy, and no sandbox with no questions is said first', () => {
  expect(helpers.judge(healthy)).toMatchObject({
    summary: 'restricted fs + restricted network · approval on-request',
    notes: [],
  });
  expect(helpers.judge({ ...healthy, ...free }).notes).toMatchObject([
    { kind: 'warning', text: expect.stringContaining('without asking') },
  ]);
  const asking: Evidence = { ...healthy, policy: { ...healthy.policy, filesystem: 'unrestricted' } };
  expect(helpers.judge(asking).notes).toMatchObject([{ kind: 'info' }]);
  expect(helpers.judge({ ...healthy, ...kernel({ apparmorRestricts: true }) }).notes).toMatchObject([
    { kind: 'info' },
  ]);
});

test.each<[string, object]>([
  ['', { approval: 'on-request', filesystem: 'restricted', network: 'restricted', source: 'default' }],
  ['approval_policy = "on-failure"', { approval: 'on-request' }],
  [
    'approval_policy = { granular = { sandbox_approval = true, rules = true, mcp_elicitations = true } }',
    { approval: 'granular' },
  ],
  [
    'sandbox_mode = "danger-full-access"\napproval_policy = "never"',
    { approval: 'never', filesystem: 'unrestricted', network: 'enabled' },
  ],
  [
    'sandbox_mode = "workspace-write"\n[sandbox_workspace_write]\nnetwork_access = true',
    { filesystem: 'restricted', network: 'enabled' },
  ],
  [
    'default_permissions = ":read-only"\nsandbox_mode = "danger-full-access"',
    { filesystem: 'restricted', source: ':read-only' },
  ],
  [
    'default_permissions = ":danger-full-access"\nsandbox_mode = "read-only"',
    { filesystem: 'unrestricted', network: 'enabled' },
  ],
  [
    'default_permissions = "a"\n[permissions.a]\nextends = ":workspace"\nnetwork = { enabled = true }',
    { filesystem: 'restricted', network: 'enabled' },
  ],
  ['default_permissions = "a"\n[permissions.a.filesystem]\n"/x" = "deny"', { deniedReadRules: 1 }],
])('the policy that codex 0.169 makes of: %s', async (config, policy) => {
  const seen = await helpers.probe(testContext({ home: temporaryHome({ 'config.toml': config }) }));
  expect(seen.policy).toMatchObject(policy);
});

test('a project that is marked untrusted is asked about everything', async () => {
  const project = temporaryHome({ '.git/HEAD': '' });
  const home = temporaryHome({ 'config.toml': `[projects."${project}"]\ntrust_level = "untrusted"\n` });
  expect((await helpers.probe(testContext({ home, cwd: project }))).policy.approval).toBe('untrusted');
});

function fakeFiles(contents: Readonly<Record<string, string>>): Files {
  const facts = {
    kind: 'found',
    type: 'file',
    size: 0,
    mode: 0o644,
    uid: 0,
    inode: 1,
    device: 1,
    modifiedAtMs: 0,
    isLink: false,
  } as const;
  return {
    ...files,
    look: (path) => (path in contents ? facts : { kind: 'missing' }),
    readText: (path) =>
      contents[path] === undefined
        ? { kind: 'missing' }
        : { kind: 'read', text: contents[path], facts, truncated: false, validUtf8: true },
  };
}

test('the kernel is read from its files and never guessed', () => {
  expect(kernelFacts(fakeFiles({}))).toEqual({});
  expect(
    kernelFacts(
      fakeFiles({
        '/proc/sys/kernel/unprivileged_userns_clone': '0\n',
        '/proc/sys/user/max_user_namespaces': '0\n',
        '/proc/sys/kernel/apparmor_restrict_unprivileged_userns': '1\n',
        '/sys/kernel/security/lsm': 'lockdown,capability,landlock,apparmor\n',
        '/etc/apparmor.d/bwrap-userns-restrict': '',
      }),
    ),
  ).toEqual({
    maxUserNamespaces: 0,
    unprivilegedNamespaces: false,
    apparmorRestricts: true,
    apparmorProfile: '/etc/apparmor.d/bwrap-userns-restrict',
    landlock: true,
  });
  expect(
    kernelFacts(fakeFiles({ '/proc/sys/user/max_user_namespaces': 'nonsense' })).maxUserNamespaces,
  ).toBeUndefined();
});

const ended = (exitCode: number, stderr = ''): ProcessRun => ({
  kind: 'exited',
  path: '/b',
  exitCode,
  stdout: '',
  stderr,
  durationMs: 1,
});

test.each<[ProcessRun, object]>([
  [ended(0), { kind: 'works' }],
  [
    ended(1, 'bwrap: setting up uid map: Permission denied'),
    { primitive: 'the identity map of a user namespace' },
  ],
  [ended(1, 'bwrap: No permissions to create new namespace'), { primitive: 'a new user namespace' }],
  [
    ended(1, 'bwrap: loopback: Failed RTM_NEWADDR: Operation not permitted'),
    { primitive: 'a network namespace with its loopback device' },
  ],
  [
    ended(1, "bwrap: Can't mount proc on /newroot/proc: Operation not permitted"),
    { primitive: 'a /proc of its own' },
  ],
  [ended(1, ''), { kind: 'denied', primitive: 'an unknown part of the sandbox' }],
  [{ kind: 'timeout', path: '/b', timeoutMs: 2_000 }, { kind: 'timeout' }],
  [{ kind: 'disabled' }, { kind: 'not_tried' }],
  [
    { kind: 'untrusted', path: '/b', reason: 'planted' },
    { kind: 'not_tried', reason: 'planted' },
  ],
  [{ kind: 'not_found' }, { kind: 'not_tried' }],
  [{ kind: 'spawn_failed', path: '/b', code: 'ENOEXEC' }, { kind: 'not_tried' }],
  [{ kind: 'signalled', path: '/b', signal: 'SIGSYS' }, { kind: 'not_tried' }],
  [{ kind: 'noise', path: '/b', limitBytes: 1 }, { kind: 'not_tried' }],
])('a trial: %j', (run, expected) => expect(trialOf(run)).toMatchObject(expected));
