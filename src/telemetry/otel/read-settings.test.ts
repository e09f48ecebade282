import fc from 'fast-check';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { testContext } from '../../../fixtures/context.ts';
import { temporaryHome } from '../../../fixtures/home.ts';
import { readOtelSettings } from './read-settings.ts';
import type { OtelSettings } from './settings.ts';

interface Situation {
  readonly config?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly isAskedFor?: boolean;
}

function read({ config = '', env = {}, isAskedFor = false }: Situation): OtelSettings {
  const home = temporaryHome({ 'config.toml': config });
  const { target } = testContext({ home, cwd: '/nowhere' });
  return readOtelSettings({ config: target.config(), environment: env, cwd: '/work', isAskedFor });
}

const ON = { OTEL_TRACES_EXPORTER: 'otlp' };
const traces = (env: Readonly<Record<string, string>>, config = ''): OtelSettings['signals']['traces'] =>
  read({ env: { ...ON, ...env }, config }).signals.traces;
const onlySignals = (situation: Situation): string[] => Object.keys(read(situation).signals);

const HTTP = 'exporter = { otlp-http = { endpoint = "http://c:4318/v1/logs", protocol = "binary" } }';

test.each<[string, Situation, readonly string[]]>([
  ['nothing is said', {}, []],
  [
    'an endpoint alone, as a container may have it for others',
    { env: { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c' } },
    [],
  ],
  ['a variable names the exporter', { env: { OTEL_TRACES_EXPORTER: 'otlp' } }, ['traces']],
  ['several in one variable', { env: { OTEL_METRICS_EXPORTER: 'console, OTLP' } }, ['metrics']],
  ['none', { env: { OTEL_LOGS_EXPORTER: 'none' } }, []],
  ['blank', { env: { OTEL_LOGS_EXPORTER: '  ' } }, []],
  ['logs in the configuration do not switch on traces (trap 18)', { config: `[otel]\n${HTTP}` }, ['logs']],
  ['the configuration says none', { config: '[otel]\ntrace_exporter = "none"', env: ON }, []],
  [
    'the configuration beats a variable that says none',
    { config: `[otel]\n${HTTP}`, env: { OTEL_LOGS_EXPORTER: 'none' } },
    ['logs'],
  ],
  [
    'the SDK is disabled',
    { config: `[otel]\n${HTTP}`, env: { ...ON, OTEL_SDK_DISABLED: 'TRUE' }, isAskedFor: true },
    [],
  ],
  [
    'no analytics, no metrics (trap 18)',
    { config: '[analytics]\nenabled = false', env: { ...ON, OTEL_METRICS_EXPORTER: 'otlp' } },
    ['traces'],
  ],
  [
    'statsig is not ours',
    { config: '[otel]\nmetrics_exporter = "statsig"', isAskedFor: true },
    ['traces', 'logs'],
  ],
  ['asked for, and no endpoint anywhere', { isAskedFor: true }, ['traces', 'logs', 'metrics']],
  [
    'asked for, with an endpoint for one',
    { isAskedFor: true, env: { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://c' } },
    ['traces'],
  ],
  [
    'asked for, with an endpoint for all and one switched off',
    { isAskedFor: true, env: { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c', OTEL_LOGS_EXPORTER: 'none' } },
    ['traces', 'metrics'],
  ],
  ['asked for, and one is configured', { isAskedFor: true, config: `[otel]\n${HTTP}` }, ['logs']],
])('which signals are on: %s', (_name, situation, signals) =>
  expect(onlySignals(situation)).toEqual(signals),
);

test.each([
  [{}, 'http://localhost:4318/v1/traces'],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c:1' }, 'http://c:1/v1/traces'],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'https://c/otlp/' }, 'https://c/otlp/v1/traces'],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'https://c/otlp?tenant=a' }, 'https://c/otlp/v1/traces?tenant=a'],
  [
    { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c', OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://own/intake' },
    'http://own/intake',
  ],
  [
    { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c', OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: ' ' },
    'http://c/v1/traces',
  ],
  [{ OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' }, 'http://localhost:4317/'],
  [{ OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc', OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c:1' }, 'http://c:1/'],
  [{ OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc', OTEL_EXPORTER_OTLP_ENDPOINT: 'c:1' }, 'https://c:1/'],
  [
    {
      OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
      OTEL_EXPORTER_OTLP_ENDPOINT: 'c:1',
      OTEL_EXPORTER_OTLP_INSECURE: 'true',
    },
    'http://c:1/',
  ],
])('endpoint of %j', (env, endpoint) => expect(traces(env)?.endpoint).toBe(endpoint));

test.each([
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4318' }, 'OTEL_EXPORTER_OTLP_ENDPOINT'],
  [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'ftp://c' }, 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'],
  [{ OTEL_EXPORTER_OTLP_CLIENT_KEY: '/k' }, 'OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE'],
])('%j leaves the signal off and is told', (env, source) => {
  const { signals, problems } = read({ env: { ...ON, ...env } });
  expect(signals).toEqual({});
  expect(problems).toMatchObject([{ kind: 'signal', signal: 'traces', source }]);
});

test('header values are percent-decoded, secret, and own ones stand in place of those for all', () => {
  const shared = { OTEL_EXPORTER_OTLP_HEADERS: 'x-key=planted%20shared, x-other=1' };
  const headers = traces(shared)?.headers ?? {};
  expect(Object.entries(headers).map(([name, value]) => [name, value.reveal()])).toEqual([
    ['x-key', 'planted shared'],
    ['x-other', '1'],
  ]);
  expect(JSON.stringify(traces(shared))).not.toContain('planted');
  const own = traces({ ...shared, OTEL_EXPORTER_OTLP_TRACES_HEADERS: 'authorization=Bearer%20a=b' });
  expect(Object.entries(own?.headers ?? {}).map(([name, value]) => [name, value.reveal()])).toEqual([
    ['authorization', 'Bearer a=b'],
  ]);
});

test('headers of the configuration win name by name, and nothing is put in place of a variable', () => {
  const { signals, warnings } = read({
    config:
      '[otel]\ntrace_exporter = { otlp-grpc = { endpoint = "http://c", headers = { "X-Key" = "own", "x-var" = "${PLANTED}" } } }',
    env: { OTEL_EXPORTER_OTLP_HEADERS: 'x-key=shared,x-other=1' },
  });
  const { headers = {} } = signals.traces ?? {};
  expect(Object.entries(headers).map(([name, value]) => [name, value.reveal()])).toEqual([
    ['x-other', '1'],
    ['X-Key', 'own'],
    ['x-var', '${PLANTED}'],
  ]);
  expect(warnings).toEqual([
    'otel.trace_exporter.headers has a value with ${…}, which is sent as it stands: no variable is put in its place',
  ]);
});

test.each([
  ['x-key', 'has no key=value at place 1'],
  ['a=1,=planted-secret', 'has no key=value at place 2'],
  ['a=%E0%A4%A', 'has a value at place 1 that cannot be percent-decoded'],
  // As in a header, or a credential alone, which ends in the padding of base64.
  ['Authorization: Basic cGxhbnRlZDpwYXNz==', 'has a name that no header can have, which is left out'],
  ['planted-secret==', 'has a header without a value, which is left out'],
])('headers %j are told without their values', (text, words) => {
  const { warnings, signals } = read({ env: { ...ON, OTEL_EXPORTER_OTLP_HEADERS: text } });
  expect(warnings).toEqual([`OTEL_EXPORTER_OTLP_HEADERS ${words}`]);
  expect(Object.keys(signals.traces?.headers ?? {}).filter((name) => name !== 'a')).toEqual([]);
});

test.each([
  ['OTEL_EXPORTER_OTLP_PROTOCOL', 'http', '"http", none of http/protobuf, http/json, grpc'],
  ['OTEL_EXPORTER_OTLP_COMPRESSION', 'zstd', '"zstd", none of gzip, none'],
  ['OTEL_EXPORTER_OTLP_TIMEOUT', '10s', '"10s", no whole number from 1'],
  // Longer than a timer can wait: it would fire at once.
  ['OTEL_EXPORTER_OTLP_TIMEOUT', '2147483648', '"2147483648", no whole number from 1 to 2147483647'],
  ['OTEL_BSP_MAX_QUEUE_SIZE', '0', '"0", no whole number from 1'],
  ['OTEL_TRACES_SAMPLER', 'jaeger_remote', '"jaeger_remote", none of always_on, always_off'],
  ['OTEL_SDK_DISABLED', '1', '"1", neither true nor false'],
])('%s=%s is told and passed over', (name, value, words) => {
  const { signals, warnings } = read({ env: { ...ON, [name]: value } });
  expect(warnings[0]).toContain(`${name} is ${words}`);
  expect(signals.traces).toMatchObject({ protocol: 'http/protobuf', compression: 'none', timeoutMs: 10_000 });
});

test('what may be a secret in the wrong place is not repeated', () => {
  const { warnings } = read({
    env: { ...ON, OTEL_EXPORTER_OTLP_PROTOCOL: 'sk-planted9b1deb4d3b7d4bad9bdd' },
  });
  expect(warnings.join()).not.toContain('planted');
});

test('a configured exporter with everything', () => {
  const home = temporaryHome({
    'config.toml': `[otel]
environment = "prod"
log_user_prompt = true
span_attributes = { team = "core", "" = "lost" }
trace_exporter = { otlp-grpc = { endpoint = "https://c:4317", headers = { "x-key" = "planted" }, tls = { ca-certificate = "certs/ca.pem", client-certificate = "/c.pem", client-private-key = "/k.pem" } } }`,
  });
  const config = testContext({ home }).target.config();
  const settings = readOtelSettings({ config, environment: {}, cwd: '/work' });
  expect(settings).toMatchObject({
    environment: 'prod',
    logUserPrompt: true,
    spanAttributes: { team: 'core' },
    warnings: ['otel.span_attributes has an empty key, which is left out'],
    signals: {
      traces: {
        protocol: 'grpc',
        endpoint: 'https://c:4317/',
        source: 'otel.trace_exporter',
        tls: {
          caFile: join(home, 'certs/ca.pem'),
          clientCertificateFile: '/c.pem',
          clientKeyFile: '/k.pem',
        },
      },
    },
  });
});

test('a project cannot say where telemetry goes', () => {
  const project = temporaryHome({
    '.git/HEAD': 'ref: refs/heads/main\n',
    '.codex/config.toml': `[otel]\n${HTTP}`,
  });
  const home = temporaryHome({ 'config.toml': `[projects."${project}"]\ntrust_level = "trusted"` });
  const config = testContext({ home, cwd: project }).target.config();
  expect(config.project.trust).toBe('trusted');
  expect(readOtelSettings({ config, environment: {}, cwd: project }).signals).toEqual({});
});

test.each([
  ['always_on', undefined, { root: 'always_on', isParentBased: false }],
  ['parentbased_always_off', undefined, { root: 'always_off', isParentBased: true }],
  ['traceidratio', '0.25', { root: 0.25, isParentBased: false }],
  ['parentbased_traceidratio', '2', { root: 1, isParentBased: true }],
  [undefined, '0.5', { root: 'always_on', isParentBased: true }],
])('sampler %s of %s', (name, argument, sampler) => {
  const env = {
    ...(name !== undefined && { OTEL_TRACES_SAMPLER: name }),
    ...(argument !== undefined && { OTEL_TRACES_SAMPLER_ARG: argument }),
  };
  expect(read({ env }).pace.sampler).toEqual(sampler);
});

test('queues and intervals', () => {
  expect(read({}).pace).toMatchObject({
    spans: { delayMs: 5_000, maxQueueSize: 2_048, maxBatchSize: 512, exportTimeoutMs: 30_000 },
    logs: { delayMs: 1_000 },
    metrics: { intervalMs: 60_000, exportTimeoutMs: 30_000 },
    temporality: 'delta',
  });
  const env = {
    OTEL_BSP_MAX_QUEUE_SIZE: '10',
    OTEL_BLRP_SCHEDULE_DELAY: '0',
    OTEL_METRIC_EXPORT_INTERVAL: '5',
    OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE: 'LowMemory',
  };
  expect(read({ env }).pace).toMatchObject({
    spans: { maxQueueSize: 10, maxBatchSize: 10 },
    logs: { delayMs: 0 },
    metrics: { intervalMs: 5 },
    temporality: 'lowmemory',
  });
});

test.each([
  ['true', true],
  ['SPAN_ONLY', true],
  ['span_and_event', true],
  ['EVENT_ONLY', false],
  ['no_content', false],
  ['', false],
])('content of messages by %j: %s', (value, isCaptured) =>
  expect(read({ env: { OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: value } }).capturesContent).toBe(
    isCaptured,
  ),
);

test('resource attributes and the name of the service', () => {
  const env = { OTEL_RESOURCE_ATTRIBUTES: 'service.name=a,team=x%2Cy,env=stage' };
  expect(read({ env })).toMatchObject({
    environment: 'stage',
    serviceName: 'a',
    resourceAttributes: { team: 'x,y' },
  });
  const named = read({ env: { ...env, OTEL_SERVICE_NAME: 'b' }, config: '[otel]\nenvironment = "prod"' });
  expect(named).toMatchObject({ environment: 'prod', serviceName: 'b' });
});

test.each([
  ['[otel.tracestate.vendor]\na = "1"\nb = "two words"', { vendor: { a: '1', b: 'two words' } }, 0],
  ['[otel.tracestate."tenant@sys"]\na = "1"', { 'tenant@sys': { a: '1' } }, 0],
  ['[otel.tracestate.Vendor]\na = "1"', {}, 1],
  ['[otel.tracestate.v]\n"a:b" = "1"\nok = "x"', { v: { ok: 'x' } }, 1],
  ['[otel.tracestate.v]\na = "1;2"\nok = "x"', { v: { ok: 'x' } }, 1],
  ['[otel.tracestate.v]\na = "ends in space "', {}, 1],
])('tracestate %j', (config, tracestate, told) => {
  const settings = read({ config });
  expect(settings.tracestate).toEqual(tracestate);
  expect(settings.warnings).toHaveLength(told);
});

/** For each field: how the configuration spells it, the variables, and what the settings then hold. */
const protocols = fc.constantFrom('http/protobuf', 'http/json', 'grpc');
const said = <Value>(arbitrary: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> =>
  fc.option(arbitrary, { nil: undefined });
const host = fc.constantFrom('a', 'b', 'c');

test('configuration, then the variable of the signal, then the one for all: field by field', () => {
  fc.assert(
    fc.property(
      fc.record({
        configured: said(fc.record({ kind: protocols, host, key: said(fc.constantFrom('1', '2')) })),
        own: fc.record({ protocol: said(protocols), host: said(host), key: said(fc.constantFrom('3', '4')) }),
        shared: fc.record({
          protocol: said(protocols),
          host: said(host),
          key: said(fc.constantFrom('5', '6')),
        }),
      }),
      ({ configured, own, shared }) => {
        const env: Record<string, string> = { ...ON };
        for (const [prefix, from] of [
          ['OTEL_EXPORTER_OTLP_TRACES_', own],
          ['OTEL_EXPORTER_OTLP_', shared],
        ] as const) {
          if (from.protocol !== undefined) env[`${prefix}PROTOCOL`] = from.protocol;
          if (from.host !== undefined) env[`${prefix}ENDPOINT`] = `http://${from.host}/`;
          if (from.key !== undefined) env[`${prefix}HEADERS`] = `key=${from.key}`;
        }
        const exporter = configured && {
          endpoint: `http://configured-${configured.host}/`,
          ...(configured.kind !== 'grpc' && {
            protocol: configured.kind === 'http/json' ? 'json' : 'binary',
          }),
          ...(configured.key !== undefined && { headers: { key: configured.key } }),
        };
        const value = { [configured?.kind === 'grpc' ? 'otlp-grpc' : 'otlp-http']: exporter ?? {} };
        const effective = exporter ? { otel: { trace_exporter: value } } : {};
        const config = { effective, sourceOf: () => undefined };
        const seen = readOtelSettings({ config, environment: env, cwd: '/' }).signals.traces;
        const protocol = configured?.kind ?? own.protocol ?? shared.protocol ?? 'http/protobuf';
        expect(seen?.protocol).toBe(protocol);
        expect(seen?.headers['key']?.reveal()).toBe(configured?.key ?? own.key ?? shared.key);
        const path = protocol === 'grpc' ? '' : 'v1/traces';
        const otherwise =
          shared.host === undefined
            ? `http://localhost:${protocol === 'grpc' ? 4317 : 4318}/${path}`
            : `http://${shared.host}/${path}`;
        expect(seen?.endpoint).toBe(
          exporter?.endpoint ?? (own.host === undefined ? otherwise : `http://${own.host}/`),
        );
      },
    ),
  );
});

test('no environment makes it throw, and no signal is on that nobody named', () => {
  const names = ['ENDPOINT', 'PROTOCOL', 'HEADERS', 'TIMEOUT', 'CERTIFICATE'].map(
    (field) => `OTEL_EXPORTER_OTLP_${field}`,
  );
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...names, 'OTEL_RESOURCE_ATTRIBUTES'), fc.string()), (env) => {
      const config = { effective: {}, sourceOf: () => undefined };
      expect(readOtelSettings({ config, environment: env, cwd: '/' }).signals).toEqual({});
      readOtelSettings({ config, environment: { ...env, ...ON }, cwd: '/' });
    }),
  );
});
