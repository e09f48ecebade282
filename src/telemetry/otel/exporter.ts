import type { ExportResult } from '@opentelemetry/core';
import type { ISerializer } from '@opentelemetry/otlp-transformer';
import type { LossCount, QueueCount } from './losses.ts';
import type { OtlpSender } from './sender.ts';
import type { Signal } from './settings.ts';

/** The common part of what the three SDKs export to. */
export interface OtlpExporter<Records> {
  export(records: Records, done: (result: ExportResult) => void): void;
  forceFlush(): Promise<void>;
  shutdown(): Promise<void>;
  /** What has not arrived by now is lost: for the reason that it has not arrived, if one is known, otherwise for this one. */
  giveUp(reason: string): void;
}

export interface OtlpExporterOptions<Records> {
  readonly signal: Signal;
  readonly serializer: ISerializer<Records, unknown>;
  /** Spans, log records or data points. */
  readonly countOf: (records: Records) => number;
  readonly sender: OtlpSender;
  readonly timeoutMs: number;
  readonly losses: LossCount;
  /** What the SDK is told of every export: of a failure it would only tell a global handler. */
  readonly done: ExportResult;
  /** Told what leaves it. */
  readonly queue?: QueueCount;
}

/** More exports at one time mean that the collector does not keep up. */
const MAX_CONCURRENT = 8;

/** Sends what an SDK exports; every record that does not arrive is counted with its reason, and no export ever fails. */
export function createOtlpExporter<Records>(options: OtlpExporterOptions<Records>): OtlpExporter<Records> {
  const { signal, serializer, countOf, sender, timeoutMs, losses, queue } = options;
  const running = new Map<Promise<void>, number>();
  let reasonOfEnd: string | undefined;

  async function deliver(records: Records, count: number): Promise<void> {
    const bytes = serializer.serializeRequest(records);
    if (!bytes) return losses.add(signal, 'unsendable', count);
    const sent = await sender.send(bytes, timeoutMs);
    if (reasonOfEnd !== undefined) return undefined;
    if (sent.kind === 'refused') return losses.add(signal, sent.failure.class, count);
    losses.add(signal, 'partial_success', Math.min(count, rejectionIn(sent.response, serializer).count));
  }

  return {
    export: (records, tell) => {
      const count = countOf(records);
      queue?.take(count);
      if (count === 0 || reasonOfEnd !== undefined || running.size >= MAX_CONCURRENT) {
        losses.add(signal, reasonOfEnd ?? 'queue_full', count);
        tell(options.done);
        return;
      }
      const delivery = deliver(records, count)
        .catch(() => losses.add(signal, 'unsendable', count))
        .finally(() => {
          running.delete(delivery);
          tell(options.done);
        });
      running.set(delivery, count);
    },
    forceFlush: async () => void (await Promise.all(running.keys())),
    shutdown: async () => void (await Promise.all(running.keys())),
    giveUp: (endReason) => {
      const reason = sender.lastFailure?.()?.class ?? endReason;
      reasonOfEnd = reason;
      for (const count of running.values()) losses.add(signal, reason, count);
      losses.add(signal, reason, queue?.waiting() ?? 0);
    },
  };
}

export interface Rejection {
  readonly count: number;
  readonly message: string;
}

/**
 * What a collector that took an export says it did not take of it; a message without a count is a warning. An answer that
 * cannot be read took everything: the status said so.
 */
export function rejectionIn(response: Uint8Array, serializer: ISerializer<never, unknown>): Rejection {
  try {
    const { partialSuccess = {} } = serializer.deserializeResponse(response) as {
      readonly partialSuccess?: Readonly<Record<string, unknown>>;
    };
    const { errorMessage = '', ...rejected } = partialSuccess;
    const count = Number(Object.values(rejected)[0] ?? 0);
    return { count: Number.isFinite(count) ? count : 0, message: String(errorMessage) };
  } catch {
    return { count: 0, message: '' };
  }
}
