import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { temporaryHome } from '../../fixtures/home.ts';
import { files } from './files.ts';
import { isPid, processes } from './processes.ts';

/** Only Linux tells more of a process than that it is alive. */
const onLinux = process.platform === 'linux';

test('this process is alive, and its start and program are known where the system tells', () => {
  const seen = processes.inspect(process.pid);
  expect(seen.state).toBe('alive');
  expect(seen.isExecutableGone).toBe(false);
  expect(seen.executable).toBe(onLinux ? files.realpath(process.execPath) : undefined);
  expect(seen.startTicks === undefined).toBe(!onLinux);
  expect((seen.startedAtMs ?? 0) <= Date.now()).toBe(true);
});

test('a process that ended is dead', async () => {
  const child = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
  const pid = child.pid ?? 0;
  await once(child, 'exit');
  expect(processes.inspect(pid).state).toBe('dead');
});

test.each([0, -1, 1.5, Number.NaN, 2 ** 31])('%s is no process id, and no process has it', (value) => {
  expect(isPid(value)).toBe(false);
  expect(processes.inspect(value).state).toBe('dead');
});

test.each(['7', null, undefined, 7n])('%s is no process id', (value) => {
  expect(isPid(value)).toBe(false);
});

test('a socket is heard while somebody listens, and silent after', async () => {
  const path = join(files.realpath(temporaryHome()) ?? '', 'control socket.sock');
  const server = createServer().listen(path);
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  expect(processes.socketState(path)).toBe(onLinux ? 'listening' : 'unknown');
  server.close();
  await once(server, 'close');
  expect(processes.socketState(path)).toBe(onLinux ? 'silent' : 'unknown');
});
