import {
  existsSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryHome } from '../../../../fixtures/home.ts';
import type { Guard, Permission } from '../../policy/guard.ts';
import type { SandboxPolicy } from '../../policy/policy.ts';
import type { EventMsg } from '../../protocol/event.ts';
import { turnId } from '../../protocol/ids.ts';
import type { FileChange } from '../../protocol/turn-item.ts';
import type { ToolContext, ToolResult } from '../tool.ts';
import { perform } from './disk.ts';
import { createPatchRunner } from './run.ts';
import { createTurnDiffs } from './tracker.ts';

const FREE: SandboxPolicy = { type: 'danger-full-access' };
const WORKSPACE: SandboxPolicy = {
  type: 'workspace-write',
  writable_roots: [],
  network_access: false,
  exclude_tmpdir_env_var: true,
  exclude_slash_tmp: true,
};
const ALLOWED: Permission = { kind: 'run', sandbox: FREE, wasAsked: false };

interface Bench {
  readonly cwd: string;
  readonly events: EventMsg[];
  /** What the guard was shown. */
  readonly asked: (readonly FileChange[])[];
  readonly apply: (...lines: string[]) => Promise<ToolResult>;
}

/** @param decide also the place where a test changes the files while somebody thinks */
function bench(cwd: string, decide: () => Permission = () => ALLOWED): Bench {
  const events: EventMsg[] = [];
  const asked: (readonly FileChange[])[] = [];
  const guard: Pick<Guard, 'permitPatch'> = {
    permitPatch: ({ changes }) => {
      asked.push(changes);
      return Promise.resolve(decide());
    },
  };
  const runner = createPatchRunner({ guard, diffs: createTurnDiffs(), env: {} });
  const context: Pick<ToolContext, 'turnId' | 'cwd' | 'signal' | 'emit'> = {
    turnId: turnId('turn'),
    cwd,
    signal: new AbortController().signal,
    emit: (msg) => {
      events.push(msg);
    },
  };
  return {
    cwd,
    events,
    asked,
    apply: (...lines) =>
      runner.run(
        { callId: 'call', patch: ['*** Begin Patch', ...lines, '*** End Patch'].join('\n'), cwd },
        context as ToolContext,
      ),
  };
}

const read = (...path: string[]): string => readFileSync(join(...path), 'utf8');
const typesOf = (events: readonly EventMsg[]): string[] => events.map(({ type }) => type);

test('shows the guard what will be, writes it, and tells', async () => {
  const { cwd, events, asked, apply } = bench(temporaryHome({ a: '1\n2\n3\n', b: 'b\n' }));
  const result = await apply(
    '*** Update File: a',
    '-2',
    '+two',
    '*** Delete File: b',
    '*** Add File: c',
    '+c',
  );
  const changes = [
    { path: join(cwd, 'a'), kind: 'update', diff: '@@ -1,3 +1,3 @@\n 1\n-2\n+two\n 3\n' },
    { path: join(cwd, 'b'), kind: 'delete', diff: 'b\n' },
    { path: join(cwd, 'c'), kind: 'add', diff: 'c\n' },
  ];
  const stdout = 'Success. Updated the following files:\nA c\nM a\nD b\n';
  expect(asked).toEqual([changes]);
  expect(result).toEqual({ content: stdout, success: true, value: {} });
  expect(typesOf(events)).toEqual([
    'item_started',
    'patch_apply_begin',
    'item_completed',
    'patch_apply_end',
    'turn_diff',
  ]);
  expect(events[1]).toMatchObject({ call_id: 'call', auto_approved: true, changes });
  expect(events[3]).toMatchObject({ success: true, status: 'completed', stdout, stderr: '', changes });
});

test('the difference of the turn holds all of its patches', async () => {
  const { events, apply } = bench(temporaryHome({ a: '1\n' }));
  await apply('*** Update File: a', '-1', '+2');
  await apply('*** Update File: a', '-2', '+3', '*** Add File: b', '+b');
  expect(events.findLast(({ type }) => type === 'turn_diff')).toEqual({
    type: 'turn_diff',
    unified_diff: `diff --git a/a b/a
--- a/a
+++ b/a
@@ -1,1 +1,1 @@
-1
+3
diff --git a/b b/b
new file mode 100644
--- /dev/null
+++ b/b
@@ -0,0 +1,1 @@
+b
`,
  });
});

