import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { startTerminals } from '../../../../fixtures/terminals.ts';
import { systemClock } from '../../../host/clock.ts';
import type { EventMsg } from '../../protocol/event.ts';
import { turnId } from '../../protocol/ids.ts';
import { createOutputBuffer, OUTPUT_LIMIT_BYTES } from './output-buffer.ts';
import type { OutputListener, Started } from './running-process.ts';
import { createSession } from './session.ts';
import { MAX_PIECE_BYTES, utf8Pieces } from './utf8-pieces.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Bytes of buffers that something holds; the process is shared with other tests, so that its own pace says nothing. */
function heldBytes(): number {
  collectGarbage();
  return process.memoryUsage().arrayBuffers;
}

function cut(chunks: readonly Buffer[], maxBytes: number): Buffer[] {
  const pieces: Buffer[] = [];
  const cutter = utf8Pieces((piece) => pieces.push(Buffer.from(piece)), maxBytes);
  for (const chunk of chunks) cutter.push(chunk);
  cutter.end();
  return pieces;
}

/** Cuts bytes where the numbers say, as pipes do where they like. */
function split(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const places = [...new Set(cuts.map((place) => place % (bytes.length + 1)))].toSorted((a, b) => a - b);
  return [0, ...places].map((place, index) => bytes.subarray(place, places[index] ?? bytes.length));
}

test('pieces of text are whole characters, bounded, and together the text (trap 26)', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc.array(fc.nat()),
      fc.integer({ min: 4, max: 40 }),
      (text, cuts, maxBytes) => {
        const pieces = cut(split(Buffer.from(text), cuts), maxBytes);
        const decoder = new TextDecoder('utf8', { fatal: true, ignoreBOM: true });
        expect(pieces.map((piece) => decoder.decode(piece)).join('')).toBe(text);
        expect(pieces.filter(({ length }) => length > maxBytes || length === 0)).toEqual([]);
      },
    ),
  );
});

test('bytes that are no text pass unchanged', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 200 }),
      fc.array(fc.nat()),
      fc.integer({ min: 4, max: 40 }),
      (bytes, cuts, maxBytes) => {
        const pieces = cut(split(Buffer.from(bytes), cuts), maxBytes);
        expect(Buffer.concat(pieces)).toEqual(Buffer.from(bytes));
        expect(pieces.filter(({ length }) => length > maxBytes)).toEqual([]);
      },
    ),
  );
});

test('a buffer keeps the beginning and the end, and counts everything', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ minLength: 1, maxLength: 30 })), (pieces) => {
      const buffer = createOutputBuffer(200);
      for (const piece of pieces) buffer.push(Buffer.from(piece));
      const whole = pieces.join('');
      expect(buffer.totalBytes).toBe(Buffer.byteLength(whole));
      const [head = '', tail = ''] = buffer.text().split(/\n\[\d+ bytes left out\]\n/);
      expect(whole.startsWith(head)).toBe(true);
      expect(whole.endsWith(tail)).toBe(true);
      expect(whole.length > 200 || head === whole || head + tail === whole).toBe(true);
    }),
  );
});

test('a buffer with a note says how much is left out', () => {
  const buffer = createOutputBuffer(16 * 1024);
  for (const letter of ['a', 'b', 'c', 'd', 'e']) buffer.push(Buffer.alloc(8 * 1024, letter));
  const [head = '', note, tail = ''] = buffer.text().split('\n');
  expect([head, tail].map((text) => [text[0], text.length])).toEqual([
    ['a', 8_192],
    ['e', 8_192],
  ]);
  expect(note).toBe('[24576 bytes left out]');
});

test('half of a character is never told as a wrong one', async () => {
  await using terminals = startTerminals();
  const cmd = String.raw`printf '\303'; sleep 0.5; printf '\251\n'`;
  const first = await terminals.exec({ cmd, yield_time_ms: 250 });
  expect(first.output).toBe('');
  const second = await terminals.write({ session_id: first.session });
  expect(second.output).toBe('é\n');
  expect(terminals.deltas.map(String).join('')).toBe('é\n');
});

