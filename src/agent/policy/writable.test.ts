import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { SandboxPolicy } from './policy.ts';
import { isWritable, writableArea } from './writable.ts';

const WORKSPACE: SandboxPolicy = {
  type: 'workspace-write',
  writable_roots: [],
  network_access: false,
  exclude_tmpdir_env_var: true,
  exclude_slash_tmp: true,
};

let base: string;
let cwd: string;

beforeEach(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), 'stethos-writable-')));
  cwd = join(base, 'work');
  mkdirSync(cwd);
});
afterEach(() => rmSync(base, { recursive: true }));

const area = (policy: Partial<SandboxPolicy> = {}, env: Record<string, string> = {}) =>
  writableArea({ ...WORKSPACE, ...policy } as SandboxPolicy, { cwd, env });

test('a policy that restricts nothing has everything writable', () => {
  for (const policy of [
    { type: 'danger-full-access' },
    { type: 'external-sandbox', network_access: 'restricted' },
  ] as const) {
    expect(isWritable(writableArea(policy, { cwd, env: {} }), '/etc/passwd')).toBe(true);
  }
});

test('a read-only policy has nothing writable', () => {
  const nothing = writableArea({ type: 'read-only' }, { cwd, env: { TMPDIR: base } });
  expect(isWritable(nothing, join(cwd, 'file'))).toBe(false);
  expect(isWritable(nothing, '/tmp/file')).toBe(false);
});

test('the working directory is writable, its neighbours and namesakes are not', () => {
  expect(isWritable(area(), join(cwd, 'new', 'deep', 'file'))).toBe(true);
  expect(isWritable(area(), cwd)).toBe(true);
  expect(isWritable(area(), join(base, 'file'))).toBe(false);
  expect(isWritable(area(), `${cwd}-2/file`)).toBe(false);
  expect(isWritable(area(), join(cwd, '../file'))).toBe(false);
});

test('/tmp and $TMPDIR are writable as far as the policy has them', () => {
  const temporary = join(base, 'temporary');
  const env = { TMPDIR: temporary };
  const own = area({ exclude_tmpdir_env_var: false }, env);
  expect(isWritable(own, join(temporary, 'x'))).toBe(true);
  expect(isWritable(area({}, env), join(temporary, 'x'))).toBe(false);
  expect(isWritable(area({ exclude_slash_tmp: false }), '/tmp/x')).toBe(true);
  expect(isWritable(area(), '/tmp/x')).toBe(false);
  expect(isWritable(area({ exclude_tmpdir_env_var: false }, { TMPDIR: 'relative' }), join(base, 'x'))).toBe(
    false,
  );
});

test.each(['.git', '.codex', '.stethos', '.agents', '.GIT'])(
  '%s stays read-only, whether it exists or not',
  (name) => {
    expect(isWritable(area(), join(cwd, name, 'config'))).toBe(false);
    mkdirSync(join(cwd, name));
    expect(isWritable(area(), join(cwd, name, 'config'))).toBe(false);
    expect(isWritable(area(), join(cwd, name))).toBe(false);
    expect(isWritable(area(), join(cwd, `${name}ignore`))).toBe(true);
  },
);

test('what a .git file points to stays read-only, and so does its repository', () => {
  const repository = join(base, 'repository');
  const data = join(repository, 'data', 'worktrees', 'work');
  mkdirSync(data, { recursive: true });
  writeFileSync(join(data, 'commondir'), '../..\n');
  writeFileSync(join(cwd, '.git'), `gitdir: ${data}\n`);
  const both = area({ writable_roots: [repository] });
  expect(isWritable(both, join(data, 'HEAD'))).toBe(false);
  expect(isWritable(both, join(repository, 'data', 'hooks', 'post-commit'))).toBe(false);
  expect(isWritable(both, join(repository, 'readme'))).toBe(true);
});

test('a root that was named on its own is writable below a protected folder', () => {
  const named = area({ writable_roots: [join(cwd, '.codex', 'notes')] });
  expect(isWritable(named, join(cwd, '.codex', 'notes', 'a'))).toBe(true);
  expect(isWritable(named, join(cwd, '.codex', 'config.toml'))).toBe(false);
});

test('no link leads out, not even one whose target does not exist', () => {
  mkdirSync(join(base, 'outside'));
  symlinkSync(join(base, 'outside'), join(cwd, 'folder'));
  symlinkSync(join(base, 'nothing-yet'), join(cwd, 'dangling'));
  symlinkSync('../outside/../late', join(cwd, 'relative'));
  symlinkSync('circle', join(cwd, 'circle'));
  const names = ['folder', 'folder/x', 'dangling', 'dangling/x', 'relative', 'circle', 'folder/../x'];
  expect(names.filter((name) => isWritable(area(), `${cwd}/${name}`))).toEqual([]);
});

test('a root that becomes a link later is none any more', () => {
  const named = join(cwd, 'named');
  const missing = join(cwd, 'missing');
  mkdirSync(named);
  const ask = () => area({ writable_roots: [named, missing] });
  expect(isWritable(ask(), join(named, 'x'))).toBe(true);
  rmSync(named, { recursive: true });
  symlinkSync(base, named);
  symlinkSync(base, missing);
  expect(isWritable(ask(), join(named, 'x'))).toBe(false);
  expect(isWritable(ask(), join(missing, 'x'))).toBe(false);
  expect(isWritable(ask(), join(cwd, 'x'))).toBe(true);
});

test('a link that leads in is as good as the place', () => {
  symlinkSync(cwd, join(base, 'alias'));
  expect(isWritable(area(), join(base, 'alias', 'file'))).toBe(true);
  const throughLink = writableArea(WORKSPACE, { cwd: join(base, 'alias'), env: {} });
  expect(isWritable(throughLink, join(cwd, 'file'))).toBe(true);
});

test('a link outside is no place to write, wherever it leads: it could be removed or replaced', () => {
  writeFileSync(join(cwd, 'file'), '');
  symlinkSync(join(cwd, 'file'), join(base, 'dotfile'));
  expect(isWritable(area(), join(base, 'dotfile'))).toBe(false);
});

test('a link that stands in for a protected folder protects the place as well', () => {
  mkdirSync(join(cwd, 'elsewhere'));
  symlinkSync('elsewhere', join(cwd, '.git'));
  expect(isWritable(area(), join(cwd, '.git', 'config'))).toBe(false);
  expect(isWritable(area(), join(cwd, 'elsewhere', 'config'))).toBe(false);
});
