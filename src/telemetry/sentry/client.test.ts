import { randomBytes } from 'node:crypto';
import { appendFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { temporaryHome } from '../../../fixtures/home.ts';
import { createAuthority } from '../../../fixtures/lab/authority.ts';
import { startFaultProxy } from '../../../fixtures/lab/fault-proxy.ts';
import { closedPort } from '../../../fixtures/lab/fault-server.ts';
import { networkWith } from '../../../fixtures/network.ts';
import { sampleReport } from '../../../fixtures/sentry-report.ts';
import { acceptAll, jsonItem, startSentryServer, TEST_KEY } from '../../../fixtures/sentry-server.ts';
import type { SentryServer, SentryStep } from '../../../fixtures/sentry-server.ts';
import { systemClock } from '../../host/clock.ts';
import { uploadReport } from './client.ts';
import type { ReportPart, UploadOutcome, UploadProgress } from './client.ts';
import { parseDsn } from './dsn.ts';
import type { SentryLimits } from './limits.ts';
import type { LostPart, SentryReport } from './report.ts';

interface Given {
  readonly limits?: Partial<SentryLimits>;
  readonly variables?: Readonly<Record<string, string>>;
  readonly progress?: UploadProgress;
  readonly signal?: AbortSignal;
}

async function upload(report: SentryReport, dsnText: string, given: Given = {}): Promise<UploadOutcome> {
  const read = parseDsn(dsnText);
  if (read.kind !== 'dsn') throw new Error(read.problem);
  const network = networkWith(given.variables ?? {});
  onTestFinished(() => network.close());
  return uploadReport(report, {
    dsn: read.dsn,
    network,
    clock: systemClock,
    signal: given.signal ?? new AbortController().signal,
    limits: { retryDelayMs: 0, ...given.limits },
    progress: given.progress ?? memory(),
  });
}

function memory(settled: readonly ReportPart[] = []): UploadProgress & { readonly parts: Set<ReportPart> } {
  const parts = new Set<ReportPart>(settled);
  const losses: LostPart[] = [];
  return {
    parts,
    isSettled: (part) => parts.has(part),
    settle: async (part, lost) => {
      parts.add(part);
      if (lost) losses.push(lost);
    },
    lost: () => losses,
  };
}

const namesOf = (server: SentryServer): readonly (readonly unknown[])[] =>
  server.accepted.map(({ items }) => items.map(({ header }) => header['filename'] ?? header['type']));

test('the event, its attachments and the feedback item that points at it arrive as they were', async () => {
  await using server = await startSentryServer();
  const binary = randomBytes(70_000);
  const report = sampleReport(
    temporaryHome(),
    { 'codex-logs.log': 'line\nline\n', 'rollouts.tar.gz': binary, 'empty.txt': '' },
    {
      reason: 'It hangs.',
      feedback: { message: 'It hangs.', source: 'stethos' },
      fingerprint: ['doctor', 'dns'],
    },
  );
  expect(await upload(report, server.dsn())).toEqual({ kind: 'sent', lost: [] });
  const [first, second] = server.accepted;
  expect(namesOf(server)).toEqual([
    ['event', 'codex-logs.log', 'rollouts.tar.gz', 'empty.txt'],
    ['feedback'],
  ]);
  expect(first).toMatchObject({
    path: '/api/42/envelope/',
    header: { event_id: report.eventId, sent_at: expect.stringMatching(/^20.*Z$/) as string },
    requestHeaders: {
      'content-type': 'application/x-sentry-envelope',
      'x-sentry-auth': `Sentry sentry_version=7, sentry_client=stethos/1.2.3, sentry_key=${TEST_KEY}`,
    },
  });
  expect(first?.items[2]?.payload.equals(binary)).toBe(true);
  const event = jsonItem(first, 'event');
  expect(event).toMatchObject({
    event_id: report.eventId,
    timestamp: report.timestampMs / 1_000,
    message: report.message,
    exception: { values: [{ type: report.message, value: 'It hangs.' }] },
    tags: { classification: 'bug' },
    contexts: { doctor: { failed: ['network.dns'] } },
    fingerprint: ['doctor', 'dns'],
    release: 'stethos@1.2.3',
    environment: 'production',
  });
  // An error is the default, and nothing is gathered that was not given.
  for (const absent of ['level', 'server_name', 'user', 'request', 'breadcrumbs', 'modules'])
    expect(event).not.toHaveProperty(absent);
  const feedback = jsonItem(second, 'feedback');
  expect(feedback).toMatchObject({
    contexts: { feedback: { message: 'It hangs.', source: 'stethos', associated_event_id: report.eventId } },
  });
  expect(second?.header['event_id']).toBe(feedback['event_id']);
  expect(feedback['event_id']).toMatch(/^[0-9a-f]{32}$/);
  expect(feedback['event_id']).not.toBe(report.eventId);
});

test('texts that Sentry would discard are cut: a tag at 200 characters, the message of feedback at 4,096', async () => {
  await using server = await startSentryServer();
  const report = sampleReport(
    temporaryHome(),
    {},
    {
      tags: { doctor_failed_checks: 'x'.repeat(256) },
      feedback: { message: `${'y'.repeat(4_092)}😀😀😀`, source: 'stethos' },
    },
  );
  await upload(report, server.dsn());
  expect(jsonItem(server.accepted[0], 'event')['tags']).toEqual({
    doctor_failed_checks: `${'x'.repeat(197)}...`,
  });
  const { message } = (
    jsonItem(server.accepted[1], 'feedback') as { contexts: { feedback: { message: string } } }
  ).contexts.feedback;
  expect([message.length, message.slice(-6)]).toEqual([4_095, 'yyy...']);
});

test('what does not fit beside the event travels in envelopes of its own, under the id of the event', async () => {
  await using server = await startSentryServer();
  const report = sampleReport(temporaryHome(), { small: 'a', large: 'b'.repeat(9_000), small2: 'c' });
  const limits = { maxCompressedBytes: 6_000 };
  expect(await upload(report, server.dsn(), { limits })).toEqual({ kind: 'sent', lost: [] });
  expect(namesOf(server)).toEqual([['event', 'small', 'small2'], ['large']]);
  expect(new Set(server.accepted.map(({ header }) => header['event_id']))).toEqual(new Set([report.eventId]));
});

test('what is too large is told as lost, and the rest arrives', async () => {
  await using server = await startSentryServer();
  const report = sampleReport(temporaryHome(), {
    noise: randomBytes(9_000),
    huge: 'b'.repeat(40_000),
    text: 'c'.repeat(9_000),
    last: 'd'.repeat(7_000),
  });
  const limits = { maxCompressedBytes: 6_000, maxUnpackedBytes: 30_000, maxReportBytes: 20_000 };
  expect(await upload(report, server.dsn(), { limits })).toMatchObject({
    kind: 'sent',
    lost: [
      { filename: 'huge', reason: expect.stringContaining('that Sentry takes at once') as string },
      { filename: 'last', reason: expect.stringContaining('the report is full') as string },
      { filename: 'noise', reason: expect.stringContaining('(packed)') as string },
    ],
  });
  expect(namesOf(server)).toEqual([['event'], ['text']]);
});

test('after 413 the event travels alone; an attachment that gets 413 alone is lost, and no other', async () => {
  await using server = await startSentryServer((_request, { items }) =>
    items.some(({ header }) => header['filename'] === 'large') ? { status: 413 } : undefined,
  );
  const report = sampleReport(temporaryHome(), { small: 'a', large: 'b' });
  expect(await upload(report, server.dsn())).toEqual({
    kind: 'sent',
    lost: [{ filename: 'large', reason: 'larger than the server takes (HTTP 413)' }],
  });
  expect(namesOf(server)).toEqual([['event'], ['small']]);
});

test('a file that changed after it was shown is not sent', async () => {
  await using server = await startSentryServer();
  const home = temporaryHome();
  const report = sampleReport(home, {
    same: 'same',
    changed: 'abc',
    longer: 'abc',
    gone: 'abc',
    link: 'abc',
  });
  const at = (index: number): string => report.attachments[index]?.path ?? '';
  writeFileSync(at(1), 'abd');
  appendFileSync(at(2), 'secret');
  rmSync(at(3));
  rmSync(at(4));
  symlinkSync(at(0), at(4));
  const outcome = await upload(report, server.dsn());
  expect(outcome).toMatchObject({
    kind: 'sent',
    lost: [
      { filename: 'changed', reason: 'it changed after it was shown' },
      { filename: 'longer', reason: 'it changed after it was shown' },
      { filename: 'gone', reason: 'it cannot be read any more (ENOENT)' },
      { filename: 'link', reason: 'it cannot be read any more (ELOOP)' },
    ],
  });
  expect(namesOf(server)).toEqual([['event', 'same']]);
});

test.each<[string, SentryStep, object]>([
  ['a wrong key', { status: 401 }, { kind: 'refused', failureClass: 'http_unauthorized' }],
  ['a project that is switched off', { status: 403 }, { kind: 'refused', failureClass: 'http_forbidden' }],
  ['no such project', { status: 404 }, { kind: 'refused', failureClass: 'http_not_found' }],
  ['a malformed envelope', { status: 400 }, { kind: 'refused', failureClass: 'http_other' }],
  ['413 for the event alone', { status: 413 }, { kind: 'refused' }],
  ['a slow client', { status: 408 }, { kind: 'deferred' }],
  ['a server in trouble', { status: 503 }, { kind: 'deferred', failureClass: 'http_server_error' }],
  [
    'a captive portal',
    { status: 200, headers: { 'content-type': 'text/html' }, body: '<html><title>Guest' },
    { kind: 'deferred', failureClass: 'intercepted' },
  ],
  [
    'a redirect',
    { status: 302, headers: { location: 'http://portal.example.com/' } },
    { kind: 'deferred', failureClass: 'intercepted' },
  ],
  ['a connection that is cut', 'cut', { kind: 'deferred', failureClass: 'closed' }],
  ['silence', 'hang', { kind: 'deferred', failureClass: 'timeout' }],
  [
    '429',
    { status: 429 },
    {
      kind: 'deferred',
      failureClass: 'http_rate_limited',
      limits: new Map([['all', expect.any(Number) as number]]),
    },
  ],
])('%s for the event: it is asked once, and nothing follows', async (_name, step, expected) => {
  await using server = await startSentryServer(() => step);
  const report = sampleReport(temporaryHome(), {}, { feedback: { message: 'Hello', source: 'stethos' } });
  const outcome = await upload(report, server.dsn(), {
    limits: { requestTimeoutMs: step === 'hang' ? 200 : 5_000 },
  });
  expect(outcome).toMatchObject(expected);
  expect(server.received).toHaveLength(1);
  expect(JSON.stringify(outcome)).not.toContain(TEST_KEY);
});

test('nobody listens', async () => {
  const report = sampleReport(temporaryHome());
  expect(await upload(report, `http://${TEST_KEY}@127.0.0.1:${await closedPort()}/1`)).toMatchObject({
    kind: 'deferred',
    failureClass: 'refused',
  });
});

test('an attachment is tried three times, and the others arrive meanwhile', async () => {
  await using server = await startSentryServer((_request, { items }) =>
    items[0]?.header['filename'] === 'unlucky' ? { status: 500 } : undefined,
  );
  const report = sampleReport(temporaryHome(), { unlucky: 'a'.repeat(9_000), lucky: 'b'.repeat(9_000) });
  const progress = memory();
  expect(
    await upload(report, server.dsn(), { progress, limits: { maxCompressedBytes: 6_000 } }),
  ).toMatchObject({
    kind: 'deferred',
    failureClass: 'http_server_error',
  });
  expect(server.received.map(({ items }) => items[0]?.header['filename'])).toEqual([
    undefined,
    'unlucky',
    'unlucky',
    'unlucky',
    'lucky',
  ]);
  expect(progress.parts).toEqual(new Set(['event', 'attachment 1']));
});

test('where the way itself fails, the other attachments wait without being tried', async () => {
  await using server = await startSentryServer((request) => (request === 0 ? undefined : 'cut'));
  const large = 'a'.repeat(9_000);
  const report = sampleReport(temporaryHome(), { one: large, two: large, three: large });
  expect(await upload(report, server.dsn(), { limits: { maxCompressedBytes: 6_000 } })).toMatchObject({
    kind: 'deferred',
    failureClass: 'closed',
  });
  expect(server.received).toHaveLength(1 + 3);
});

test('what is settled is not sent again', async () => {
  await using server = await startSentryServer();
  const report = sampleReport(
    temporaryHome(),
    { one: 'a', two: 'b' },
    { feedback: { message: 'Hi', source: 's' } },
  );
  const progress = memory(['event', 'attachment 0']);
  await upload(report, server.dsn(), { progress });
  expect(namesOf(server)).toEqual([['feedback'], ['two']]);
});

test('attachments that the server limits wait, also those that came with an event it took; feedback goes on', async () => {
  await using server = await startSentryServer(() => ({
    status: 200,
    headers: { 'x-sentry-rate-limits': '120:attachment:organization, 2700:replay;transaction:key' },
  }));
  const report = sampleReport(temporaryHome(), { one: 'a' }, { feedback: { message: 'Hi', source: 's' } });
  const progress = memory();
  expect(await upload(report, server.dsn(), { progress })).toMatchObject({
    kind: 'deferred',
    failureClass: 'http_rate_limited',
    limits: expect.objectContaining({ size: 3 }) as object,
  });
  expect(progress.parts).toEqual(new Set(['event', 'feedback']));
  expect(server.received).toHaveLength(2);
});

test('the signal ends an upload that hangs', async () => {
  await using server = await startSentryServer(() => 'hang');
  const stop = new AbortController();
  const sending = upload(sampleReport(temporaryHome()), server.dsn(), { signal: stop.signal });
  await server.begun(1);
  stop.abort();
  expect(await sending).toMatchObject({
    kind: 'deferred',
    reason: 'the time for it ran out',
    failureClass: 'timeout',
  });
});

test('through a proxy and with a custom CA, like everything else', async () => {
  const authority = await createAuthority();
  const identity = await authority.issue({ hosts: ['sentry.example.com'] });
  await using server = await startSentryServer(acceptAll, { identity });
  await using proxy = await startFaultProxy({
    hosts: { 'sentry.example.com:443': `127.0.0.1:${server.port}` },
    credentials: { username: 'ann', password: 'planted' },
  });
  const bundle = `${temporaryHome({ 'ca.pem': authority.certificate })}/ca.pem`;
  const dsn = server.dsn({ host: 'sentry.example.com' });
  const report = sampleReport(temporaryHome(), { note: 'hello' });
  const variables = { HTTPS_PROXY: proxy.withCredentials('ann', 'planted'), SSL_CERT_FILE: bundle };
  expect(await upload(report, dsn, { variables })).toEqual({ kind: 'sent', lost: [] });
  expect(proxy.seen).toHaveLength(1);

  const untrusted = await upload(report, dsn, { variables: { HTTPS_PROXY: variables.HTTPS_PROXY } });
  expect(untrusted).toMatchObject({ kind: 'deferred', failureClass: 'tls_untrusted' });
  const wrong = await upload(report, dsn, { variables: { ...variables, HTTPS_PROXY: proxy.url } });
  expect(wrong).toMatchObject({ kind: 'deferred', failureClass: 'proxy_auth' });
  const broken = await upload(report, dsn, { variables: { ...variables, SSL_CERT_FILE: '/nowhere/ca.pem' } });
  expect(broken).toMatchObject({
    kind: 'deferred',
    reason: expect.stringContaining('SSL_CERT_FILE') as string,
  });
  expect(JSON.stringify([untrusted, wrong, broken])).not.toMatch(new RegExp(`planted|${TEST_KEY}`));
  expect(server.accepted).toHaveLength(1);
});

test('an event that is too large for Sentry is not tried', async () => {
  await using server = await startSentryServer();
  const report = sampleReport(temporaryHome(), {}, { contexts: { much: { text: 'x'.repeat(1_000_001) } } });
  expect(await upload(report, server.dsn())).toMatchObject({ kind: 'refused' });
  expect(server.received).toEqual([]);
});
