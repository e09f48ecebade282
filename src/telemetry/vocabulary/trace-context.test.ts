import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  inferenceStarted,
  THREAD,
  threadStarted,
  toolStarted,
  TURN,
  turnStarted,
  wholeTurn,
} from '../../../fixtures/agent-facts.ts';
import type { Untimed } from '../../../fixtures/agent-facts.ts';
import { toldFacts } from '../../../fixtures/otel-observer.ts';
import { mergeTracestate, parseTracestate } from './tracestate.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const TRACEPARENT = `00-${TRACE}-00f067aa0ba902b7-01`;
const OTHER_TRACE = '0af7651916cd43dd8448eb211c80319c';
const OTHER = `00-${OTHER_TRACE}-b7ad6b7169203331-01`;

test('a request carries the context of its inference, a call to a server that of the call', async () => {
  const { observer, tell, span } = await toldFacts([
    threadStarted(),
    turnStarted(),
    inferenceStarted('one'),
    toolStarted('call-1'),
  ]);
  const ofInference = observer.traceContext?.({ threadId: THREAD, turnId: TURN, inferenceId: 'one' });
  const ofCall = observer.traceContext?.({ threadId: THREAD, turnId: TURN, callId: 'call-1' });
  tell([{ type: 'thread_ended', threadId: THREAD, status: 'completed' }]);
  const header = (name: string): string => {
    const { traceId, spanId } = span(name).spanContext();
    return `00-${traceId}-${spanId}-01`;
  };
  expect(ofInference).toEqual({ traceparent: header('chat gpt-5') });
  expect(ofCall).toEqual({ traceparent: header('execute_tool exec_command') });
});

test('while a server is called, its call is the innermost', async () => {
  const facts = wholeTurn();
  const end = facts.findIndex((fact) => fact.type === 'mcp_call_ended');
  const { observer, tell, span } = await toldFacts(facts.slice(0, end));
  const context = observer.traceContext?.({ threadId: THREAD, turnId: TURN, callId: 'call-2' });
  tell(facts.slice(end));
  expect(context?.traceparent).toContain(span('mcp.tools.call').spanContext().spanId);
});

test('nobody carries a context of a thread that is over, or was never told', async () => {
  const { observer } = await toldFacts(wholeTurn());
  expect(observer.traceContext?.({ threadId: THREAD })).toBeUndefined();
});

interface Row {
  readonly says: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly submission?: string;
  /** Whose trace the turn is in. */
  readonly turn: 'environment' | 'submission' | 'session_loop' | 'codex.exec';
  readonly exec: 'environment' | 'root';
  readonly warns?: RegExp;
}

/** spec/observability.md 4.7, trap 17. */
const ROWS: readonly Row[] = [
  { says: 'nothing is given: the run is a trace of its own', turn: 'codex.exec', exec: 'root' },
  {
    says: 'the environment is the parent of the run',
    environment: { TRACEPARENT },
    turn: 'environment',
    exec: 'environment',
  },
  {
    says: 'the trace of a submission beats the environment',
    environment: { TRACEPARENT },
    submission: OTHER,
    turn: 'submission',
    exec: 'environment',
  },
  {
    says: 'an invalid trace of a submission is warned of, and the environment does not stand in',
    environment: { TRACEPARENT },
    submission: 'nonsense',
    turn: 'session_loop',
    exec: 'environment',
    warns: /submission/,
  },
  {
    says: 'an invalid environment is warned of and ignored',
    environment: { TRACEPARENT: `00-${'0'.repeat(32)}-00f067aa0ba902b7-01` },
    turn: 'codex.exec',
    exec: 'root',
    warns: /^TRACEPARENT/,
  },
  {
    says: 'a tracestate alone is no context',
    environment: { TRACESTATE: 'vendor=1' },
    turn: 'codex.exec',
    exec: 'root',
  },
];

