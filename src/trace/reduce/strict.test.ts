import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  answer,
  ask,
  assistant,
  endTool,
  endTurn,
  functionCall,
  IN_TURN,
  runTool,
  startChild,
  startTool,
  startTurn,
  stopTool,
  T1,
  T2,
  traceBundle,
  user,
} from '../../../fixtures/trace-bundle.ts';
import type { BundleBuilder } from '../../../fixtures/trace-bundle.ts';
import { reduceTrace } from '../reduce-trace.ts';
import type { TraceFaultKind } from './fault.ts';

/* What a strict reducer refuses, by name (spec/observability.md 5, strict errors; each measured on codex 0.169 too). */

const protocol = (b: BundleBuilder, path: string): void =>
  b.event({
    type: 'protocol_event_observed',
    event_type: 'error',
    event_payload: { raw_payload_id: 'raw_payload:9', kind: { type: 'protocol_event' }, path },
  });
const terminal = { process_id: '1', command: ['ls'], cwd: '/' };
const cell = (b: BundleBuilder, runtimeId = 'r', callId = 'k'): void =>
  b.event(
    { type: 'code_cell_started', runtime_cell_id: runtimeId, model_visible_call_id: callId, source_js: '' },
    IN_TURN,
  );
const install = (b: BundleBuilder, body: object, scope: object = IN_TURN): void =>
  b.event(
    {
      type: 'compaction_installed',
      compaction_id: 'c',
      checkpoint_payload: b.payload('compaction_checkpoint', body),
    },
    scope,
  );
const envelope = (more: object): string =>
  JSON.stringify({
    schema_version: 2,
    seq: 4,
    wall_time_unix_ms: 1,
    rollout_id: T1,
    payload: { type: 'recording_completed' },
    ...more,
  });

