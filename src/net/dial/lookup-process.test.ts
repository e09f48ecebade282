import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createLookupProcess } from './lookup-process.ts';
import type { LookupProcess, LookupProcessOptions } from './lookup-process.ts';

const fallback = async (host: string, family: 4 | 6): Promise<readonly string[]> => [
  `${host} ${family} here`,
];

function lookups(options: LookupProcessOptions = {}): LookupProcess {
  const process = createLookupProcess({ fallback, ...options });
  onTestFinished(() => process.end());
  return process;
}

/** A look-up process that runs this program. */
function running(program: string): { readonly start: () => ChildProcess; readonly children: ChildProcess[] } {
  const children: ChildProcess[] = [];
  const start = (): ChildProcess => {
    const child = spawn(process.execPath, ['-e', program], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    children.push(child);
    return child;
  };
  return { start, children };
}

const ANSWERS_ONE = `process.on('message', ({ id, host }) => {
  if (host === 'quick.test') process.send({ kind: 'found', id, addresses: ['127.0.0.1'] });
});
process.send({ kind: 'ready' });`;

test('the system resolver answers from another process', async () => {
  const names = lookups();
  expect(await names.lookup('localhost', 4)).toEqual(['127.0.0.1']);
  await expect(names.lookup('a..b', 4)).rejects.toMatchObject({
    code: expect.stringMatching(/^E/) as string,
  });
});

test('nothing is started before the first question, and then one process for all', async () => {
  const { start, children } = running(ANSWERS_ONE);
  const names = lookups({ start });
  expect(children).toHaveLength(0);
  await Promise.all([names.ready(), names.lookup('quick.test', 4), names.lookup('quick.test', 6)]);
  expect(children).toHaveLength(1);
});

test('a look-up that hangs holds up no other, is begun once, and ends with the process', async () => {
  const { start, children } = running(ANSWERS_ONE);
  const names = lookups({ start });
  const hanging = names.lookup('silent.test', 4);
  expect(names.lookup('silent.test', 4)).toBe(hanging);
  expect(await names.lookup('quick.test', 4)).toEqual(['127.0.0.1']);
  const [child] = children;
  const gone = child && once(child, 'exit');
  names.end();
  await expect(hanging).rejects.toMatchObject({ code: 'ECANCELLED' });
  expect(await gone).toEqual([null, 'SIGKILL']);
  await expect(names.lookup('quick.test', 4)).rejects.toMatchObject({ code: 'ECANCELLED' });
});

test('one that was never asked is never started', async () => {
  const { start, children } = running(ANSWERS_ONE);
  const names = lookups({ start });
  names.end();
  await expect(names.lookup('quick.test', 4)).rejects.toMatchObject({ code: 'ECANCELLED' });
  expect(children).toHaveLength(0);
});

test.each<[string, () => ChildProcess]>([
  ['is missing', () => spawn('/nonexistent/node', [], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] })],
  ['ends at once', running('process.exit(1)').start],
  ['ends when it is asked', running("process.on('message', () => process.exit(1))").start],
  [
    'is refused',
    () => {
      throw new Error('no more processes');
    },
  ],
])('where the program %s, names are looked up here', async (_name, start) => {
  const names = lookups({ start });
  expect(await names.lookup('any.test', 6)).toEqual(['any.test 6 here']);
  await names.ready();
  expect(await names.lookup('other.test', 4)).toEqual(['other.test 4 here']);
});

test('a library that may replace the resolver keeps look-ups in this process', async () => {
  vi.stubEnv('LD_PRELOAD', '/usr/lib/libproxychains4.so');
  onTestFinished(() => void vi.unstubAllEnvs());
  const { start, children } = running(ANSWERS_ONE);
  expect(await lookups({ start }).lookup('quick.test', 4)).toEqual(['quick.test 4 here']);
  expect(children).toHaveLength(0);
});

test('a process that never says that it is ready is done without', async () => {
  const { start, children } = running('process.on("message", () => undefined);');
  const names = lookups({ start, startLimitMs: 50 });
  const asked = names.lookup('quick.test', 4);
  await names.ready();
  expect(await asked).toEqual(['quick.test 4 here']);
  const [child] = children;
  if (child?.signalCode === null) await once(child, 'exit');
  expect(child?.signalCode).toBe('SIGKILL');
});