describe('nothing is written', () => {
  test.each([
    ['when the patch cannot be read', ['*** Rename File: a'], /verification failed: line 2/],
    [
      'when a later hunk does not fit',
      ['*** Update File: a', '-1', '+2', '*** Delete File: none'],
      /verification failed/,
    ],
    ['when there are no hunks', [], /no files were modified/],
  ])('%s', async (_case, lines, message) => {
    const { cwd, events, asked, apply } = bench(temporaryHome({ a: '1\n' }));
    await expect(apply(...lines)).rejects.toThrow(message);
    await expect(apply(...lines)).rejects.toMatchObject({ name: 'ToolFailure' });
    expect([read(cwd, 'a'), asked, events]).toEqual(['1\n', [], []]);
  });

  test.each(['refused', 'aborted'] as const)('row 26: when it is %s', async (kind) => {
    const { cwd, events, apply } = bench(temporaryHome({ a: '1\n' }), () => ({ kind, message: 'not there' }));
    await expect(apply('*** Update File: a', '-1', '+2')).rejects.toThrow('not there');
    expect(read(cwd, 'a')).toBe('1\n');
    expect(events.at(-1)).toMatchObject({ type: 'patch_apply_end', status: 'declined', success: false });
  });

  test('when a file became another one while somebody thought about it', async () => {
    const cwd = temporaryHome({ a: '1\n', b: '1\n' });
    const { apply } = bench(cwd, () => {
      writeFileSync(join(cwd, 'a'), '1\nmore\n');
      return { ...ALLOWED, wasAsked: true };
    });
    await expect(apply('*** Update File: b', '-1', '+2', '*** Update File: a', '-1', '+2')).rejects.toThrow(
      /changed while the patch waited/,
    );
    expect([read(cwd, 'a'), read(cwd, 'b')]).toEqual(['1\nmore\n', '1\n']);
  });

  test('when a place became a link to another one while somebody thought about it', async () => {
    const cwd = temporaryHome({ 'elsewhere/secret': 'kept\n' });
    const { apply } = bench(cwd, () => {
      symlinkSync(join(cwd, 'elsewhere/secret'), join(cwd, 'new'));
      return { ...ALLOWED, wasAsked: true };
    });
    await expect(apply('*** Add File: new', '+x')).rejects.toThrow(/changed while/);
    expect(read(cwd, 'elsewhere/secret')).toBe('kept\n');
  });

  test('when the sandbox does not reach there, although the guard let it run', async () => {
    const home = temporaryHome({ 'work/a': '1\n', outside: '1\n' });
    symlinkSync('../outside', join(home, 'work/link'));
    const { apply } = bench(join(home, 'work'), () => ({ ...ALLOWED, sandbox: WORKSPACE }));
    for (const path of ['../outside', 'link', join(home, 'outside')])
      await expect(
        apply('*** Update File: a', '-1', '+2', `*** Update File: ${path}`, '-1', '+2'),
      ).rejects.toThrow(/sandbox does not let/);
    expect([read(home, 'outside'), read(home, 'work/a')]).toEqual(['1\n', '1\n']);
    await apply('*** Update File: a', '-1', '+2');
    expect(read(home, 'work/a')).toBe('2\n');
  });

  test.each([
    ['removed', ['*** Delete File: ../dotfile']],
    ['replaced', ['*** Delete File: ../dotfile', '*** Add File: ../dotfile', '+x']],
    ['moved', ['*** Update File: ../dotfile', '*** Move to: b', '-1', '+x']],
  ])('when a link outside that leads in would be %s', async (_case, lines) => {
    const home = temporaryHome({ 'work/a': '1\n' });
    symlinkSync('work/a', join(home, 'dotfile'));
    const { apply } = bench(join(home, 'work'), () => ({ ...ALLOWED, sandbox: WORKSPACE }));
    await expect(apply(...lines)).rejects.toThrow(/sandbox does not let/);
    expect(readlinkSync(join(home, 'dotfile'))).toBe('work/a');
  });
});

test.runIf(process.platform === 'linux')(
  'a folder that became a link at the last moment is not followed',
  () => {
    const home = temporaryHome({ 'work/folder/a': '1\n', 'outside/a': '1\n' });
    rmSync(join(home, 'work/folder'), { recursive: true });
    symlinkSync('../outside', join(home, 'work/folder'));
    const target = (name: string): string => join(realpathSync(home), 'work/folder', name);
    for (const operation of [
      { kind: 'write', target: target('a'), text: '2\n' },
      { kind: 'write', target: target('new/b'), text: '2\n' },
      { kind: 'remove', target: target('a') },
    ] as const)
      expect(() => perform(operation)).toThrow(/ENOTDIR|ELOOP|leads elsewhere/);
    expect(readdirSync(join(home, 'outside'))).toEqual(['a']);
    expect(read(home, 'outside/a')).toBe('1\n');
  },
);

test('what somebody agreed to is written outside of the sandbox as well', async () => {
  const home = temporaryHome({ 'work/a': '1\n' });
  const { apply } = bench(join(home, 'work'), () => ({ kind: 'run', sandbox: WORKSPACE, wasAsked: true }));
  await apply('*** Add File: ../out', '+x');
  expect(read(home, 'out')).toBe('x\n');
});

test('trap 27: a write that fails is told with what was written before it', async () => {
  const { cwd, events, apply } = bench(temporaryHome({ a: '1\n' }));
  await expect(
    apply('*** Update File: a', '-1', '+2', '*** Add File: /proc/none/x', '+x', '*** Add File: b', '+b'),
  ).rejects.toThrow(/cannot write[^]*stay so:\nM a$/);
  expect([read(cwd, 'a'), existsSync(join(cwd, 'b'))]).toEqual(['2\n', false]);
  expect(typesOf(events).slice(2)).toEqual(['item_completed', 'patch_apply_end', 'turn_diff']);
  expect(events[3]).toMatchObject({ status: 'failed', success: false, stdout: '' });
});
