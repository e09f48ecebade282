import type { Secret } from '../../redact/secret.ts';

export type Signal = 'traces' | 'logs' | 'metrics';
export type OtlpProtocol = 'http/protobuf' | 'http/json' | 'grpc';

/** Where one signal goes. */
export interface OtlpSettings {
  readonly kind: 'otlp';
  readonly protocol: OtlpProtocol;
  /** The whole address of the signal; for gRPC that of the server. */
  readonly endpoint: string;
  readonly headers: Readonly<Record<string, Secret>>;
  readonly compression: 'none' | 'gzip';
  /** Of one export with its retries. */
  readonly timeoutMs: number;
  /** Absolute paths. A certificate of the collector's authority replaces the built-in roots. */
  readonly tls: {
    readonly caFile?: string;
    readonly clientCertificateFile?: string;
    readonly clientKeyFile?: string;
  };
  /** What says so, as a report shows it: `[otel] exporter`, `OTEL_EXPORTER_OTLP_ENDPOINT`. */
  readonly source: string;
}

/** What the user wants to be exported; a signal that is absent is off. */
export interface OtelSettings {
  readonly signals: Readonly<Partial<Record<Signal, OtlpSettings>>>;
  /** Resource attribute `env`. */
  readonly environment: string;
  /** `OTEL_SERVICE_NAME`. */
  readonly serviceName?: string;
  /** `OTEL_RESOURCE_ATTRIBUTES`. */
  readonly resourceAttributes: Readonly<Record<string, string>>;
  /** Put on every span. */
  readonly spanAttributes: Readonly<Record<string, string>>;
  /** Fields to merge into the member of each name. */
  readonly tracestate: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly logUserPrompt: boolean;
  /** `OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT`: messages, arguments and results on GenAI spans. */
  readonly capturesContent: boolean;
  /** What was said and is left out, in words for the user. */
  readonly warnings: readonly string[];
}
