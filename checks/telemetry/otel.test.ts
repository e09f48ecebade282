import { join } from 'node:path';
import { expect, test } from 'vitest';
import { testContext } from '../../fixtures/context.ts';
import { temporaryHome } from '../../fixtures/home.ts';
import { createAuthority } from '../../fixtures/lab/authority.ts';
import { closedPort } from '../../fixtures/lab/listener.ts';
import { startOtlpCollector } from '../../fixtures/otlp-collector.ts';
import type { CollectorOptions, OtlpCollector } from '../../fixtures/otlp-collector.ts';
import { startOtlpGrpcCollector } from '../../fixtures/otlp-grpc-collector.ts';
import { stethos } from '../../fixtures/run.ts';
import type { Verdict } from '../../src/doctor/check.ts';
import type { ExportFailureClass } from '../../src/telemetry/otel/sender.ts';
import type { SeenSignal } from './otel/evidence.ts';
import otel from './otel.ts';

const SEEN: Omit<SeenSignal, 'outcome'> = {
  signal: 'logs',
  endpoint: 'http://c:4318/v1/logs',
  protocol: 'http/protobuf',
  source: 'otel.exporter',
  headerNames: [],
  durationMs: 5,
};
const refusedWith = (
  failureClass: ExportFailureClass,
  more: Readonly<Record<string, unknown>> = {},
): Verdict =>
  otel.judge({
    mayHideSettings: false,
    problems: [],
    signals: [
      {
        ...SEEN,
        outcome: {
          kind: 'refused',
          failure: { class: failureClass, message: 'ca-certificate is wrong', isRetryable: false, ...more },
        },
      },
    ],
  });

test.each([
  ['refused', {}, 'warning', 'refused'],
  ['dns', {}, 'warning', 'dns'],
  ['timeout', {}, 'warning', 'timeout'],
  ['http_rate_limited', { httpStatus: 429 }, 'warning', 'http_rate_limited'],
  ['http_server_error', { httpStatus: 503 }, 'warning', 'http_server_error'],
  ['http_unauthorized', { httpStatus: 401 }, 'fail', 'http_unauthorized'],
  ['http_forbidden', { httpStatus: 403 }, 'fail', 'http_forbidden'],
  ['http_not_found', { httpStatus: 404 }, 'fail', 'http_not_found'],
  ['http_other', { httpStatus: 415 }, 'fail', 'protocol'],
  ['http_other', { httpStatus: 400 }, 'fail', 'protocol'],
  ['http_other', { httpStatus: 409 }, 'fail', 'http_other'],
  ['intercepted', { httpStatus: 200 }, 'fail', 'intercepted'],
  ['tls_untrusted', {}, 'fail', 'tls_untrusted'],
  ['trust_unusable', {}, 'fail', 'unreadable'],
  ['proxy_unusable', {}, 'fail', 'invalid_value'],
  ['unsendable', {}, 'fail', 'invalid_value'],
] as const)('%s %j is a %s of class %s', (failureClass, more, severity, reported) => {
  const [issue] = refusedWith(failureClass, more).issues;
  expect(issue).toMatchObject({ severity, failure: { class: reported } });
});

test.each([
  ['proxy_unusable', 'HTTPS_PROXY cannot be used', 'network.env'],
  ['trust_unusable', 'SSL_CERT_FILE names /x, which is empty', 'network.ca'],
  ['trust_unusable', 'ca-certificate names /x, which is empty', undefined],
  ['refused', 'nobody listens', undefined],
] as const)('%s (%s) is caused by %s', (failureClass, message, causedBy) =>
  expect(refusedWith(failureClass, { message }).causedBy).toBe(causedBy),
);

test('nothing on is idle, and skipped where nobody can know', () => {
  expect(otel.judge({ mayHideSettings: false, problems: [], signals: [] }).kind).toBe('idle');
  expect(otel.judge({ mayHideSettings: true, problems: [], signals: [] })).toMatchObject({
    kind: 'skipped',
    skippedBecause: 'config.load',
  });
});

/** Runs the probe with these settings of a home. */
async function verdictOn(config: string, env: Readonly<Record<string, string>> = {}): Promise<Verdict> {
  const context = testContext({ home: temporaryHome({ 'config.toml': config }), env, offline: false });
  return otel.judge(await otel.probe(context));
}

const http = ({ url }: OtlpCollector, { protocol = 'binary', path = '/v1/logs' } = {}): string =>
  `[otel]\nexporter = { otlp-http = { endpoint = "${url}${path}", protocol = "${protocol}", headers = { "x-key" = "planted-key" } } }`;

test.each(['binary', 'json'])('a collector takes one record, %s', async (protocol) => {
  await using collector = await startOtlpCollector();
  const verdict = await verdictOn(http(collector, { protocol }));
  expect(verdict.issues).toEqual([]);
  expect(verdict.details).toMatchObject({
    'logs result': 'accepted',
    'logs set by': 'otel.exporter',
    'logs headers': ['x-key'],
  });
  expect(collector.logRecords()).toMatchObject([{ eventName: 'stethos.telemetry.probe' }]);
  expect(collector.requests).toHaveLength(1);
  expect(JSON.stringify(verdict)).not.toContain('planted');
});

