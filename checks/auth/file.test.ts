import { chmodSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { testContext } from '../../fixtures/context.ts';
import { temporaryHome } from '../../fixtures/home.ts';
import type { Verdict } from '../../src/doctor/check.ts';
import check from './file.ts';

async function examine(home: string): Promise<Verdict> {
  const context = testContext({ home });
  // The mode bits are judged as on Linux, wherever the test runs.
  return check.judge(await check.probe({ ...context, machine: { ...context.machine, platform: 'linux' } }));
}

const outcome = ({ kind, issues }: Verdict): string =>
  kind === 'judged'
    ? issues.map((issue) => `${issue.severity} ${issue.failure?.class}`).join(', ') || 'ok'
    : kind;

const found = {
  kind: 'found',
  type: 'file',
  size: 1,
  mode: 0o600,
  uid: 1000,
  inode: 1,
  device: 1,
  modifiedAtMs: 0,
  isLink: false,
} as const;
const seen = {
  isDenied: false,
  agent: 'Codex',
  platform: 'linux',
  path: '/home/it is/auth.json',
  look: found,
  target: undefined,
  expectedOwner: 1000,
};

test.each([
  [0o600, 'ok', undefined],
  [0o700, 'ok', undefined],
  [0o640, 'warning permissions', 'read by'],
  [0o604, 'warning permissions', 'read by'],
  [0o620, 'warning permissions', 'replaced by'],
  [0o666, 'warning permissions', 'read and replaced by'],
  [0o400, 'warning permissions', 'not writable for its owner'],
])('mode %o', (mode, expected, cause) => {
  const verdict = check.judge({ ...seen, look: { ...found, mode } });
  expect(outcome(verdict)).toBe(expected);
  expect(verdict.issues[0]?.cause ?? '').toContain(cause ?? '');
});

test('the command is safe to copy', () => {
  const { issues } = check.judge({ ...seen, look: { ...found, mode: 0o644 } });
  expect(issues[0]?.command).toBe("chmod 600 /home/'it is'/auth.json");
});

test.each([
  [1000, 1000, 'ok'],
  [0, 1000, 'warning permissions'],
  [1000, undefined, 'ok'],
])('owner %j where %j is expected', (uid, expectedOwner, expected) =>
  expect(outcome(check.judge({ ...seen, look: { ...found, uid }, expectedOwner }))).toBe(expected),
);

test.each([
  [{ ...seen, platform: 'win32' }, 'skipped'],
  [{ ...seen, look: { kind: 'missing' as const } }, 'idle'],
  [{ ...seen, look: { kind: 'dangling' as const } }, 'skipped'],
  [{ ...seen, look: { ...found, uid: 0 }, isDenied: true }, 'skipped'],
  [{ ...seen, look: { ...found, type: 'fifo' as const } }, 'skipped'],
])('%#: no file to judge', (evidence, expected) => expect(check.judge(evidence).kind).toBe(expected));

test('real files, also behind a link', async () => {
  const home = temporaryHome({ 'auth.json': '{}', 'elsewhere/auth.json': '{}' });
  chmodSync(join(home, 'auth.json'), 0o600);
  expect(outcome(await examine(home))).toBe('ok');
  chmodSync(join(home, 'auth.json'), 0o644);
  expect(outcome(await examine(home))).toBe('warning permissions');
  const linked = temporaryHome();
  chmodSync(join(home, 'elsewhere/auth.json'), 0o640);
  symlinkSync(join(home, 'elsewhere/auth.json'), join(linked, 'auth.json'));
  const verdict = await examine(linked);
  expect(outcome(verdict)).toBe('warning permissions');
  expect(verdict.issues[0]?.command).toBe(`chmod 600 ${join(home, 'elsewhere/auth.json')}`);
});

test('a folder in its place is for auth.credentials to report', async () => {
  const home = temporaryHome();
  mkdirSync(join(home, 'auth.json'));
  expect(await examine(home)).toMatchObject({ skippedBecause: 'auth.credentials' });
});
