import { expect, test } from 'vitest';
import { attempt, THREAD, threadStarted, turnStarted, wholeTurn } from '../../../fixtures/agent-facts.ts';
import { toldFacts } from '../../../fixtures/otel-observer.ts';

test('a request for the models says success and mode, and nothing of a recovery', async () => {
  const { records } = await toldFacts([
    threadStarted(),
    turnStarted(),
    attempt('none', { endpoint: '/models', httpStatus: 200 }),
  ]);
  const fields = Object.keys(records.at(-1)?.attributes ?? {});
  expect(records.at(-1)?.attributes).toMatchObject({ success: 'true', 'auth.mode': 'Chatgpt' });
  expect(fields.filter((field) => /retry|recovery/.test(field))).toEqual([]);
});

test('a request that no thread asked for is told without a thread', async () => {
  const { facts } = attempt('none', { endpoint: '/models' });
  const { records, samples } = await toldFacts([{ type: 'attempt', facts }]);
  expect(records.map((record) => record.eventName)).toEqual(['codex.api_request']);
  expect(Object.keys(records[0]?.attributes ?? {})).not.toContain('conversation.id');
  expect((await samples()).map((sample) => sample.name)).toContain('codex.api_request');
});

test('a request that no thread asked for is the latest attempt of each', async () => {
  const { facts } = attempt('none', { endpoint: '/models' });
  const { spans } = await toldFacts([
    threadStarted(),
    { type: 'attempt', facts },
    { type: 'thread_ended', threadId: THREAD, status: 'completed' },
  ]);
  expect(spans().at(-1)).toMatchObject({ name: 'session_loop', attributes: { endpoint: '/models' } });
});

test('without a signal nothing of it is made: no text is asked for, and the other signals stand', async () => {
  const asked: string[] = [];
  const facts = wholeTurn().map((fact) =>
    fact.type === 'tool_ended'
      ? {
          ...fact,
          output: (): string => {
            asked.push(fact.callId);
            return 'text';
          },
        }
      : fact,
  );
  const metricsAlone = await toldFacts(facts, { signals: ['metrics'] });
  expect(asked).toEqual([]);
  expect((await metricsAlone.samples()).length).toBeGreaterThan(10);
  const logsAlone = await toldFacts(wholeTurn(), { signals: ['logs'] });
  expect(logsAlone.spans()).toEqual([]);
  expect(logsAlone.records.length).toBeGreaterThan(10);
  const tracesAlone = await toldFacts(wholeTurn(), { signals: ['traces'] });
  expect(tracesAlone.records).toEqual([]);
  expect(tracesAlone.spans().length).toBeGreaterThan(10);
});

test('facts of threads that were never told to start do no harm', async () => {
  const { records, spans } = await toldFacts(wholeTurn().filter((fact) => fact.type !== 'thread_started'));
  expect([records, spans()]).toEqual([[], []]);
});
