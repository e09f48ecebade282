import type { ServiceError } from '@grpc/grpc-js';
import type { Trust } from '../../net/certificates/trust.ts';
import { collectorWords } from './collector-words.ts';
import type { ExportFailure, ExportFailureClass, OtlpSender, Sent } from './sender.ts';
import type { OtlpSettings, Signal } from './settings.ts';

const METHODS: Readonly<Record<Signal, string>> = {
  traces: '/opentelemetry.proto.collector.trace.v1.TraceService/Export',
  logs: '/opentelemetry.proto.collector.logs.v1.LogsService/Export',
  metrics: '/opentelemetry.proto.collector.metrics.v1.MetricsService/Export',
};

/**
 * OTLP over gRPC. The library dials by itself, the one exception to the rule that src/net does: whom to trust and what to
 * show is ours, but a proxy is the library's own choice (`grpc_proxy`, `https_proxy` of this process; tunnels only).
 */
export async function createGrpcSender(
  signal: Signal,
  settings: OtlpSettings,
  { trust, userAgent }: { readonly trust: () => Trust; readonly userAgent: string },
): Promise<OtlpSender> {
  const { Client, credentials, Metadata, status, compressionAlgorithms } = await import('@grpc/grpc-js');
  const { endpoint, headers, compression } = settings;
  const url = new URL(endpoint);
  const secure = url.protocol === 'https:' ? trust() : undefined;
  if (secure?.kind === 'unusable')
    return unusable({ class: 'trust_unusable', message: secure.error.message, isRetryable: false });
  const metadata = new Metadata();
  try {
    for (const [name, value] of Object.entries(headers)) metadata.set(name, value.reveal());
  } catch {
    return unusable({
      class: 'unsendable',
      message: 'a header has a name or a value that gRPC cannot carry',
      isRetryable: false,
    });
  }
  const host = url.port === '' ? `${url.hostname}:${url.protocol === 'https:' ? '443' : '80'}` : url.host;
  const client = new Client(
    host,
    secure ? credentials.createFromSecureContext(secure.secureContext()) : credentials.createInsecure(),
    {
      'grpc.primary_user_agent': userAgent,
      // Exports that failed are repeated by us, and counted.
      'grpc.enable_retries': 0,
      ...(compression === 'gzip' && { 'grpc.default_compression_algorithm': compressionAlgorithms.gzip }),
    },
  );
  const show = collectorWords(settings);
  return {
    send: (bytes, timeoutMs) =>
      new Promise((resolve) => {
        client.makeUnaryRequest(
          METHODS[signal],
          identity,
          identity,
          Buffer.from(bytes),
          metadata,
          { deadline: Date.now() + timeoutMs },
          (error: ServiceError | null, response?: Buffer) =>
            resolve(
              error
                ? refused(failureOf(error, { name: status[error.code] ?? 'UNKNOWN', show }))
                : { kind: 'accepted', response: response ?? new Uint8Array() },
            ),
        );
      }),
    close: async () => client.close(),
  };
}

/** Records come serialised. */
const identity = (bytes: Buffer): Buffer => bytes;

const refused = (failure: ExportFailure): Sent => ({ kind: 'refused', failure });

const unusable = (failure: ExportFailure): OtlpSender => ({
  send: async () => refused(failure),
  close: async () => undefined,
});

const CLASSES: Readonly<Record<string, ExportFailureClass>> = {
  UNAUTHENTICATED: 'http_unauthorized',
  PERMISSION_DENIED: 'http_forbidden',
  UNIMPLEMENTED: 'http_not_found',
  NOT_FOUND: 'http_not_found',
  RESOURCE_EXHAUSTED: 'http_rate_limited',
  DEADLINE_EXCEEDED: 'timeout',
};
/** Of https://opentelemetry.io/docs/specs/otlp/#otlpgrpc; a server that is out of resources has to say when it will not be. */
const RETRYABLE: readonly string[] = [
  'CANCELLED',
  'DEADLINE_EXCEEDED',
  'ABORTED',
  'OUT_OF_RANGE',
  'UNAVAILABLE',
  'DATA_LOSS',
];

function failureOf(
  { details }: ServiceError,
  { name, show }: { readonly name: string; readonly show: (words: string) => string },
): ExportFailure {
  const isOnTheWay = name === 'UNAVAILABLE' || name === 'INTERNAL';
  const failureClass = CLASSES[name] ?? (isOnTheWay ? classOfWords(details) : 'http_other');
  const words = show(details);
  return {
    class: failureClass,
    message: `the export ended with ${name}`,
    grpcStatus: name,
    ...(words !== '' && { words }),
    isRetryable: RETRYABLE.includes(name) && !failureClass.startsWith('tls_'),
  };
}

/** The library tells these apart in words only. */
function classOfWords(details: string): ExportFailureClass {
  if (/name resolution|ENOTFOUND|EAI_AGAIN/i.test(details)) return 'dns';
  if (details.includes('ECONNREFUSED')) return 'refused';
  if (/altname|hostname\/IP/i.test(details)) return 'tls_hostname';
  if (/certificate has expired/i.test(details)) return 'tls_expired';
  if (/certificate|issuer/i.test(details)) return 'tls_untrusted';
  if (/ssl|tls|EPROTO/i.test(details)) return 'tls_other';
  if (/ECONNRESET|RST_STREAM/.test(details)) return 'reset';
  return /protocol|HTTP/i.test(details) ? 'protocol' : 'unreachable';
}
