import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryHome } from '../../../fixtures/home.ts';
import { createAuthority } from '../../../fixtures/lab/authority.ts';
import { closedPort } from '../../../fixtures/lab/listener.ts';
import { plainNetwork } from '../../../fixtures/network.ts';
import { startOtlpGrpcCollector } from '../../../fixtures/otlp-grpc-collector.ts';
import type { GrpcCollectorOptions } from '../../../fixtures/otlp-grpc-collector.ts';
import { openOtelPipeline } from './open-pipeline.ts';
import { openSender } from './open-sender.ts';
import type { OtelLoss } from './pipeline.ts';
import { readOtelSettings } from './read-settings.ts';
import type { OtelSettings } from './settings.ts';

const settingsOf = (environment: Readonly<Record<string, string>>): OtelSettings =>
  readOtelSettings({
    config: { effective: {}, sourceOf: () => undefined },
    environment: { OTEL_LOGS_EXPORTER: 'otlp', OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc', ...environment },
    cwd: '/',
  });

async function report(environment: Readonly<Record<string, string>>): Promise<readonly OtelLoss[]> {
  const pipeline = await openOtelPipeline(settingsOf(environment), {
    network: plainNetwork(),
    service: { name: 'codex_exec', version: '1' },
    machine: {},
    scopes: { traces: 'a', logs: 'codex_otel', metrics: 'b' },
  });
  pipeline.logger?.emit({ eventName: 'codex.x', timestampMs: 1, severity: 'WARN', attributes: { n: 1 } });
  return pipeline.shutdown({ timeoutMs: 10_000 });
}

test.each(['none', 'gzip'])('a record arrives with its headers, compression %s', async (compression) => {
  await using collector = await startOtlpGrpcCollector();
  expect(
    await report({
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_EXPORTER_OTLP_HEADERS: 'X-Key=planted',
      OTEL_EXPORTER_OTLP_COMPRESSION: compression,
    }),
  ).toEqual([]);
  const [request] = collector.requests;
  expect(request?.metadata.get('x-key')).toEqual(['planted']);
  expect(request?.logRecords).toMatchObject([{ eventName: 'codex.x', attributes: { n: 1 }, timeMs: 1 }]);
});

test('our authority and our certificate are used', async () => {
  const authority = await createAuthority();
  const clients = await createAuthority();
  const client = await clients.issue({ commonName: 'us', isClient: true });
  const tls = { identity: await authority.issue(), clientAuthority: clients.certificate };
  await using collector = await startOtlpGrpcCollector({ tls });
  const home = temporaryHome({ 'ca.pem': authority.certificate, 'c.pem': client.chain, 'k.pem': client.key });
  const environment = {
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_EXPORTER_OTLP_CERTIFICATE: join(home, 'ca.pem'),
    OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE: join(home, 'c.pem'),
    OTEL_EXPORTER_OTLP_CLIENT_KEY: join(home, 'k.pem'),
  };
  expect(await report(environment)).toEqual([]);
  expect(collector.requests).toHaveLength(1);
});

async function failureOf(options: GrpcCollectorOptions, environment: Readonly<Record<string, string>> = {}) {
  await using collector = await startOtlpGrpcCollector(options);
  const { logs } = settingsOf({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, ...environment }).signals;
  if (!logs) throw new Error('logs are off');
  const sender = await openSender('logs', logs, { network: plainNetwork(), version: '1' });
  const sent = await sender.send(new Uint8Array(), 500);
  await sender.close();
  return sent.kind === 'refused' ? sent.failure : sent.kind;
}

test.each([
  ['UNAUTHENTICATED', 'http_unauthorized', false],
  ['PERMISSION_DENIED', 'http_forbidden', false],
  ['UNIMPLEMENTED', 'http_not_found', false],
  ['RESOURCE_EXHAUSTED', 'http_rate_limited', false],
  ['INVALID_ARGUMENT', 'http_other', false],
  ['UNAVAILABLE', 'unreachable', true],
] as const)('%s is %s', async (status, failureClass, isRetryable) => {
  const answer = () => ({ status, details: 'no, planted-key' });
  const failure = await failureOf({ answer }, { OTEL_EXPORTER_OTLP_HEADERS: 'x-key=planted-key' });
  expect(failure).toMatchObject({ class: failureClass, grpcStatus: status, isRetryable });
  expect(JSON.stringify(failure)).not.toContain('planted-key');
});

test('the way there', async () => {
  const authority = await createAuthority();
  const identity = await authority.issue();
  expect(await failureOf({ answer: () => 'silence' })).toMatchObject({ class: 'timeout' });
  expect(await failureOf({ tls: { identity } })).toMatchObject({
    class: 'tls_untrusted',
    isRetryable: false,
  });
  const closed = { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${await closedPort()}` };
  expect(await failureOf({}, closed)).toMatchObject({ class: 'refused', isRetryable: true });
});
