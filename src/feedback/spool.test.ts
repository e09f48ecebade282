import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { temporaryHome } from '../../fixtures/home.ts';
import { plainNetwork } from '../../fixtures/network.ts';
import { sampleReport } from '../../fixtures/sentry-report.ts';
import { jsonItem, startSentryServer, TEST_KEY } from '../../fixtures/sentry-server.ts';
import type { SentryServer, SentryStep } from '../../fixtures/sentry-server.ts';
import { systemClock } from '../host/clock.ts';
import { parseDsn } from '../telemetry/sentry/dsn.ts';
import { flushSpool, sendReport, waitingReports } from './spool.ts';
import type { SendOptions } from './spool.ts';

const DAY_MS = 86_400_000;
const idOf = (number: number): string => number.toString(16).padStart(32, '0');

function optionsFor(server: SentryServer, folder: string, more: Partial<SendOptions> = {}): SendOptions {
  const read = parseDsn(server.dsn());
  if (read.kind !== 'dsn') throw new Error(read.problem);
  const network = plainNetwork();
  onTestFinished(() => network.close());
  return {
    spoolFolder: folder,
    dsn: read.dsn,
    network,
    clock: systemClock,
    signal: new AbortController().signal,
    limits: { retryDelayMs: 0, requestTimeoutMs: 5_000 },
    ...more,
  };
}

/** A clock that stands so many milliseconds in the future. */
const later = (byMs: number): SendOptions['clock'] => ({
  now: () => Date.now() + byMs,
  elapsed: () => systemClock.elapsed(),
});

const waitingIn = (folder: string): readonly string[] =>
  existsSync(folder) ? readdirSync(folder).filter((name) => name !== 'damaged') : [];

test('what was sent leaves nothing behind', async () => {
  await using server = await startSentryServer();
  const folder = join(temporaryHome(), 'home/feedback-spool');
  const report = sampleReport(temporaryHome(), { note: 'hello' });
  const outcome = await sendReport(report, optionsFor(server, folder));
  expect(outcome).toEqual({ kind: 'sent', eventId: report.eventId, lost: [] });
  expect(waitingIn(folder)).toEqual([]);
});

test('what could not be sent waits, for its owner alone, and is sent later under the same id without its sources', async () => {
  const steps: SentryStep[] = [{ status: 503 }];
  await using server = await startSentryServer(() => steps.shift());
  const folder = join(temporaryHome(), 'feedback-spool');
  const sources = temporaryHome();
  const report = sampleReport(sources, { note: 'hello' }, { feedback: { message: 'Hi', source: 'stethos' } });
  const options = optionsFor(server, folder);
  expect(await sendReport(report, options)).toEqual({
    kind: 'spooled',
    eventId: report.eventId,
    reason: 'the endpoint itself is in trouble (HTTP 503)',
    failureClass: 'http_server_error',
    dropped: 0,
  });
  expect(waitingIn(folder)).toEqual([report.eventId]);
  const modes = [
    folder,
    ...readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
  ];
  for (const path of modes) expect([path, statSync(path).mode & 0o077]).toEqual([path, 0]);
  expect(readFileSync(join(folder, report.eventId, 'report.json'), 'utf8')).not.toContain(TEST_KEY);

  rmSync(sources, { recursive: true });
  expect(await flushSpool(options)).toEqual({
    outcomes: [{ kind: 'sent', eventId: report.eventId, lost: [] }],
    elsewhere: [],
    beingSent: 0,
    dropped: 0,
    damaged: 0,
  });
  expect(server.accepted.map(({ header }) => header['event_id'])[0]).toBe(report.eventId);
  expect(server.accepted[0]?.items[1]?.payload.toString()).toBe('hello');
  expect(jsonItem(server.accepted[1], 'feedback')).toMatchObject({
    contexts: { feedback: { associated_event_id: report.eventId } },
  });
  expect(waitingIn(folder)).toEqual([]);
});

test('parts that the server has are not sent again', async () => {
  let refusesLarge = true;
  await using server = await startSentryServer((_request, { items }) =>
    refusesLarge && items[0]?.header['filename'] === 'large' ? { status: 500 } : undefined,
  );
  const folder = join(temporaryHome(), 'feedback-spool');
  const report = sampleReport(temporaryHome(), { small: 'a', large: 'b'.repeat(9_000) });
  const options = optionsFor(server, folder, { limits: { retryDelayMs: 0, maxCompressedBytes: 6_000 } });
  expect(await sendReport(report, options)).toMatchObject({
    kind: 'spooled',
    failureClass: 'http_server_error',
  });
  refusesLarge = false;
  expect((await flushSpool(options)).outcomes).toMatchObject([{ kind: 'sent' }]);
  expect(server.accepted.map(({ items }) => items.map(({ header }) => header['filename']))).toEqual([
    [undefined, 'small'],
    ['large'],
  ]);
});

