import type * as Api from '@opentelemetry/api';
import type { Context, SpanContext } from '@opentelemetry/api';
import type { TraceContext } from '../observer.ts';
import { mergeTracestate, parseTracestate } from './tracestate.ts';
import type { ConfiguredTracestate } from './tracestate.ts';

/** The part of the OpenTelemetry API that is used; a module that is loaded when it is wanted. */
export type OtelApi = typeof Api;

const TRACEPARENT =
  /^(?<version>[0-9a-f]{2})-(?<trace>[0-9a-f]{32})-(?<span>[0-9a-f]{16})-(?<flags>[0-9a-f]{2})(?<rest>-.*)?$/;

/** The context that somebody else's header names; undefined when it names none. */
export function remoteSpan(api: OtelApi, { traceparent, tracestate }: TraceContext): SpanContext | undefined {
  const found = TRACEPARENT.exec(traceparent.trim())?.groups;
  if (!found) return undefined;
  const { version = '', trace = '', span = '', flags = '', rest } = found;
  if (version === 'ff' || (version === '00' && rest !== undefined)) return undefined;
  if (/^0+$/.test(trace) || /^0+$/.test(span)) return undefined;
  const state = tracestate !== undefined && parseTracestate(tracestate) ? tracestate : undefined;
  return {
    traceId: trace,
    spanId: span,
    traceFlags: Number.parseInt(flags, 16) & api.TraceFlags.SAMPLED,
    isRemote: true,
    ...(state !== undefined && state !== '' && { traceState: api.createTraceState(state) }),
  };
}

/**
 * `TRACEPARENT` and `TRACESTATE` of the process as a parent. What is no context is ignored, with a warning; a tracestate
 * alone is no context (spec/observability.md 4.7).
 */
export function contextOfEnvironment(
  api: OtelApi,
  environment: Readonly<Record<string, string | undefined>>,
  warn: (message: string) => void,
): Context | undefined {
  const { TRACEPARENT: traceparent, TRACESTATE: tracestate } = environment;
  if (traceparent === undefined || traceparent === '') return undefined;
  const span = remoteSpan(api, { traceparent, ...(tracestate !== undefined && { tracestate }) });
  if (span) return api.trace.setSpanContext(api.ROOT_CONTEXT, span);
  warn('TRACEPARENT is no W3C trace context and is ignored.');
  return undefined;
}

/** What a request made below a span carries. */
export function headersOf(
  { traceId, spanId, traceFlags, traceState }: SpanContext,
  configured: ConfiguredTracestate,
): TraceContext {
  const tracestate = mergeTracestate(traceState?.serialize(), configured);
  return {
    traceparent: `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`,
    ...(tracestate !== undefined && { tracestate }),
  };
}