test.each<[string, TraceFaultKind, (b: BundleBuilder) => void]>([
  ['seq that leaves out a number', 'out_of_order', (b) => b.line(envelope({ seq: 5 }))],
  ['seq that repeats', 'out_of_order', (b) => b.line(envelope({ seq: 3 }))],
  [
    'an event behind recording_completed',
    'out_of_order',
    (b) => {
      b.event({ type: 'recording_completed' });
      b.event({ type: 'rollout_ended', status: 'completed' });
    },
  ],
  ['a partial line', 'malformed_line', (b) => b.line('{"schema_version":2,"seq":4')],
  [
    'a line that is no JSON, in the middle',
    'malformed_line',
    (b) => {
      b.line('nothing');
      b.event({ type: 'recording_completed' });
    },
  ],
  ['an unknown type', 'unknown_event', (b) => b.event({ type: 'auth_facts' })],
  [
    'a status that does not exist',
    'unknown_event',
    (b) => b.event({ type: 'rollout_ended', status: 'cancelled' }),
  ],
  [
    'other',
    'unknown_event',
    (b) => b.event({ type: 'other', kind: 'x', summary: '', payloads: [], metadata: {} }),
  ],
  ['an event of another version', 'unsupported_schema', (b) => b.line(envelope({ schema_version: 1 }))],
  ['an event of another rollout', 'foreign_rollout', (b) => b.line(envelope({ rollout_id: 'else' }))],
  ['a payload file that is missing', 'missing_payload', (b) => protocol(b, 'payloads/9.json')],
  ['a payload that leads out of the bundle', 'unsafe_path', (b) => protocol(b, 'payloads/../../etc/passwd')],
  ['a payload by its absolute path', 'unsafe_path', (b) => protocol(b, '/etc/passwd')],
  ['a payload in another folder', 'unsafe_path', (b) => protocol(b, 'manifest.json')],
  [
    'a thread that starts twice',
    'duplicate',
    (b) => b.event({ type: 'thread_started', thread_id: T1, agent_path: '/root' }),
  ],
  ['a turn that starts twice', 'duplicate', (b) => startTurn(b)],
  [
    'an inference that starts twice',
    'duplicate',
    (b) => {
      ask(b, 'i', []);
      ask(b, 'i', []);
    },
  ],
  [
    'a tool call that starts twice',
    'duplicate',
    (b) => {
      startTool(b, 'a', 'web');
      startTool(b, 'a', 'web');
    },
  ],
  [
    'two tool calls for one call of the model',
    'duplicate',
    (b) => {
      startTool(b, 'a', 'web', { model_visible_call_id: 'k' });
      startTool(b, 'b', 'web', { model_visible_call_id: 'k' });
    },
  ],
  [
    'a code cell that starts twice before its source came up',
    'duplicate',
    (b) => {
      cell(b);
      cell(b);
    },
  ],
  [
    'two terminal operations for one call',
    'duplicate',
    (b) => {
      startTool(b, 'a', 'exec_command');
      runTool(b, 'a', 'exec_command', terminal);
      runTool(b, 'a', 'exec_command', terminal);
    },
  ],
  [
    'a compaction that is installed twice',
    'duplicate',
    (b) => {
      install(b, { input_history: [], replacement_history: [] });
      install(b, { input_history: [], replacement_history: [] });
    },
  ],
  ['a turn of an unknown thread', 'unknown_reference', (b) => startTurn(b, 'u2', T2)],
  ['the end of an unknown turn', 'unknown_reference', (b) => endTurn(b, 'completed', 'u2')],
  [
    'the end of an unknown thread',
    'unknown_reference',
    (b) => b.event({ type: 'thread_ended', thread_id: T2, status: 'completed' }),
  ],
  ['an inference of an unknown turn', 'unknown_reference', (b) => ask(b, 'i', [], { turn: 'u2' })],
  ['the end of an unknown inference', 'unknown_reference', (b) => answer(b, 'i', 'r')],
  ['the end of an unknown call', 'unknown_reference', (b) => endTool(b, 'a')],
  ['a call without thread and turn', 'unknown_reference', (b) => startTool(b, 'a', 'web', {}, {})],
  [
    'the end of an unknown cell',
    'unknown_reference',
    (b) => b.event({ type: 'code_cell_ended', runtime_cell_id: 'r', status: 'completed' }, IN_TURN),
  ],
  [
    'a nested call of an unknown cell',
    'unknown_reference',
    (b) => startTool(b, 'a', 'web', { requester: { type: 'code_cell', runtime_cell_id: 'r' } }),
  ],
  [
    'typing into an unknown command',
    'unknown_reference',
    (b) => b.event({ type: 'stdin_target_resolved', tool_call_id: 'a', exec_tool_call_id: 'b' }),
  ],
  [
    'a previous response that is not known',
    'unknown_reference',
    (b) => ask(b, 'i', [], { request: { previous_response_id: 'r' } }),
  ],
  [
    'a compaction without its turn',
    'unknown_reference',
    (b) => install(b, { input_history: [], replacement_history: [] }, { thread: T1 }),
  ],
  [
    'an accepted item without its thread',
    'unknown_reference',
    (b) => b.event({ type: 'history_item_accepted', item_id: 'm' }),
  ],
  [
    'resuming a thread of another trace',
    'unknown_reference',
    (b) => b.event({ type: 'thread_resumed', thread_id: T2 }),
  ],
  ['resuming a thread that runs', 'contradiction', (b) => b.event({ type: 'thread_resumed', thread_id: T1 })],
  [
    'a turn of another thread',
    'contradiction',
    (b) => {
      startChild(b);
      ask(b, 'i', [], { thread: T2 });
    },
  ],
  [
    'a call id for two different calls',
    'contradiction',
    (b) => ask(b, 'i', [functionCall('k', '{"a":1}'), functionCall('k', '{"a":2}')]),
  ],
  [
    'a process that becomes another one',
    'contradiction',
    (b) => {
      startTool(b, 'a', 'exec_command');
      runTool(b, 'a', 'exec_command', terminal);
      stopTool(b, 'a', { process_id: '2', exit_code: 0 });
    },
  ],
  [
    'one runtime cell for two cells',
    'contradiction',
    (b) => {
      cell(b, 'r', 'k');
      cell(b, 'r', 'l');
    },
  ],
  [
    'an increment that goes on differently than an attempt before',
    'contradiction',
    (b) => {
      ask(b, 'i1', [user('a')]);
      answer(b, 'i1', 'r1');
      const request = { previous_response_id: 'r1' };
      ask(b, 'i2', [user('b')], { request });
      ask(b, 'i3', [user('c')], { request });
    },
  ],
  ['an item of an unknown type', 'unsupported_item', (b) => ask(b, 'i', [{ type: 'ghost_snapshot' }])],
  ['an item without a type', 'unsupported_item', (b) => ask(b, 'i', ['text'])],
  [
    'an unknown role',
    'unsupported_item',
    (b) => ask(b, 'i', [{ type: 'message', role: 'robot', content: [] }]),
  ],
  ['a thought without content', 'unsupported_item', (b) => ask(b, 'i', [{ type: 'reasoning', summary: [] }])],
  [
    'a compaction without a checkpoint of both',
    'malformed_payload',
    (b) => install(b, { input_history: [] }),
  ],
  [
    'an answer without items',
    'malformed_payload',
    (b) => {
      ask(b, 'i', []);
      b.event(
        {
          type: 'inference_completed',
          inference_call_id: 'i',
          response_payload: b.payload('inference_response', {}),
        },
        IN_TURN,
      );
    },
  ],
  [
    'a terminal that does not say what it runs',
    'malformed_payload',
    (b) => {
      startTool(b, 'a', 'exec_command');
      runTool(b, 'a', 'exec_command', {});
    },
  ],
])('%s: %s', async (_name, kind, build) => {
  await expect(reduceTrace(traceBundle(build))).rejects.toMatchObject({ name: 'TraceFault', kind });
});