test('what the server will never have does not wait', async () => {
  await using server = await startSentryServer(() => ({ status: 403 }));
  const folder = join(temporaryHome(), 'feedback-spool');
  expect(await sendReport(sampleReport(temporaryHome()), optionsFor(server, folder))).toMatchObject({
    kind: 'refused',
  });
  expect(waitingIn(folder)).toEqual([]);
});

test('a server that asked to wait is not asked before, by no report; then all of them are sent', async () => {
  const steps: SentryStep[] = [{ status: 429, headers: { 'retry-after': '600' } }];
  await using server = await startSentryServer(() => steps.shift());
  const folder = join(temporaryHome(), 'feedback-spool');
  const options = optionsFor(server, folder);
  for (const number of [1, 2])
    expect(
      await sendReport(sampleReport(temporaryHome(), {}, { eventId: idOf(number) }), options),
    ).toMatchObject({
      kind: 'spooled',
      failureClass: 'http_rate_limited',
    });
  expect((await flushSpool(options)).outcomes).toMatchObject([{ kind: 'spooled' }, { kind: 'spooled' }]);
  expect(server.received).toHaveLength(1);
  const outcome = await flushSpool({ ...options, clock: later(601_000) });
  expect(outcome.outcomes).toMatchObject([{ kind: 'sent' }, { kind: 'sent' }]);
});

test('an unreachable server is asked once for all that waits; one that stumbles is asked for each', async () => {
  let step: SentryStep | undefined = { status: 500 };
  await using server = await startSentryServer(() => step);
  const folder = join(temporaryHome(), 'feedback-spool');
  const options = optionsFor(server, folder);
  for (const number of [1, 2, 3])
    await sendReport(sampleReport(temporaryHome(), {}, { eventId: idOf(number) }), options);
  expect(server.received).toHaveLength(3);
  await flushSpool(options);
  expect(server.received).toHaveLength(6);
  step = 'cut';
  expect((await flushSpool(options)).outcomes).toMatchObject(
    [1, 2, 3].map((number) => ({ kind: 'spooled', eventId: idOf(number) })),
  );
  expect(server.received).toHaveLength(7);
});

test('a report goes to nobody but whom it was written for', async () => {
  await using server = await startSentryServer(() => ({ status: 500 }));
  await using stranger = await startSentryServer();
  const folder = join(temporaryHome(), 'feedback-spool');
  await sendReport(sampleReport(temporaryHome()), optionsFor(server, folder));
  const { eventId } = sampleReport(temporaryHome());
  const waiting = [{ eventId, destination: `127.0.0.1:${server.port}, project 42` }];
  const outcome = await flushSpool(optionsFor(stranger, folder));
  expect(outcome).toMatchObject({ outcomes: [], elsewhere: waiting });
  expect(await waitingReports(optionsFor(stranger, folder))).toEqual(waiting);
  expect(stranger.received).toEqual([]);
});

test('the spool is bounded: the oldest go, by count, by size and by age, and it is told how many', async () => {
  await using server = await startSentryServer(() => ({ status: 500 }));
  const folder = join(temporaryHome(), 'feedback-spool');
  const send = async (number: number, more: Partial<SendOptions>, content = ''): Promise<unknown> =>
    sendReport(
      sampleReport(temporaryHome(), { note: content }, { eventId: idOf(number) }),
      optionsFor(server, folder, { clock: later(number), ...more }),
    );
  for (const number of [1, 2, 3]) await send(number, {});
  expect(await send(4, { bounds: { maxReports: 3 } })).toMatchObject({ kind: 'spooled', dropped: 1 });
  expect(waitingIn(folder)).toEqual([idOf(2), idOf(3), idOf(4)]);
  await send(5, {}, 'x'.repeat(600));
  expect(await send(6, { bounds: { maxBytes: 1_000 } }, 'y'.repeat(600))).toMatchObject({
    kind: 'spooled',
    dropped: 4,
  });
  expect(waitingIn(folder)).toEqual([idOf(6)]);
  expect(await flushSpool(optionsFor(server, folder, { clock: later(31 * DAY_MS) }))).toMatchObject({
    outcomes: [],
    dropped: 1,
  });
  expect(waitingIn(folder)).toEqual([]);
});

