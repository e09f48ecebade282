import type { Secret } from '../../redact/secret.ts';

export const SIGNALS = ['traces', 'logs', 'metrics'] as const;
export type Signal = (typeof SIGNALS)[number];
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
  readonly pace: OtelPace;
  readonly problems: readonly OtelProblem[];
  /** What was said and is left out, in words for the user: those of `problems`. */
  readonly warnings: readonly string[];
}

/** How much is recorded, and how often it is sent. */
export interface OtelPace {
  readonly sampler: { readonly root: 'always_on' | 'always_off' | number; readonly isParentBased: boolean };
  readonly spans: BatchSettings;
  readonly logs: BatchSettings;
  readonly metrics: { readonly intervalMs: number; readonly exportTimeoutMs: number };
  readonly temporality: 'delta' | 'cumulative' | 'lowmemory';
}

export interface BatchSettings {
  /** How long a record waits for others. */
  readonly delayMs: number;
  /** What comes while as many wait is counted and dropped. */
  readonly maxQueueSize: number;
  readonly maxBatchSize: number;
  /** Of one export, if that is less than what the exporter may take. */
  readonly exportTimeoutMs: number;
}

/** Something that was said and is not done. */
export interface OtelProblem {
  /**
   * `signal`: one that was asked for cannot be exported. `value`: one that is none; a default or nothing stands in its
   * place. `note`: as it should be, and worth saying.
   */
  readonly kind: 'signal' | 'value' | 'note';
  readonly signal?: Signal;
  /** The key or variable, such as `otel.exporter` or `OTEL_BSP_SCHEDULE_DELAY`. */
  readonly source: string;
  /** One sentence without a final stop. Shows no value that may be secret. */
  readonly message: string;
}
