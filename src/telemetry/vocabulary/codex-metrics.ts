export interface MetricShape {
  readonly instrument: 'counter' | 'histogram';
  readonly unit?: string;
  readonly description?: string;
  readonly bounds?: readonly number[];
}

/** As codex 0.169 exports them. */
const DURATION_BOUNDS = [
  0, 5, 10, 25, 50, 75, 100, 250, 500, 750, 1000, 1250, 1500, 1750, 2000, 2250, 2500, 3000, 3500, 4000, 4500,
  5000, 6000, 7000, 7500, 8000, 9000, 10_000, 12_000, 15_000, 20_000, 30_000, 60_000, 120_000,
];

const COUNTER: MetricShape = { instrument: 'counter' };
const DURATION: MetricShape = {
  instrument: 'histogram',
  unit: 'ms',
  description: 'Duration in milliseconds.',
  bounds: DURATION_BOUNDS,
};
const HISTOGRAM: MetricShape = { instrument: 'histogram' };

/** The metrics of spec/observability.md 4.5 that the facts of an agent can feed. */
export const METRICS = {
  'codex.startup.phase.duration_ms': DURATION,
  'codex.startup_prewarm.duration_ms': DURATION,
  'codex.startup_prewarm.age_at_first_turn_ms': DURATION,
  'codex.process.start': COUNTER,
  'codex.thread.started': COUNTER,
  'codex.conversation.turn.count': COUNTER,
  'codex.turn.e2e_duration_ms': DURATION,
  'codex.turn.ttft.duration_ms': DURATION,
  'codex.turn.ttfm.duration_ms': DURATION,
  'codex.turn.tool.call': HISTOGRAM,
  'codex.turn.token_usage': HISTOGRAM,
  'codex.tool.call': COUNTER,
  'codex.tool.call.duration_ms': DURATION,
  'codex.tool.unified_exec': COUNTER,
  'codex.api_request': COUNTER,
  'codex.api_request.duration_ms': DURATION,
  'codex.sse_event': COUNTER,
  'codex.sse_event.duration_ms': DURATION,
  'codex.websocket.connect': COUNTER,
  'codex.websocket.connect.duration_ms': DURATION,
  'codex.websocket.request': COUNTER,
  'codex.websocket.request.duration_ms': DURATION,
  'codex.websocket.event': COUNTER,
  'codex.websocket.event.duration_ms': DURATION,
  'codex.responses_api_overhead.duration_ms': DURATION,
  'codex.responses_api_inference_time.duration_ms': DURATION,
  'codex.responses_api_engine_iapi_ttft.duration_ms': DURATION,
  'codex.responses_api_engine_service_ttft.duration_ms': DURATION,
  'codex.responses_api_engine_iapi_tbt.duration_ms': DURATION,
  'codex.responses_api_engine_service_tbt.duration_ms': DURATION,
  'codex.rollout.size_bytes': HISTOGRAM,
  'codex.sqlite.init.count': COUNTER,
  'codex.sqlite.init.duration_ms': DURATION,
  'codex.sqlite.corruption.count': COUNTER,
  'codex.sqlite.logs.write.count': COUNTER,
  'codex.sqlite.logs.write.duration_ms': DURATION,
  'codex.sqlite.logs.write.bytes': HISTOGRAM,
  'codex.sqlite.logs.write.entries': HISTOGRAM,
  'codex.sqlite.logs.write.max_entry_bytes': HISTOGRAM,
  'codex.sqlite.logs.queue.dropped': COUNTER,
} as const satisfies Readonly<Record<string, MetricShape>>;

export type MetricName = keyof typeof METRICS;

/** `timing_metrics` of the WebSocket message `responsesapi.websocket_timing`, and what each of them feeds. */
export const TIMING_METRICS: Readonly<Record<string, MetricName>> = {
  responses_duration_excl_engine_and_client_tool_time_ms: 'codex.responses_api_overhead.duration_ms',
  engine_service_total_ms: 'codex.responses_api_inference_time.duration_ms',
  engine_iapi_ttft_total_ms: 'codex.responses_api_engine_iapi_ttft.duration_ms',
  engine_service_ttft_total_ms: 'codex.responses_api_engine_service_ttft.duration_ms',
  engine_iapi_tbt_across_engine_calls_ms: 'codex.responses_api_engine_iapi_tbt.duration_ms',
  engine_service_tbt_across_engine_calls_ms: 'codex.responses_api_engine_service_tbt.duration_ms',
};
