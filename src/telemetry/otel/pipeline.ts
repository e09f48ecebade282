import type { Meter, Tracer } from '@opentelemetry/api';
import type { Signal } from './settings.ts';

/** Spans, log records and measurements on their way out. Nothing global is registered. */
export interface OtelPipeline {
  /** Absent where the signal is off. */
  readonly tracer?: Tracer;
  readonly logger?: OtelLogger;
  readonly meter?: Meter;
  /** What could not be delivered so far, by signal and reason; counted, never thrown. */
  losses(): readonly OtelLoss[];
  /** Resolves within `timeoutMs`, delivered or not. Never rejects. */
  flush(options: { readonly timeoutMs: number }): Promise<void>;
  /** Flushes traces, then metrics, then logs, and lets go of everything. */
  shutdown(options: { readonly timeoutMs: number }): Promise<readonly OtelLoss[]>;
}

/** The part of the Logs API that is used. */
export interface OtelLogger {
  emit(record: OtelLogRecord): void;
}

export interface OtelLogRecord {
  readonly eventName?: string;
  /** Wall time, milliseconds since the epoch. */
  readonly timestampMs: number;
  readonly severity: 'INFO' | 'WARN' | 'ERROR';
  readonly attributes: Readonly<Record<string, string | number | boolean | readonly string[]>>;
  /** The span that it belongs to. */
  readonly span?: { readonly traceId: string; readonly spanId: string; readonly traceFlags: number };
}

export interface OtelLoss {
  readonly signal: Signal;
  /** `queue_full`, `partial_success`, or the class of what happened to the export. */
  readonly reason: string;
  readonly count: number;
}
