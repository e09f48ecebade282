import { expect, test } from 'vitest';
import { memoryPipeline } from '../../../fixtures/otel-memory.ts';
import { openObserver } from '../../../fixtures/otel-observer.ts';
import { turn } from '../../../fixtures/thread-events.ts';
import { agentAt } from '../../../fixtures/turn-faults/agent-at.ts';
import { completed, created, functionCall, message } from '../../testing/responses/events.ts';
import { startResponsesServer } from '../../testing/responses-server.ts';
import type { RecordedRequest } from '../../testing/responses/script.ts';

const SCRIPT = {
  responses: [
    [
      created('r1'),
      functionCall('update_plan', { plan: [{ step: 'look', status: 'pending' }] }),
      completed('r1'),
    ],
    [created('r2'), message(['do', 'ne']), completed('r2')],
  ],
};

/** How the context of a request came. */
function spanCarriedBy({ headers, body }: RecordedRequest): string | undefined {
  const { client_metadata: metadata } = body as { readonly client_metadata?: Record<string, string> };
  const traceparent = headers['traceparent'] ?? metadata?.['ws_request_header_traceparent'];
  return String(traceparent).split('-')[2];
}

test.each(['http', 'websocket'] as const)(
  'the agent at work over %s: whoever answers gets the span of the call, and every span ends by itself',
  async (wire) => {
    await using server = await startResponsesServer(SCRIPT);
    const { pipeline, spans, span } = memoryPipeline();
    const warnings: string[] = [];
    const observer = await openObserver(pipeline, { warn: (text) => void warnings.push(text) });
    await using place = agentAt(server.baseUrl, wire, { observer });
    const thread = await place.agent.startThread();
    await turn(thread, 'go');
    await place.agent.close();
    const calls = spans().filter((one) => one.name === 'chat gpt-5.3-codex');
    const asked = server.requests.filter(({ body }) => body['generate'] !== false);
    expect(asked.map(spanCarriedBy)).toEqual(calls.map((call) => call.spanContext().spanId));
    expect(spans().filter((one) => 'stethos.unfinished' in one.attributes)).toEqual([]);
    expect(span('execute_tool update_plan').spanContext().traceId).toBe(
      span('session_task.turn').spanContext().traceId,
    );
    expect(span('invoke_agent stethos_exec').attributes).toHaveProperty(['gen_ai.usage.input_tokens']);
    expect(warnings).toEqual([]);
  },
);
