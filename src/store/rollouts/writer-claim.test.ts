import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { temporaryHome } from '../../../fixtures/home.ts';
import { claimWriter, isInodeFlocked } from './writer-claim.ts';

const threadId = '019aaaaa-0000-7000-8000-000000000001';
const module = pathToFileURL(join(import.meta.dirname, 'writer-claim.ts')).href;

/** A process that claims a thread, says what came of it, and stays until it is ended. */
async function claimElsewhere(home: string): Promise<{ said: string; kill: () => Promise<void> }> {
  const script = `
    import { claimWriter } from ${JSON.stringify(module)};
    const { kind } = await claimWriter(${JSON.stringify({ home, threadId })});
    process.stdout.write(kind);
    process.stdin.resume();`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await ended;
  };
  onTestFinished(kill);
  const [said] = (await once(child.stdout, 'data')) as [Buffer];
  return { said: said.toString(), kill };
}

test('a thread is written by one process, and a killed one leaves nothing in the way', async () => {
  const home = temporaryHome();
  const first = await claimElsewhere(home);
  expect(first.said).toBe('claimed');
  expect((await claimElsewhere(home)).said).toBe('held');
  await expect(claimWriter({ home, threadId })).resolves.toEqual({ kind: 'held', by: 'stethos' });
  await first.kill();
  const taken = await claimWriter({ home, threadId });
  expect(taken.kind).toBe('claimed');
  expect((await claimElsewhere(home)).said).toBe('held');
  if (taken.kind === 'claimed') taken.claim.release();
});

test('a process claims a thread once, and a released one again', async () => {
  const home = temporaryHome();
  for (let round = 0; round < 3; round += 1) {
    const mine = await claimWriter({ home, threadId });
    expect(mine.kind).toBe('claimed');
    await expect(claimWriter({ home, threadId })).resolves.toEqual({ kind: 'held', by: 'stethos' });
    if (mine.kind === 'claimed') {
      mine.claim.release();
      mine.claim.release();
    }
    expect(readdirSync(join(home, 'thread-writer-locks'))).toEqual([]);
  }
});

test('of several that want it at once, one gets it', async () => {
  const home = temporaryHome();
  const all = await Promise.all(Array.from({ length: 4 }, () => claimElsewhere(home)));
  expect(all.map(({ said }) => said).toSorted()).toEqual(['claimed', 'held', 'held', 'held']);
});

test('a folder that cannot be made throws', async () => {
  const home = temporaryHome();
  writeFileSync(join(home, 'thread-writer-locks'), '');
  await expect(claimWriter({ home, threadId })).rejects.toThrow(/EEXIST|ENOTDIR/);
});

test.each([
  ['held', '1: FLOCK  ADVISORY  WRITE 14364 fe:00:5414914 0 EOF', true],
  ['another file', '1: FLOCK  ADVISORY  WRITE 14364 fe:00:541491 0 EOF', false],
  ['shared', '1: FLOCK  ADVISORY  READ 14364 fe:00:5414914 0 EOF', false],
  ['waited for', '1: -> FLOCK  ADVISORY  WRITE 14364 fe:00:5414914 0 EOF', false],
  ['a range lock', '1: POSIX  ADVISORY  WRITE 14364 fe:00:5414914 0 EOF', false],
  ['nothing', '', false],
])('the lock of the real agent: %s', (_name, text, expected) =>
  expect(isInodeFlocked(`9: POSIX  ADVISORY  READ 1 00:1a:2 0 EOF\n${text}\n`, 5414914n)).toBe(expected),
);
