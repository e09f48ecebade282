import { setImmediate, setTimeout } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createLogger } from './create-logger.ts';
import type { ProcessLogger } from './create-logger.ts';
import type { LogRow } from './row.ts';
import type { InsertResult, LogStore } from './store.ts';

const BUSY: InsertResult = { kind: 'failed', class: 'busy', isPassing: true };
const BROKEN: InsertResult = { kind: 'failed', class: 'corrupt', isPassing: false };
const NEVER_MS = 60_000;

function setUp({
  flushEveryMs = NEVER_MS,
  answer = () => ({ kind: 'inserted' }),
}: {
  readonly flushEveryMs?: number;
  readonly answer?: (call: number) => InsertResult;
} = {}): { logger: ProcessLogger; batches: (readonly LogRow[])[]; isClosed: () => boolean } {
  const batches: (readonly LogRow[])[] = [];
  let calls = 0;
  let closed = false;
  const store: LogStore = {
    insert(rows) {
      calls += 1;
      const result = answer(calls);
      if (result.kind === 'inserted') batches.push(rows);
      return result;
    },
    close: () => {
      closed = true;
    },
  };
  const logger = createLogger({
    store,
    clock: { now: () => 0, elapsed: () => 0 },
    processId: 7,
    processUuid: 'uuid',
    flushEveryMs,
  });
  return { logger, batches, isClosed: () => closed };
}

const logMany = (logger: ProcessLogger, count: number): void => {
  for (let number = 0; number < count; number += 1) logger.log('INFO', `line ${number}`);
};

test('512 rows are written at once, but not by whoever logs the last of them', async () => {
  const { logger, batches } = setUp();
  logMany(logger, 512);
  expect(batches).toHaveLength(0);
  await setImmediate();
  await setImmediate();
  expect(batches.map((batch) => batch.length)).toEqual([512]);
});

test('fewer rows wait for the timer, or for a flush', async () => {
  const timed = setUp({ flushEveryMs: 1 });
  logMany(timed.logger, 3);
  while (timed.batches.length === 0) await setTimeout(1);
  expect(timed.batches.map((batch) => batch.length)).toEqual([3]);
  const flushed = setUp();
  logMany(flushed.logger, 3);
  await flushed.logger.flush();
  expect(flushed.batches.map((batch) => batch.length)).toEqual([3]);
});

test('rows carry the process, the spans and the thread', async () => {
  const { logger, batches } = setUp();
  logger.span('turn', { thread_id: 'a' }).span('step').log('WARN', 'hello', { n: 1 });
  await logger.flush();
  expect(batches[0]).toMatchObject([
    {
      level: 'WARN',
      thread_id: 'a',
      process_uuid: 'pid:7:uuid',
      feedback_log_body: 'turn{thread_id="a"}:step: hello n=1',
    },
  ]);
});

test('rows wait while the database is in use, and then new ones are dropped and counted', async () => {
  let isBusy = true;
  const { logger, batches } = setUp({ answer: () => (isBusy ? BUSY : { kind: 'inserted' }) });
  logMany(logger, 5_000);
  await setImmediate();
  expect(logger.dropped()).toEqual({ queueFull: 5_000 - 4_096, insertFailed: 0 });
  isBusy = false;
  await logger.flush();
  expect(batches.flat().map(({ feedback_log_body: body }) => body)).toEqual(
    Array.from({ length: 4_096 }, (_, number) => `line ${number}`),
  );
});

test('a batch that the database refuses is lost and counted', async () => {
  const { logger } = setUp({ answer: () => BROKEN });
  logMany(logger, 3);
  await logger.flush();
  expect(logger.dropped()).toEqual({ queueFull: 0, insertFailed: 3 });
});

test('a flush does not wait for ever for a database in use', async () => {
  const { logger } = setUp({ answer: () => BUSY });
  logMany(logger, 3);
  await logger.flush();
  expect(logger.dropped()).toEqual({ queueFull: 0, insertFailed: 3 });
});

test('closing writes what waits, and nothing is taken afterwards', async () => {
  const { logger, batches, isClosed } = setUp();
  logMany(logger, 2);
  await logger.close();
  expect([batches.flat().length, isClosed()]).toEqual([2, true]);
  logger.log('INFO', 'too late');
  expect(logger.dropped()).toEqual({ queueFull: 1, insertFailed: 0 });
});
