import { expect, test } from 'vitest';
import { sampleCheck } from '../../fixtures/checks.ts';
import { testContext } from '../../fixtures/context.ts';
import { temporaryHome } from '../../fixtures/home.ts';
import { conclude, fail, idle, skip } from './check.ts';
import type { Check } from './check.ts';
import { runChecks } from './runner.ts';
import type { RunObserver } from './runner.ts';
import type { CheckResult } from './report.ts';

const never = (): Promise<never> => new Promise(() => undefined);

const broken = () =>
  conclude({
    summary: 'fine',
    issues: [
      fail({
        class: 'corrupt',
        cause: 'it is broken',
        measured: 'broken',
        expected: 'whole',
        remedy: 'mend it',
      }),
    ],
  });

interface Run {
  timeoutMs?: number;
  signal?: AbortSignal;
  observer?: RunObserver;
  offline?: boolean;
}

async function run(
  checks: readonly Check[],
  { timeoutMs = 10_000, signal = new AbortController().signal, observer, offline = true }: Run = {},
) {
  const context = testContext({ home: temporaryHome(), offline });
  const { results } = await runChecks(checks, context, { timeoutMs, signal, ...(observer && { observer }) });
  return Object.fromEntries(results.map((result) => [result.id, result])) as Record<string, CheckResult>;
}

test('a check may name its own page, and say itself that its time ran out', async () => {
  const results = await run([
    sampleCheck('a.bad', { judge: broken, docs: 'https://example.com/a' }),
    sampleCheck('a.late', {
      judge: () => ({ kind: 'incomplete', summary: 'late', details: { tries: 2 }, issues: [], notes: [] }),
    }),
  ]);
  expect(results['a.bad']?.issues[0]?.docs).toBe('https://example.com/a');
  expect(results['a.late']).toMatchObject({ status: 'incomplete', summary: 'late', details: { tries: 2 } });
});

test('the status of a row follows from its issues', async () => {
  const results = await run([
    sampleCheck('a.ok'),
    sampleCheck('a.bad', { judge: broken }),
    sampleCheck('a.idle', { judge: () => idle({ summary: 'nothing there' }) }),
    sampleCheck('a.skip', { judge: () => skip({ because: 'a.bad', summary: 'cannot tell' }) }),
  ]);
  expect(Object.values(results).map(({ id, status }) => [id, status])).toEqual([
    ['a.ok', 'ok'],
    ['a.bad', 'fail'],
    ['a.idle', 'idle'],
    ['a.skip', 'skipped'],
  ]);
  expect(results['a.bad']).toMatchObject({
    failure: { class: 'corrupt', phase: 'database' },
    remediation: 'mend it',
    issues: [{ failureClass: 'corrupt', docs: 'docs/checks/a.bad.md' }],
  });
});

test.each([
  ['an error', new Error('boom'), 'boom'],
  ['an error without words', new TypeError(''), 'TypeError'],
  ['null', null, 'null'],
  ['zero', 0, '0'],
  ['a string', 'oops', 'oops'],
  ['a symbol', Symbol('odd'), 'Symbol(odd)'],
  ['nothing', undefined, 'undefined'],
  ['an object that cannot be printed', Object.create(null), 'object'],
])('a probe that throws %s is a crashed row, and the others still run', async (_what, thrown, words) => {
  const results = await run([
    sampleCheck('a.thrower', {
      probe: () => {
        throw thrown;
      },
    }),
    sampleCheck('a.other'),
  ]);
  expect(results['a.thrower']).toMatchObject({ status: 'crashed' });
  expect(results['a.thrower']?.summary).toContain(words);
  expect(results['a.other']?.status).toBe('ok');
});

test('a judge that throws is a crashed row', async () => {
  const results = await run([
    sampleCheck('a.judge', {
      judge: () => {
        throw new Error('cannot judge');
      },
    }),
  ]);
  expect(results['a.judge']).toMatchObject({ status: 'crashed' });
});

test('a probe that never answers is incomplete after its budget and says what it waited for', async () => {
  const results = await run([
    sampleCheck('a.slow', {
      budgetMs: 20,
      probe: (context) => {
        context.waitingFor('a silent host');
        return never();
      },
    }),
    sampleCheck('a.other'),
  ]);
  expect(results['a.slow']).toMatchObject({
    status: 'incomplete',
    summary: 'no answer within its 20 ms, while waiting for a silent host',
  });
  expect(results['a.other']?.status).toBe('ok');
});