test('a home that cannot be written does not keep a report from its reader', async () => {
  const steps: SentryStep[] = [];
  await using server = await startSentryServer(() => steps.shift());
  const folder = join(temporaryHome({ 'in-the-way': '' }), 'in-the-way/feedback-spool');
  const report = sampleReport(temporaryHome(), { note: 'hello' });
  expect(await sendReport(report, optionsFor(server, folder))).toMatchObject({ kind: 'sent', lost: [] });
  steps.push({ status: 500 });
  expect(await sendReport(report, optionsFor(server, folder))).toMatchObject({
    kind: 'refused',
    reason: expect.stringMatching(/HTTP 500.*cannot be kept for later \(E[A-Z]+\)/) as string,
  });
});

test('a file that changed before it was spooled is lost, and so is one that was changed in the spool', async () => {
  const steps: SentryStep[] = [{ status: 500 }];
  await using server = await startSentryServer(() => steps.shift());
  const folder = join(temporaryHome(), 'feedback-spool');
  const report = sampleReport(temporaryHome(), { one: 'abc', two: 'abc', three: 'abc' });
  writeFileSync(report.attachments[0]?.path ?? '', 'other');
  const options = optionsFor(server, folder);
  await sendReport(report, options);
  writeFileSync(join(folder, report.eventId, 'files/1'), 'secret');
  expect((await flushSpool(options)).outcomes).toMatchObject([
    {
      kind: 'sent',
      lost: [
        { filename: 'one', reason: 'it changed after it was shown' },
        { filename: 'two', reason: 'it changed after it was shown' },
      ],
    },
  ]);
  expect(server.accepted[0]?.items.map(({ header }) => header['filename'])).toEqual([undefined, 'three']);
});

test('whatever else stands in the spool is put aside or left alone, and hinders nothing', async () => {
  const steps: SentryStep[] = [{ status: 500 }];
  await using server = await startSentryServer(() => steps.shift());
  const home = temporaryHome({ 'outside/report.json': '{}' });
  const folder = join(home, 'feedback-spool');
  const options = optionsFor(server, folder);
  await sendReport(sampleReport(temporaryHome()), options);
  const good = readFileSync(join(folder, readdirSync(folder)[0] ?? '', 'report.json'), 'utf8');
  const plant = (number: number, text: string): void => {
    mkdirSync(join(folder, idOf(number)));
    writeFileSync(join(folder, idOf(number), 'report.json'), text);
  };
  plant(1, '{"version":1');
  plant(2, JSON.stringify({ version: 2 }));
  plant(3, good);
  mkdirSync(join(folder, idOf(4)));
  symlinkSync(join(home, 'outside'), join(folder, idOf(5)));
  writeFileSync(join(folder, idOf(6)), 'a file');
  writeFileSync(join(folder, 'notes.txt'), 'mine');
  mkdirSync(join(folder, '.draft-old'));
  // A note of progress that cannot be read costs a repetition, not the report.
  writeFileSync(join(folder, sampleReport(temporaryHome()).eventId, 'progress.json'), '{');
  expect(await flushSpool({ ...options, clock: later(2 * DAY_MS) })).toMatchObject({
    outcomes: [{ kind: 'sent' }],
    damaged: 6,
  });
  expect(waitingIn(folder)).toEqual(['notes.txt']);
  expect(readdirSync(join(folder, 'damaged'))).toHaveLength(5);
  expect(existsSync(join(home, 'outside/report.json'))).toBe(true);
});

test('two that flush at once send each report once', async () => {
  const steps: SentryStep[] = [{ status: 500 }, { status: 500 }, { status: 500 }];
  await using server = await startSentryServer(() => steps.shift());
  const folder = join(temporaryHome(), 'feedback-spool');
  const options = optionsFor(server, folder);
  for (const number of [1, 2, 3])
    await sendReport(sampleReport(temporaryHome(), {}, { eventId: idOf(number) }), options);
  await Promise.all([flushSpool(options), flushSpool(options)]);
  expect(server.accepted.map(({ header }) => String(header['event_id'])).toSorted()).toEqual(
    [1, 2, 3].map((number) => idOf(number)),
  );
  expect(waitingIn(folder)).toEqual([]);
});