test('binary output is told as bytes to clients and as well as it goes to the model', async () => {
  await using terminals = startTerminals();
  const { output, exitCode } = await terminals.exec({ cmd: String.raw`printf '\377\000\200ok'` });
  expect(exitCode).toBe(0);
  expect(output).toBe('\u{FFFD}\0\u{FFFD}ok');
  expect(Buffer.concat(terminals.deltas)).toEqual(Buffer.from([0xff, 0, 0x80, 0x6f, 0x6b]));
});

test('200 MB of output run through in flat memory, and the end of it arrives', async () => {
  // Sampled where the memory would be held, at the events, and without what only waits to be collected.
  let [largest, deltas, longest] = [0, 0, 0];
  const before = heldBytes();
  await using terminals = startTerminals({
    onEvent: (msg) => {
      if (msg.type !== 'exec_command_output_delta') return;
      deltas += 1;
      longest = Math.max(longest, Buffer.byteLength(msg.chunk, 'base64'));
      if (deltas % 1_000 === 0) largest = Math.max(largest, heldBytes() - before);
    },
  });
  const started = await terminals.exec({ cmd: 'yes 0123456 | head -c 200000000; echo; echo the end' });
  const ended = Number.isNaN(started.exitCode)
    ? await terminals.write({ session_id: started.session })
    : started;
  expect(ended.exitCode).toBe(0);
  expect(ended.output).toMatch(/the end\n$/);
  expect(deltas).toBeLessThanOrEqual(10_000);
  expect(longest).toBeLessThanOrEqual(MAX_PIECE_BYTES);
  expect(Math.max(largest, heldBytes() - before)).toBeLessThan(100_000_000);
  const [end] = terminals.ends();
  expect(end?.aggregated_output.length).toBeLessThan(OUTPUT_LIMIT_BYTES + 100);
}, 60_000);

test('a command has at most 10,000 events of output, and all of its output', async () => {
  const events: EventMsg[] = [];
  const session = createSession(
    {
      processId: 1000,
      callId: 'call',
      turnId: turnId('turn'),
      argv: [],
      cwd: '/',
      tty: false,
      source: 'agent',
    },
    { context: { emit: (msg) => void events.push(msg) }, clock: systemClock },
  );
  const { promise: exited, resolve } = Promise.withResolvers<{ exitCode: number }>();
  const start = (onOutput: OutputListener): Promise<Started> => {
    for (let index = 0; index < 10_500; index += 1) onOutput('stdout', Buffer.from('x'));
    resolve({ exitCode: 0 });
    return Promise.resolve({
      kind: 'started',
      process: { exited, write: undefined, interrupt: () => undefined, end: () => Promise.resolve() },
    });
  };
  await session.run(start);
  session.tellEnd();
  await exited;
  await Promise.resolve();
  expect(events.filter(({ type }) => type === 'exec_command_output_delta')).toHaveLength(10_000);
  expect(events.at(-1)).toMatchObject({ type: 'exec_command_end', aggregated_output: 'x'.repeat(10_500) });
});

test('output that something holds open after the command ended is not waited for', async () => {
  await using terminals = startTerminals();
  const { exitCode, output } = await terminals.exec({
    cmd: 'echo told; sleep 300 & setsid sleep 2 &',
    yield_time_ms: 30_000,
  });
  expect(exitCode).toBe(0);
  expect(output).toBe('told\n');
});

test('the last output of a command is there, however busy this process is', async () => {
  await using terminals = startTerminals();
  const running = terminals.exec({ cmd: 'head -c 60000 /dev/zero | tr "\\0" x; echo; echo last' });
  await terminals.until(() => terminals.deltas.length > 0);
  const until = systemClock.elapsed() + 300;
  while (systemClock.elapsed() < until);
  expect((await running).output).toMatch(/last\n$/);
});