test('the fault names its line', async () => {
  const bundle = traceBundle((b) => {
    b.line('  ');
    endTool(b, 'a');
  });
  await expect(reduceTrace(bundle)).rejects.toMatchObject({ line: 5 });
});

test.each<[string, TraceFaultKind, object]>([
  ['an old manifest', 'unsupported_schema', { schema_version: 1 }],
  ['a log outside', 'unsafe_path', { raw_event_log: '../trace.jsonl' }],
  ['payloads outside', 'unsafe_path', { payloads_dir: '..' }],
  ['a log that is missing', 'not_a_bundle', { raw_event_log: 'none.jsonl' }],
  ['a member of another type', 'not_a_bundle', { trace_id: 7 }],
])('manifest: %s', async (_name, kind, manifest) => {
  await expect(reduceTrace(traceBundle(() => {}, manifest))).rejects.toMatchObject({ kind });
});

const withPayload = (): string => traceBundle((b) => ask(b, 'i', [assistant('x')]));

test('links are refused: a payload, its folder, the log', async () => {
  const payload = withPayload();
  rmSync(join(payload, 'payloads/1.json'));
  symlinkSync('/etc/hostname', join(payload, 'payloads/1.json'));
  await expect(reduceTrace(payload)).rejects.toMatchObject({ kind: 'unsafe_path' });
  const folder = withPayload();
  rmSync(join(folder, 'payloads'), { recursive: true });
  symlinkSync(join(payload, 'payloads'), join(folder, 'payloads'));
  await expect(reduceTrace(folder)).rejects.toMatchObject({ kind: 'unsafe_path' });
  const log = withPayload();
  rmSync(join(log, 'trace.jsonl'));
  symlinkSync('/etc/hostname', join(log, 'trace.jsonl'));
  await expect(reduceTrace(log)).rejects.toMatchObject({ kind: 'unsafe_path' });
});

test('a huge line and a folder in place of the log are refused', async () => {
  const huge = traceBundle((b) => b.line(`"${'x'.repeat(17 * 1024 * 1024)}"`));
  await expect(reduceTrace(huge)).rejects.toMatchObject({ kind: 'too_large', line: 4 });
  const folder = traceBundle(() => {});
  rmSync(join(folder, 'trace.jsonl'));
  mkdirSync(join(folder, 'trace.jsonl'));
  await expect(reduceTrace(folder)).rejects.toMatchObject({ kind: 'not_a_bundle' });
  const notJson = traceBundle((b) => ask(b, 'i', []));
  writeFileSync(join(notJson, 'payloads/1.json'), '{');
  await expect(reduceTrace(notJson)).rejects.toMatchObject({ kind: 'malformed_payload' });
});

test('a payload that is nested as deep as no request is one more fault of the trace', async () => {
  const bundle = traceBundle((b) => ask(b, 'i1', [user('a')]));
  const deep = `${'['.repeat(60_000)}${']'.repeat(60_000)}`;
  const input = `[{"type":"message","role":"user","content":${deep}}]`;
  writeFileSync(join(bundle, 'payloads/1.json'), `{"model":"m","input":${input}}`);
  await expect(reduceTrace(bundle)).rejects.toMatchObject({ kind: 'too_large', line: 4 });
});