test.for(ROWS)('$says', async ({ environment = {}, submission, turn, exec, warns }) => {
  const facts: Untimed[] = wholeTurn().map((fact) =>
    fact.type === 'operation_started' && fact.operation === 'user_input' && submission !== undefined
      ? { ...fact, trace: { traceparent: submission } }
      : fact,
  );
  const { span, warnings } = await toldFacts(facts, { environment });
  const traceOf = (name: string): string => span(name).spanContext().traceId;
  const traces = {
    environment: TRACE,
    submission: OTHER_TRACE,
    session_loop: traceOf('session_loop'),
    'codex.exec': traceOf('codex.exec'),
  };
  expect(traceOf('session_task.turn')).toBe(traces[turn]);
  expect(traceOf('codex.exec') === TRACE).toBe(exec === 'environment');
  expect(span('codex.exec').parentSpanContext?.isRemote ?? false).toBe(exec === 'environment');
  expect(warnings.map((warning) => warns?.test(warning) ?? false)).toEqual(warns ? [true] : []);
});

test.for([
  ['ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'],
  [`${TRACEPARENT}-more`],
  [TRACEPARENT.toUpperCase()],
  ['00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01'],
  ['00-4bf9-00f067aa0ba902b7-01'],
])('%s is no traceparent', async ([TRACEPARENT_OF_ENVIRONMENT = '']) => {
  const { warnings } = await toldFacts([], { environment: { TRACEPARENT: TRACEPARENT_OF_ENVIRONMENT } });
  expect(warnings).toHaveLength(1);
});

test('a traceparent of a later version is read as far as it is known', async () => {
  const environment = { TRACEPARENT: `01-${TRACE}-00f067aa0ba902b7-01-later` };
  const { span, warnings } = await toldFacts(wholeTurn(), { environment });
  expect(span('codex.exec').spanContext().traceId).toBe(TRACE);
  expect(warnings).toEqual([]);
});

test('what goes out holds the configured tracestate; spans show what their carrier held', async () => {
  const facts = [
    threadStarted(),
    {
      type: 'operation_started',
      threadId: THREAD,
      submissionId: TURN,
      operation: 'user_input',
      trace: { traceparent: OTHER, tracestate: 'rojo=1,house=color:red;size:2' },
    },
    turnStarted(),
    inferenceStarted('one'),
  ] as const satisfies readonly Untimed[];
  const { observer, tell, span } = await toldFacts(facts, {
    environment: { TRACEPARENT, TRACESTATE: 'rojo=1' },
    settings: { tracestate: { house: { color: 'blue', door: 'open' } } },
  });
  const sent = observer.traceContext?.({ threadId: THREAD, turnId: TURN, inferenceId: 'one' });
  tell([{ type: 'thread_ended', threadId: THREAD, status: 'completed' }]);
  const merged = 'house=color:blue;size:2;door:open,rojo=1';
  expect(sent?.tracestate).toBe(merged);
  expect(span('session_task.turn').spanContext().traceState?.serialize()).toBe(merged);
  expect(span('codex.exec').spanContext().traceState?.serialize()).toBe('rojo=1');
});

test('without traces a caller’s context goes on as it came', async () => {
  const { observer } = await toldFacts([threadStarted(), turnStarted()], {
    environment: { TRACEPARENT },
    signals: ['logs'],
  });
  expect(observer.traceContext?.({ threadId: THREAD, turnId: TURN })).toEqual({ traceparent: TRACEPARENT });
});

test('a merge never makes a header that is none, keeps other members in order, and is done once', () => {
  const name = fc.stringMatching(/^[a-z][a-z0-9]{0,5}$/);
  const text = fc.stringMatching(/^[!-+\--9<>-~]{1,20}$/).filter((one) => !one.includes(';'));
  const fields = fc.dictionary(text, text, { minKeys: 1, maxKeys: 4 });
  const state = fc.dictionary(name, fields, { maxKeys: 4 });
  const header = fc.array(fc.tuple(name, fc.stringMatching(/^[!-+\--<>-~]{1,20}$/)), { maxLength: 6 });
  fc.assert(
    fc.property(state, header, (configured, members) => {
      const inbound = [...new Map(members)].map(([key, value]) => `${key}=${value}`).join(',');
      const merged = mergeTracestate(inbound, configured);
      if (merged === undefined) return;
      const parsed = parseTracestate(merged);
      expect(parsed).toBeDefined();
      const kept = [...(parsed?.keys() ?? [])].filter((key) => !(key in configured));
      expect(kept).toEqual([...new Map(members).keys()].filter((key) => !(key in configured)));
      expect(mergeTracestate(merged, configured)).toBe(merged);
    }),
  );
});
