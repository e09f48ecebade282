import type { Tracer } from '@opentelemetry/api';
import type * as TraceSdk from '@opentelemetry/sdk-trace';
import { createOtlpExporter } from './exporter.ts';
import { createQueueCount } from './losses.ts';
import type { OtelPace } from './settings.ts';
import { abandoning, batchOptions, loadCommon } from './signal.ts';
import type { OpenSignal, SignalOptions } from './signal.ts';

/** Spans: sampled, given the configured attributes, counted where the queue is full, and sent in batches. */
export async function openTraces(
  options: SignalOptions & { readonly spanAttributes: Readonly<Record<string, string>> },
): Promise<OpenSignal & { readonly tracer: Tracer }> {
  const [trace, { serializers, resource, done }] = await Promise.all([
    import('@opentelemetry/sdk-trace'),
    loadCommon(options),
  ]);
  const { settings, pace, sender, losses, scope, spanAttributes } = options;
  const queue = createQueueCount(pace.spans.maxQueueSize);
  const exporter = createOtlpExporter<TraceSdk.ReadableSpan[]>({
    signal: 'traces',
    serializer: serializers.traces,
    countOf: (spans) => spans.length,
    sender,
    timeoutMs: Math.min(settings.timeoutMs, pace.spans.exportTimeoutMs),
    losses,
    done,
    queue,
  });
  const batches = new trace.BatchSpanProcessor({ exporter, ...batchOptions(pace.spans) });
  const provider = new trace.TracerProvider({
    resource,
    sampler: samplerOf(pace.sampler, trace),
    spanProcessors: [
      {
        onStart: (span) => void span.setAttributes(spanAttributes),
        onEnd: (span) => {
          if ((span.spanContext().traceFlags & SAMPLED) === 0) return;
          if (queue.admit()) batches.onEnd(span);
          else losses.add('traces', 'queue_full', ONE);
        },
        forceFlush: () => batches.forceFlush(),
        shutdown: () => batches.shutdown(),
      },
    ],
  });
  return {
    tracer: provider.getTracer(scope.name, scope.version),
    flush: () => provider.forceFlush(),
    shutdown: () => provider.shutdown(),
    abandon: abandoning(exporter, sender),
  };
}

/** https://www.w3.org/TR/trace-context/#sampled-flag */
const SAMPLED = 1;
const ONE = 1;

function samplerOf({ root, isParentBased }: OtelPace['sampler'], sdk: typeof TraceSdk): TraceSdk.Sampler {
  const sampler =
    typeof root === 'number'
      ? new sdk.TraceIdRatioBasedSampler(root)
      : root === 'always_on'
        ? new sdk.AlwaysOnSampler()
        : new sdk.AlwaysOffSampler();
  return isParentBased ? new sdk.ParentBasedSampler({ root: sampler }) : sampler;
}
