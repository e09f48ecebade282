import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  answer,
  answerPayload,
  ask,
  assistant,
  endTool,
  endTurn,
  functionCall,
  functionOutput,
  IN_TURN,
  startTool,
  startTurn,
  traceBundle,
  user,
} from '../../../fixtures/trace-bundle.ts';
import type { BundleBuilder } from '../../../fixtures/trace-bundle.ts';
import { reduceTrace } from '../reduce-trace.ts';

/* Traps 19-24 of spec/observability.md 7. Trap 25 is the writer's. */

const reduced = async (build: (b: BundleBuilder) => void) => (await reduceTrace(traceBundle(build))).trace;

test('trap 19: x-request-id never links conversations, and a null of a WebSocket stays null', async () => {
  const linkedByRequest = traceBundle((b) => {
    ask(b, 'i1', [user('a')]);
    answer(b, 'i1', 'r1');
    ask(b, 'i2', [user('b')], { request: { previous_response_id: 'x-r1' } });
  });
  await expect(reduceTrace(linkedByRequest)).rejects.toMatchObject({ kind: 'unknown_reference' });
  const { inference_calls: calls } = await reduced((b) => {
    ask(b, 'i1', [user('a')]);
    b.event(
      {
        type: 'inference_completed',
        inference_call_id: 'i1',
        response_id: 'r1',
        upstream_request_id: null,
        response_payload: answerPayload(b, 'r1', []),
      },
      IN_TURN,
    );
  });
  expect(calls['i1']).toMatchObject({ response_id: 'r1', upstream_request_id: null });
});

test('trap 20: a late end changes neither status nor time, and still brings ids and items', async () => {
  const { inference_calls: calls } = await reduced((b) => {
    ask(b, 'i1', [user('a')]);
    endTurn(b, 'aborted');
    answer(b, 'i1', 'r1', [assistant('late')]);
    startTurn(b, 'u2');
    ask(b, 'i2', [user('b')], { turn: 'u2', request: { previous_response_id: 'r1' } });
  });
  expect(calls['i1']).toMatchObject({
    execution: { status: 'aborted', ended_seq: 5 },
    response_id: 'r1',
    upstream_request_id: 'x-r1',
    response_item_ids: ['conversation_item:2'],
  });
  expect(calls['i2']?.request_item_ids).toEqual([1, 2, 3].map((n) => `conversation_item:${n}`));
});

test('trap 21: of two ends the first counts, and the second fills what it left open', async () => {
  const { inference_calls: calls } = await reduced((b) => {
    ask(b, 'i1', [user('a')]);
    answer(b, 'i1', 'r1', [assistant('first')]);
    b.event(
      { type: 'inference_failed', inference_call_id: 'i1', upstream_request_id: 'x2', error: 'e' },
      IN_TURN,
    );
    ask(b, 'i2', [user('a')]);
    b.event({ type: 'inference_cancelled', inference_call_id: 'i2', reason: 'e' }, IN_TURN);
    answer(b, 'i2', 'r2', [assistant('second')]);
  });
  expect(calls['i1']).toMatchObject({
    execution: { status: 'completed' },
    response_id: 'r1',
    upstream_request_id: 'x-r1',
  });
  expect(calls['i2']).toMatchObject({
    execution: { status: 'cancelled' },
    response_id: 'r2',
    upstream_request_id: 'x-r2',
  });
  expect(calls['i2']?.response_item_ids).toHaveLength(1);
});

test.each([
  ['completed', 'cancelled'],
  ['cancelled', 'cancelled'],
  ['failed', 'failed'],
  ['aborted', 'aborted'],
])('trap 22: a turn that ends %s leaves an inference %s', async (turn, inference) => {
  const { inference_calls: calls } = await reduced((b) => {
    ask(b, 'i1', [user('a')]);
    endTurn(b, turn);
  });
  expect(calls['i1']?.execution).toMatchObject({ status: inference, ended_seq: 5 });
});

