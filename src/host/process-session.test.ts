import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { isRunning } from '../../fixtures/terminals.ts';
import { endSession, isSessionAlive } from './process-session.ts';

/** Starts a script in a session of its own and waits for its first line. */
async function start(script: string): Promise<{ leader: number; line: string; exited: Promise<unknown> }> {
  const child = spawn('/bin/bash', ['-c', script], { detached: true, stdio: ['ignore', 'pipe', 'ignore'] });
  const exited = once(child, 'exit');
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return { leader: child.pid ?? 0, line: line.toString(), exited };
}

test('a session ends with what job control put into groups of its own', async () => {
  const { leader, line } = await start('set -m; sleep 300 & echo $!; wait');
  expect(isSessionAlive(leader)).toBe(true);
  await endSession(leader);
  expect(isSessionAlive(leader)).toBe(false);
  expect(isRunning(Number(line))).toBe(false);
});

test('a session whose first program has ended still ends', async () => {
  const { leader, line, exited } = await start('sleep 300 & echo $!');
  await exited;
  expect(isRunning(Number(line))).toBe(true);
  await endSession(leader);
  expect(isRunning(Number(line))).toBe(false);
});

test('what does not listen is killed after a while', async () => {
  const { leader, line } = await start('trap "" TERM; echo $$; while :; do sleep 1; done');
  await endSession(leader, { graceMs: 100 });
  await expect.poll(() => isRunning(Number(line))).toBe(false);
});

test('nothing is done to a session that is over', async () => {
  const { leader, exited } = await start('echo over');
  await exited;
  await expect(endSession(leader)).resolves.toBeUndefined();
});

test('when this process exits, no terminal of it stays', async () => {
  const terminals = new URL('../../fixtures/terminals.ts', import.meta.url);
  const program = `
    import { startTerminals } from ${JSON.stringify(terminals.href)};
    const terminals = startTerminals();
    await Promise.all([
      terminals.exec({ cmd: 'echo $$; sleep 300', yield_time_ms: 250 }),
      terminals.exec({ cmd: 'trap "" HUP TERM; echo $$; sleep 300', tty: true, yield_time_ms: 250 }),
    ]);
    await terminals.until(() => terminals.deltas.length === 2);
    console.log(terminals.deltas.map((delta) => delta.toString().trim()).join(' '));
    process.exit(3);
  `;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  const [code] = (await once(child, 'close')) as [number];
  const pids = Buffer.concat(chunks).toString().trim().split(' ').map(Number);
  expect([code, pids.length]).toEqual([3, 2]);
  await expect.poll(() => pids.map(isRunning)).toEqual([false, false]);
}, 20_000);