test('headers are sent by the program as published, where the network and the check are of two bundles', async () => {
  await using collector = await startOtlpCollector();
  const home = temporaryHome({ 'config.toml': http(collector) });
  const args = ['doctor', '--no-exec', '--home', home, '--only', 'telemetry.otel'];
  expect(await stethos(args, { env: { HOME: temporaryHome() } })).toMatchObject({ exitCode: 0, stderr: '' });
  expect(collector.requests.map(({ headers }) => headers['x-key'])).toEqual(['planted-key']);
});

test('every signal that is on is asked, by the variables as well', async () => {
  await using collector = await startOtlpCollector();
  const verdict = await verdictOn('', {
    OTEL_TRACES_EXPORTER: 'otlp',
    OTEL_METRICS_EXPORTER: 'otlp',
    OTEL_TRACES_SAMPLER: 'always_off',
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
  });
  expect(verdict.issues).toEqual([]);
  expect(collector.spans()).toMatchObject([{ name: 'stethos.telemetry.probe' }]);
  expect(collector.metrics()).toMatchObject([{ name: 'stethos.telemetry.probe' }]);
});

test.each<[string, CollectorOptions, string]>([
  ['a login', { answer: () => ({ status: 401 }) }, 'http_unauthorized'],
  ['a refusal', { answer: () => ({ status: 403 }) }, 'http_forbidden'],
  ['another path', { paths: { traces: '/t', logs: '/l', metrics: '/m' } }, 'http_not_found'],
  ['another dialect', { answer: () => ({ status: 415 }) }, 'protocol'],
  ['a page', { answer: () => ({ body: '<!doctype html><title>x</title>' }) }, 'intercepted'],
  ['a limit', { answer: () => ({ status: 429, headers: { 'retry-after': '7' } }) }, 'http_rate_limited'],
  ['an end', { answer: () => 'reset' }, 'reset'],
  [
    'a rejection',
    { answer: () => ({ partialSuccess: { rejected: 1, message: 'no tenant for planted-key' } }) },
    'rejected',
  ],
])('a collector with %s', async (_name, options, failureClass) => {
  await using collector = await startOtlpCollector(options);
  const verdict = await verdictOn(http(collector));
  expect(verdict.issues.map(({ failure }) => failure?.class)).toEqual([failureClass]);
  expect(JSON.stringify(verdict)).not.toContain('planted-key');
  // Nothing is tried twice.
  expect(collector.requests.length).toBeLessThanOrEqual(1);
});

test('the words of a refusal are shown, without what we sent', async () => {
  const body = JSON.stringify({ code: 3, message: 'bad key planted-key: use another' });
  await using collector = await startOtlpCollector({ answer: () => ({ status: 400, body }) });
  const verdict = await verdictOn(http(collector));
  expect(verdict.issues[0]?.measured).toMatch(/it says: bad key .*: use another$/);
  expect(JSON.stringify(verdict)).not.toContain('planted-key');
});

test('nobody there, an authority that nobody knows, and files that are gone', async () => {
  const authority = await createAuthority();
  await using collector = await startOtlpCollector({ tls: { identity: await authority.issue() } });
  const home = temporaryHome({ 'ca.pem': authority.certificate });
  const on = { OTEL_LOGS_EXPORTER: 'otlp', OTEL_EXPORTER_OTLP_ENDPOINT: collector.url };
  const classOf = async (env: Readonly<Record<string, string>>) =>
    (await verdictOn('', { ...on, ...env })).issues[0]?.failure?.class;
  expect(await classOf({})).toBe('tls_untrusted');
  expect(await classOf({ OTEL_EXPORTER_OTLP_CERTIFICATE: join(home, 'ca.pem') })).toBe(undefined);
  expect(await classOf({ OTEL_EXPORTER_OTLP_CERTIFICATE: join(home, 'gone.pem') })).toBe('unreadable');
  expect(await classOf({ OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${await closedPort()}` })).toBe(
    'refused',
  );
  expect(await classOf({ OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4318' })).toBe('invalid_value');
  expect(await classOf({ OTEL_EXPORTER_OTLP_HEADERS: 'x-key' })).toBe('invalid_value');
});

test('a limit that the SDK keeps a moment before the sender does is a timeout, and no fault of ours', async () => {
  await using collector = await startOtlpCollector({ answer: () => 'silence' });
  const { issues } = await verdictOn('', {
    OTEL_TRACES_EXPORTER: 'otlp',
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_BSP_EXPORT_TIMEOUT: '1',
  });
  expect(issues.map(({ failure }) => failure?.class)).toEqual(['timeout']);
});

const grpc = (url: string): string => `[otel]\ntrace_exporter = { otlp-grpc = { endpoint = "${url}" } }`;

test('gRPC spoken to an HTTP receiver, and to one of its own', async () => {
  await using other = await startOtlpCollector();
  await using collector = await startOtlpGrpcCollector();
  expect((await verdictOn(grpc(collector.url))).issues).toEqual([]);
  expect(collector.requests).toHaveLength(1);
  expect((await verdictOn(grpc(other.url))).issues).toHaveLength(1);
});

test("codex's own service is not asked, and the row says so without blame", async () => {
  const verdict = await verdictOn('[otel]\nmetrics_exporter = "statsig"');
  expect(verdict).toMatchObject({
    kind: 'idle',
    issues: [],
    notes: [{ kind: 'info', text: expect.stringContaining('statsig') as string }],
  });
});
