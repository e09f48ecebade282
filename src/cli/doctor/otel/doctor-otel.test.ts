import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { temporaryHome } from '../../../../fixtures/home.ts';
import { closedPort } from '../../../../fixtures/lab/listener.ts';
import { startOtlpCollector } from '../../../../fixtures/otlp-collector.ts';
import { stethos } from '../../../../fixtures/run.ts';
import { sampleReport } from '../../../../fixtures/sample-report.ts';
import { redactReport } from '../../../doctor/redact-report.ts';
import type { RedactedReport } from '../../../doctor/report.ts';
import { reportToOtel } from './send.ts';
import type { DoctorTelling } from './send.ts';

const BROKEN = { 'config.toml': 'model = \n' };
const run = (args: readonly string[], env: Readonly<Record<string, string>>, home = temporaryHome()) =>
  stethos(['doctor', '--no-exec', '--home', home, '--only', 'config.*', ...args], {
    env: { HOME: temporaryHome(), ...env },
  });
const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const PARENT = '00f067aa0ba902b7';

test('a run is a trace below that of the job, with gauges and one event, and the exit code is that of the doctor', async () => {
  await using collector = await startOtlpCollector();
  const home = temporaryHome(BROKEN);
  const env = {
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    TRACEPARENT: `00-${TRACE}-${PARENT}-01`,
    TRACESTATE: 'ci=1',
  };
  const { exitCode, stdout, stderr } = await run(['--json', '--otel'], env, home);
  const report = JSON.parse(stdout) as RedactedReport;
  expect({ exitCode, stderr, status: report.overallStatus }).toEqual({
    exitCode: 1,
    stderr: '',
    status: 'fail',
  });

  const root = collector.spans().find(({ name }) => name === 'doctor.run');
  expect(root).toMatchObject({
    traceId: TRACE,
    parentSpanId: PARENT,
    traceState: 'ci=1',
    startMs: Date.parse(report.generatedAt),
    status: { code: 'error', message: 'config.load' },
    attributes: { 'stethos.doctor.status': 'fail', 'stethos.doctor.count.fail': 1 },
    types: { 'stethos.doctor.count.fail': 'int' },
    resource: { attributes: { 'service.name': 'stethos' } },
  });
  const spans = collector.spans().filter(({ parentSpanId }) => parentSpanId === root?.spanId);
  expect(spans.map(({ name }) => name).toSorted()).toEqual(
    Object.keys(report.checks)
      .map((id) => `doctor.check ${id}`)
      .toSorted(),
  );
  for (const span of spans) {
    const check = report.checks[String(span.attributes['stethos.check.id'])];
    expect(span.startMs).toBe(Date.parse(check?.startedAt ?? ''));
    expect(span.endMs - span.startMs).toBeCloseTo(check?.durationMs ?? -1, 1);
    expect(span.attributes).toMatchObject({ 'stethos.check.status': check?.status });
  }
  expect(spans.find(({ name }) => name.endsWith('config.load'))).toMatchObject({
    status: { code: 'error', message: 'malformed' },
    attributes: { 'error.type': 'malformed' },
  });

  const gauge = (name: string) => collector.metrics().find((metric) => metric.name === name);
  expect(gauge('stethos.doctor.status')).toMatchObject({ kind: 'gauge', points: [{ value: 2 }] });
  expect(gauge('stethos.doctor.check.status')?.points).toContainEqual(
    expect.objectContaining({
      value: 2,
      attributes: {
        'stethos.check.id': 'config.load',
        'stethos.check.status': 'fail',
        'error.type': 'malformed',
      },
    }),
  );
  expect(
    gauge('stethos.doctor.checks')?.points.find(
      ({ attributes }) => attributes['stethos.check.status'] === 'fail',
    )?.value,
  ).toBe(1);
  expect(gauge('stethos.doctor.duration_ms')?.points).toMatchObject([{ value: report.durationMs }]);
  expect(collector.logRecords()).toMatchObject([
    {
      eventName: 'stethos.doctor.run',
      severityText: 'ERROR',
      traceId: TRACE,
      spanId: root?.spanId,
      attributes: { 'stethos.doctor.failing': ['config.load'] },
    },
  ]);
  expect(readdirSync(home)).toEqual(['config.toml']);
});

test('only what is redacted leaves', async () => {
  await using collector = await startOtlpCollector();
  const home = temporaryHome({
    'config.toml': 'model_provider = "sk-planted0123456789abcdef0123456789abcdef"\n',
  });
  await run(['--otel'], { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url }, home);
  expect(collector.spans().length).toBeGreaterThan(1);
  for (const { bytes } of collector.requests) expect(bytes.toString('latin1')).not.toContain('sk-planted');
});

test.each([
  [
    'nobody listens',
    async () => `http://127.0.0.1:${await closedPort()}`,
    /lost \d+ of traces \(refused\), \d+ of metrics/,
  ],
  [
    'the address is none',
    async () => 'collector:4318',
    /no signal is on; OTEL_EXPORTER_OTLP_ENDPOINT is no address/,
  ],
])('%s: one line says so, and the exit code stays', async (_name, url, words) => {
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: await url(), OTEL_EXPORTER_OTLP_TIMEOUT: '100' };
  const { exitCode, stdout, stderr } = await run(['--summary', '--otel'], env);
  expect(exitCode).toBe(0);
  expect(stdout).toContain('Verdict: ok');
  expect(stderr).toMatch(words);
  expect(stderr.split('\n')).toHaveLength(2);
});

test('a collector that hangs holds nobody beyond the bound, or beyond Ctrl-C', async () => {
  await using collector = await startOtlpCollector({ answer: () => 'silence' });
  const telling: DoctorTelling = {
    report: redactReport(sampleReport, { userDirectory: '/home/somebody' }),
    context: {
      target: 'codex',
      home: temporaryHome(),
      cwd: '/',
      env: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url },
      overrides: { set: [], enable: [], disable: [] },
      exec: false,
      deep: false,
      offline: false,
    },
    signal: new AbortController().signal,
  };
  expect(await reportToOtel({ ...telling, limitMs: 300 })).toMatch(
    /lost \d+ of traces \(shutdown\), \d+ of metrics \(shutdown\), 1 of logs \(shutdown\)/,
  );
  const interrupt = new AbortController();
  const interrupted = reportToOtel({ ...telling, signal: interrupt.signal, limitMs: 600_000 });
  interrupt.abort();
  expect(await interrupted).toMatch(/^interrupted/);
});

test('--otel and --offline exclude each other', async () => {
  const { exitCode, stderr } = await run(['--otel', '--offline'], {});
  expect(exitCode).toBe(2);
  expect(stderr).toContain('--otel and --offline');
});
