import type { LossCount } from './losses.ts';
import type { OtlpSender } from './sender.ts';
import type { OtelPace, OtlpProtocol, OtlpSettings } from './settings.ts';

/** A signal that is on. */
export interface OpenSignal {
  flush(): Promise<void>;
  /** Flushes and takes nothing any more. */
  shutdown(): Promise<void>;
  /** Counts what has not arrived, and lets go of its connections. */
  abandon(): Promise<void>;
}

export interface SignalOptions {
  readonly settings: OtlpSettings;
  readonly pace: OtelPace;
  readonly sender: OtlpSender;
  readonly losses: LossCount;
  readonly resource: Readonly<Record<string, string>>;
  /** Name and version of the instrumentation. */
  readonly scope: { readonly name: string; readonly version: string };
}

/** Of records that had not arrived when the time to wait for them was over. */
const GIVEN_UP = 'shutdown';

/** What the three have in common: the packages come from the module cache after the first. */
export async function loadCommon({ resource, settings }: SignalOptions) {
  const [{ ExportResultCode }, serializers, { defaultResource, resourceFromAttributes }] = await Promise.all([
    import('@opentelemetry/core'),
    loadSerializers(settings.protocol),
    import('@opentelemetry/resources'),
  ]);
  return {
    serializers,
    resource: defaultResource().merge(resourceFromAttributes(resource)),
    done: { code: ExportResultCode.SUCCESS },
  };
}

/** How the records of each signal are written, and the collector's answers read. */
export async function loadSerializers(protocol: OtlpProtocol) {
  const all = await import('@opentelemetry/otlp-transformer');
  const isJson = protocol === 'http/json';
  return {
    traces: isJson ? all.JsonTraceSerializer : all.ProtobufTraceSerializer,
    logs: isJson ? all.JsonLogsSerializer : all.ProtobufLogsSerializer,
    metrics: isJson ? all.JsonMetricsSerializer : all.ProtobufMetricsSerializer,
  };
}

/** Counts what has not arrived, and lets go of the connections. */
export const abandoning =
  (exporter: { giveUp(reason: string): void }, sender: OtlpSender) => async (): Promise<void> => {
    exporter.giveUp(GIVEN_UP);
    await sender.close();
  };

/** As the SDK names them. */
export const batchOptions = ({
  delayMs,
  maxQueueSize,
  maxBatchSize,
  exportTimeoutMs,
}: OtelPace['spans']) => ({
  scheduledDelayMillis: delayMs,
  maxQueueSize,
  maxExportBatchSize: maxBatchSize,
  exportTimeoutMillis: exportTimeoutMs,
});