const CODE = { type: 'custom_tool_call', call_id: 'k', name: 'exec', input: 'js' };
const startCell = (b: BundleBuilder): void =>
  b.event(
    { type: 'code_cell_started', runtime_cell_id: 'r', model_visible_call_id: 'k', source_js: 'js' },
    IN_TURN,
  );

test.each([
  ['completed', 'running', 'yielded'],
  ['failed', 'failed', 'failed'],
  ['cancelled', 'cancelled', 'terminated'],
  ['aborted', 'cancelled', 'terminated'],
])('trap 22: a turn that ends %s leaves a yielded cell %s (%s)', async (turn, status, runtime) => {
  const { code_cells: cells } = await reduced((b) => {
    ask(b, 'i1', [CODE]);
    startCell(b);
    b.event({ type: 'code_cell_initial_response', runtime_cell_id: 'r', status: 'yielded' }, IN_TURN);
    endTurn(b, turn);
  });
  expect(cells['code_cell:k']).toMatchObject({ execution: { status }, runtime_status: runtime });
});

test('trap 23: a tool that starts before its item is joined with it later', async () => {
  const trace = await reduced((b) => {
    ask(b, 'i1', [user('a')]);
    startTool(b, 'k', 'web');
    answer(b, 'i1', 'r1', [functionCall('k')]);
    endTool(b, 'k');
    ask(b, 'i2', [user('a'), functionCall('k'), functionOutput('k', 'out')]);
  });
  expect(trace.tool_calls['k']).toMatchObject({
    model_visible_call_item_ids: ['conversation_item:2'],
    model_visible_output_item_ids: ['conversation_item:3'],
  });
  expect(trace.inference_calls['i1']?.tool_call_ids_started_by_response).toEqual(['k']);
  expect(trace.conversation_items['conversation_item:3']?.produced_by).toEqual([
    { type: 'tool', tool_call_id: 'k' },
  ]);
});

test('trap 23: a cell waits for its source with all that happens to it, and is told in order', async () => {
  const trace = await reduced((b) => {
    ask(b, 'i1', [user('a')]);
    startCell(b);
    b.event({ type: 'code_cell_initial_response', runtime_cell_id: 'r', status: 'yielded' }, IN_TURN);
    startTool(b, 'n', 'web', {
      model_visible_call_id: null,
      requester: { type: 'code_cell', runtime_cell_id: 'r' },
    });
    b.event({ type: 'code_cell_ended', runtime_cell_id: 'r', status: 'completed' }, IN_TURN);
    answer(b, 'i1', 'r1', [CODE]);
  });
  expect(trace.code_cells['code_cell:k']).toMatchObject({
    source_item_id: 'conversation_item:2',
    execution: { started_seq: 5, ended_seq: 8, status: 'completed' },
    yielded_seq: 6,
    nested_tool_call_ids: ['n'],
  });
  expect(trace.tool_calls['n']?.requester).toEqual({ type: 'code_cell', code_cell_id: 'code_cell:k' });
});

test('trap 24: a broken tail is an error, and with tolerance what is left out', async () => {
  const bundle = traceBundle((b) => ask(b, 'i1', [user('a')]));
  appendFileSync(join(bundle, 'trace.jsonl'), '{"schema_version":2,"seq":5,"wall_ti');
  await expect(reduceTrace(bundle)).rejects.toMatchObject({ kind: 'malformed_line', line: 5 });
  const { trace, leftOut } = await reduceTrace(bundle, { tolerant: true });
  expect(leftOut?.line).toBe(5);
  expect(trace).toMatchObject({ status: 'running', recording_complete: false });
  expect(trace.inference_calls['i1']?.execution.status).toBe('running');
});

test('tolerance is for the tail alone', async () => {
  const bundle = traceBundle((b) => {
    b.line('{"half');
    ask(b, 'i1', []);
  });
  await expect(reduceTrace(bundle, { tolerant: true })).rejects.toMatchObject({
    kind: 'malformed_line',
    line: 4,
  });
});