test('the deadline of the run ends every probe', async () => {
  const results = await run([sampleCheck('a.slow', { probe: never }), sampleCheck('a.fast')], {
    timeoutMs: 20,
  });
  expect(results['a.slow']).toMatchObject({ status: 'incomplete', summary: "the run's 20 ms were used up" });
  expect(results['a.fast']?.status).toBe('ok');
});

test('an interrupt leaves finished rows and marks the others', async () => {
  const interrupt = new AbortController();
  const observer: RunObserver = { onFinish: (result) => result.id === 'a.fast' && interrupt.abort() };
  const results = await run([sampleCheck('a.fast'), sampleCheck('a.slow', { probe: never })], {
    signal: interrupt.signal,
    observer,
  });
  expect(results['a.fast']?.status).toBe('ok');
  expect(results['a.slow']).toMatchObject({ status: 'incomplete', summary: 'interrupted' });
});

test('a probe is told through its signal that its time is over', async () => {
  let aborted = false;
  await run([
    sampleCheck('a.slow', {
      budgetMs: 10,
      probe: ({ signal }) => {
        signal.addEventListener('abort', () => {
          aborted = true;
        });
        return never();
      },
    }),
  ]);
  expect(aborted).toBe(true);
});

test('what builds on a failed check is skipped, along the whole chain', async () => {
  const results = await run([
    sampleCheck('a.base', { judge: broken }),
    sampleCheck('a.middle', { needs: ['a.base'] }),
    sampleCheck('a.top', { needs: ['a.middle'] }),
    sampleCheck('a.free'),
  ]);
  expect(results['a.middle']).toMatchObject({ status: 'skipped', skippedBecause: 'a.base' });
  expect(results['a.top']).toMatchObject({ status: 'skipped', skippedBecause: 'a.middle' });
  expect(results['a.free']?.status).toBe('ok');
});

test('what builds on a check that was skipped by an option still runs', async () => {
  const results = await run([
    sampleCheck('a.remote', { network: true }),
    sampleCheck('a.local', { needs: ['a.remote'] }),
  ]);
  expect(results['a.remote']).toMatchObject({ status: 'skipped', skippedBecause: '--offline' });
  expect(results['a.local']?.status).toBe('ok');
});

test('a needed check that was not selected holds nobody up', async () => {
  expect((await run([sampleCheck('a.top', { needs: ['a.base'] })]))['a.top']?.status).toBe('ok');
});

test('many more checks than places all get their row, in registry order', async () => {
  const checks = Array.from({ length: 50 }, (_, index) =>
    sampleCheck(`a.n${index}`, { probe: () => new Promise((resolve) => setTimeout(resolve, index % 3)) }),
  );
  expect(Object.keys(await run(checks))).toEqual(checks.map((check) => check.id));
});

test('a check that asks the network waits for no place among those that read the disk', async () => {
  const { promise: answered, resolve: answer } = Promise.withResolvers<void>();
  const results = await run(
    [
      ...Array.from({ length: 20 }, (_, index) =>
        sampleCheck(`a.disk${index}`, { budgetMs: 60_000, probe: () => answered }),
      ),
      sampleCheck('a.remote', { network: true, probe: () => answer() }),
    ],
    { offline: false },
  );
  expect(Object.values(results).map(({ status }) => status)).toEqual(Array(21).fill('ok'));
});

test('what may take longest starts first, and what builds on others behind them; the rows keep their order', async () => {
  const started: string[] = [];
  const observer: RunObserver = { onStart: ({ id }) => started.push(id) };
  const results = await run(
    [
      sampleCheck('a.quick', { budgetMs: 10_000 }),
      sampleCheck('a.slow', { budgetMs: 30_000 }),
      sampleCheck('a.top', { budgetMs: 60_000, needs: ['a.quick'] }),
    ],
    { observer },
  );
  expect(started).toEqual(['a.slow', 'a.quick', 'a.top']);
  expect(Object.keys(results)).toEqual(['a.quick', 'a.slow', 'a.top']);
});
