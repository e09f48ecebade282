import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import { createOtlpExporter } from './exporter.ts';
import { createOtelLogger } from './logger.ts';
import { createQueueCount } from './losses.ts';
import type { OtelLogger } from './pipeline.ts';
import { abandoning, batchOptions, loadCommon } from './signal.ts';
import type { OpenSignal, SignalOptions } from './signal.ts';

/** Log records: counted where the queue is full, and sent in batches. */
export async function openLogs(
  options: SignalOptions,
): Promise<OpenSignal & { readonly logger: OtelLogger }> {
  const [{ BatchLogRecordProcessor, LoggerProvider }, api, { serializers, resource, done }] =
    await Promise.all([import('@opentelemetry/sdk-logs'), import('@opentelemetry/api'), loadCommon(options)]);
  const { settings, pace, sender, losses, scope } = options;
  const queue = createQueueCount(pace.logs.maxQueueSize);
  const exporter = createOtlpExporter<ReadableLogRecord[]>({
    signal: 'logs',
    serializer: serializers.logs,
    countOf: (records) => records.length,
    sender,
    timeoutMs: Math.min(settings.timeoutMs, pace.logs.exportTimeoutMs),
    losses,
    done,
    queue,
  });
  const batches = new BatchLogRecordProcessor({ exporter, ...batchOptions(pace.logs) });
  const provider = new LoggerProvider({
    resource,
    processors: [
      {
        onEmit: (record) => {
          if (queue.admit()) batches.onEmit(record);
          else losses.add('logs', 'queue_full', ONE);
        },
        forceFlush: () => batches.forceFlush(),
        shutdown: () => batches.shutdown(),
      },
    ],
  });
  return {
    logger: createOtelLogger(provider.getLogger(scope.name, scope.version), api),
    flush: () => provider.forceFlush(),
    shutdown: () => provider.shutdown(),
    abandon: abandoning(exporter, sender),
  };
}

const ONE = 1;
