import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { temporaryHome } from '../../../fixtures/home.ts';
import { systemClock } from '../../host/clock.ts';
import { reduceTrace } from '../reduce-trace.ts';
import { createTraceWriter } from './writer.ts';

const run = promisify(execFile);

function open(root: string, limits = {}) {
  const reasons: string[] = [];
  const writer = createTraceWriter({
    root,
    traceId: 'id',
    rootThreadId: 't',
    clock: systemClock,
    limits,
    onStopped: (reason) => void reasons.push(reason),
  });
  return { writer, reasons };
}
const begin = ({ writer }: ReturnType<typeof open>): void => {
  writer.event({ type: 'rollout_started', trace_id: 'id', root_thread_id: 't' });
  writer.event({ type: 'thread_started', thread_id: 't', agent_path: '/root', metadata_payload: null });
};
const observe = ({ writer }: ReturnType<typeof open>, value: unknown): void => {
  const payload = writer.payload('protocol_event', value);
  if (payload) writer.event({ type: 'protocol_event_observed', event_type: 'error', event_payload: payload });
};

test('a bundle is private to its owner, and can be read at every moment', async () => {
  const root = join(temporaryHome(), 'new/traces');
  const opened = open(root);
  begin(opened);
  observe(opened, { text: 'x'.repeat(5_000_000) });
  const { bundle } = opened.writer;
  expect(bundle).toBe(join(root, 'trace-id-t'));
  const modes = ['', 'payloads', 'manifest.json', 'trace.jsonl', 'payloads/1.json'].map(
    (name) => statSync(join(bundle, name)).mode & 0o777,
  );
  expect(modes).toEqual([0o700, 0o700, 0o600, 0o600, 0o600]);
  const { trace } = await reduceTrace(bundle);
  expect(trace).toMatchObject({
    status: 'running',
    raw_payloads: { 'raw_payload:1': { path: 'payloads/1.json' } },
  });
});

test('trap 25: a payload that cannot be written leaves a gap in its numbers, and none in seq', async () => {
  const opened = open(temporaryHome());
  begin(opened);
  const { bundle } = opened.writer;
  // Somebody else's file stands in the way, and is not overwritten.
  writeFileSync(join(bundle, 'payloads/1.json'), 'mine');
  observe(opened, {});
  opened.writer.event({ type: 'recording_completed' });
  expect(opened.reasons).toEqual(['EEXIST']);
  expect(readFileSync(join(bundle, 'payloads/1.json'), 'utf8')).toBe('mine');
  const { trace } = await reduceTrace(bundle);
  expect(trace).toMatchObject({ status: 'running', recording_complete: false, raw_payloads: {} });
});

test.each<[string, (root: string) => void]>([
  ['a file in place of the folder', (root) => writeFileSync(root, '')],
  ['a bundle of that name', (root) => mkdirSync(join(root, 'trace-id-t'), { recursive: true })],
])('%s stops the recording, and nothing else', (_name, prepare) => {
  const root = join(temporaryHome(), 'traces');
  prepare(root);
  const opened = open(root);
  begin(opened);
  observe(opened, {});
  expect(opened.reasons).toHaveLength(1);
  expect(opened.writer.stopped).toBe(true);
});

test('bounds: a payload, a bundle, and what is no JSON', async () => {
  const payload = open(temporaryHome(), { payloadBytes: 1_000 });
  begin(payload);
  observe(payload, 'x'.repeat(2_000));
  expect(payload.reasons[0]).toContain('2002 characters');
  const bundle = open(temporaryHome(), { bundleBytes: 2_000 });
  begin(bundle);
  for (let count = 0; count < 50; count++) observe(bundle, {});
  expect(bundle.reasons).toEqual(['2000 bytes were written']);
  await reduceTrace(bundle.writer.bundle);
  const cycle: Record<string, unknown> = {};
  cycle['self'] = cycle;
  const odd = open(temporaryHome());
  observe(odd, cycle);
  expect(odd.reasons).toHaveLength(1);
});

test('a payload folder that went away stops the recording; the trace stays a trace', async () => {
  const opened = open(temporaryHome());
  begin(opened);
  const { bundle } = opened.writer;
  rmSync(join(bundle, 'payloads'), { recursive: true });
  observe(opened, {});
  expect(opened.reasons).toEqual(['ENOENT']);
  expect((await reduceTrace(bundle)).trace.status).toBe('running');
});

test('a process that limits its files meets the limit in the middle of a line, and leaves whole lines', async () => {
  const root = temporaryHome();
  // `ulimit -f` counts KiB: a stand-in for a disk that is full.
  const script = `
    process.on('SIGXFSZ', () => {});
    const { createTraceWriter } = await import(${JSON.stringify(join(import.meta.dirname, 'writer.ts'))});
    const writer = createTraceWriter({ root: ${JSON.stringify(root)}, traceId: 'id', rootThreadId: 't',
      clock: { now: () => 1, elapsed: () => 1 }, onStopped: (reason) => console.log(reason) });
    writer.event({ type: 'rollout_started', trace_id: 'id', root_thread_id: 't' });
    for (let n = 0; n < 1000; n++) writer.event({ type: 'rollout_ended', status: 'completed' });`;
  const { stdout } = await run('/bin/sh', [
    '-c',
    'ulimit -f 16 && exec "$0" --input-type=module -e "$1"',
    process.execPath,
    script,
  ]);
  expect(stdout).toBe('EFBIG\n');
  const [bundle = ''] = readdirSync(root);
  const { trace } = await reduceTrace(join(root, bundle));
  expect(trace).toMatchObject({ status: 'completed', recording_complete: false });
});

test('a killed process leaves everything that it told', async () => {
  const root = temporaryHome();
  const script = `
    const { createTraceWriter } = await import(${JSON.stringify(join(import.meta.dirname, 'writer.ts'))});
    const writer = createTraceWriter({ root: ${JSON.stringify(root)}, traceId: 'id', rootThreadId: 't',
      clock: { now: () => 1, elapsed: () => 1 }, onStopped: () => {} });
    writer.event({ type: 'rollout_started', trace_id: 'id', root_thread_id: 't' });
    const payload = writer.payload('protocol_event', { last: 'words' });
    writer.event({ type: 'protocol_event_observed', event_type: 'error', event_payload: payload });
    process.kill(process.pid, 'SIGKILL');`;
  await expect(run(process.execPath, ['--input-type=module', '-e', script])).rejects.toMatchObject({
    signal: 'SIGKILL',
  });
  const { trace } = await reduceTrace(join(root, 'trace-id-t'));
  expect(Object.keys(trace.raw_payloads)).toEqual(['raw_payload:1']);
});
