import { expect, test } from 'vitest';
import { sampleCheck } from '../../fixtures/checks.ts';
import { testContext } from '../../fixtures/context.ts';
import { temporaryHome } from '../../fixtures/home.ts';
import { conclude, fail, skip } from './check.ts';
import { exitCodeOf } from './gate.ts';
import { runSelected } from './run-selected.ts';
import type { RunOptions } from './runner.ts';

const broken = () =>
  conclude({
    summary: '',
    issues: [fail({ class: 'refused', cause: 'nobody listens', measured: 'm', expected: 'e', remedy: 'r' })],
    notes: [{ kind: 'info', text: 'of the cause' }],
  });
const skipped = (because: string) => () => skip({ because, summary: 'cannot tell' });

const CHECKS = [
  sampleCheck('a.first'),
  sampleCheck('net.provider', { judge: broken }),
  sampleCheck('auth.live', { judge: skipped('net.provider') }),
  sampleCheck('auth.more', { judge: skipped('auth.live') }),
  sampleCheck('auth.offline', { judge: skipped('--offline') }),
  sampleCheck('z.last'),
];

async function run(
  only: readonly string[] | undefined,
  skips: readonly string[] = [],
  options: Partial<RunOptions> = {},
) {
  const { results, notes } = await runSelected(CHECKS, testContext({ home: temporaryHome() }), {
    timeoutMs: 10_000,
    signal: new AbortController().signal,
    ...options,
    ...(only && { selected: new Set(only) }),
    unwanted: new Set(skips),
  });
  const checks = Object.fromEntries(results.map((row) => [row.id, row]));
  return {
    ids: results.map(({ id }) => id),
    notes: notes.map(({ text }) => text),
    exitCode: exitCodeOf({ interrupted: false, checks }, 'fail'),
  };
}

test.each<[string, readonly string[], readonly string[], number]>([
  ['alone where it can be judged', ['a.first'], ['a.first'], 0],
  ['with the fault that kept it from being judged', ['auth.live'], ['net.provider', 'auth.live'], 1],
  ['with all of a chain', ['auth.more', 'a.first'], ['a.first', 'net.provider', 'auth.live', 'auth.more'], 1],
  ['alone where an option kept it from being judged', ['auth.offline'], ['auth.offline'], 0],
])('a selected check runs %s', async (_name, only, ids, exitCode) => {
  expect(await run(only)).toMatchObject({ ids, exitCode });
});

test('what is to be left out is left out, whatever it would explain', async () => {
  expect(await run(['auth.live'], ['net.provider'])).toMatchObject({ ids: ['auth.live'], exitCode: 0 });
});

test('without a selection everything runs once; observers are told of what comes along', async () => {
  expect((await run(undefined)).ids).toEqual(CHECKS.map(({ id }) => id));
  const told: string[] = [];
  const { notes } = await run(['auth.live'], [], { observer: { onFinish: ({ id }) => void told.push(id) } });
  expect(told).toEqual(['auth.live', 'net.provider']);
  expect(notes).toEqual(['of the cause']);
});

test('after an interrupt nothing comes along', async () => {
  const interrupt = new AbortController();
  const observer = { onFinish: () => interrupt.abort() };
  expect((await run(['auth.live'], [], { signal: interrupt.signal, observer })).ids).toEqual(['auth.live']);
});
