import type { LossCount } from './losses.ts';
import type { OtlpSender } from './sender.ts';
import type { OtelPace, OtlpSettings } from './settings.ts';

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

/** What the three have in common, loaded once. */
export async function loadCommon({ resource }: SignalOptions) {
  const [{ ExportResultCode }, serializers, { defaultResource, resourceFromAttributes }] = await Promise.all([
    import('@opentelemetry/core'),
    import('@opentelemetry/otlp-transformer'),
    import('@opentelemetry/resources'),
  ]);
  return {
    serializers,
    resource: defaultResource().merge(resourceFromAttributes(resource)),
    done: { code: ExportResultCode.SUCCESS },
  };
}

export const abandoning =
  (exporter: { giveUp(reason: string): void }, sender: OtlpSender) => async (): Promise<void> => {
    exporter.giveUp(GIVEN_UP);
    await sender.close();
  };

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
