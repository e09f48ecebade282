import type { ProbeOutcome } from '../../../src/telemetry/otel/probe-collector.ts';
import type { OtlpProtocol, Signal } from '../../../src/telemetry/otel/settings.ts';

/** A signal that is on, and what its collector made of one record. */
export interface SeenSignal {
  readonly signal: Signal;
  /** Fit to be shown. */
  readonly endpoint: string;
  readonly protocol: OtlpProtocol;
  /** The key or variable that names the endpoint. */
  readonly source: string;
  readonly headerNames: readonly string[];
  readonly outcome: ProbeOutcome;
  readonly durationMs: number;
}
