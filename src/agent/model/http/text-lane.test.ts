import { createParser } from 'eventsource-parser';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createTextLane } from './text-lane.ts';

const TYPE = 'response.output_text.delta';
/** Stands for the beginning of a character that has no end. */
const BROKEN = '~';
const deltaOf = (data: string): unknown => {
  try {
    const event = JSON.parse(data) as { readonly type?: unknown; readonly delta?: unknown } | null;
    return event?.type === TYPE ? event.delta : data;
  } catch {
    return data;
  }
};

/** What a parser makes of chunks: the texts of deltas, and the data of all other events. */
function parsed(): { readonly feed: (bytes: Buffer) => void; readonly seen: unknown[] } {
  const seen: unknown[] = [];
  const parser = createParser({ onEvent: ({ data }) => seen.push(deltaOf(data)) });
  const decoder = new TextDecoder();
  return { seen, feed: (bytes) => parser.feed(decoder.decode(bytes, { stream: true })) };
}

function viaLane(chunks: readonly Buffer[]): { readonly seen: unknown[]; readonly taken: number } {
  const { seen, feed } = parsed();
  let taken = 0;
  const read = createTextLane({
    onText: (delta) => {
      taken += 1;
      seen.push(delta);
    },
    onRest: feed,
  });
  for (const chunk of chunks) read(chunk);
  return { seen, taken };
}

function viaParser(chunks: readonly Buffer[]): unknown[] {
  const { seen, feed } = parsed();
  for (const chunk of chunks) feed(chunk);
  return seen;
}

const event = (delta: string, name = `event: ${TYPE}\n`): string =>
  `${name}data: ${JSON.stringify({ type: TYPE, item_id: 'i', delta, logprobs: [] })}\n\n`;

test.each([
  ['words', event('a') + event('b') + event('c'), 2],
  ['escapes and other characters', event('a') + event('"\n🦊é') + event('\u2028'), 2],
  ['events without a name', event('a', '') + event('b', ''), 1],
  ['another event between', `${event('a')}data: {"type":"other"}\n\n${event('b')}`, 1],
])('whole events behind a blank line are taken: %s', (_name, text, taken) => {
  const chunks = [Buffer.from(text)];
  expect(viaLane(chunks)).toEqual({ seen: viaParser(chunks), taken });
});

test.each([
  ['the first of a stream, which may have a byte order mark', `\uFEFF${event('a')}`],
  ['more data before', `\n\ndata: "x\n${event('a', '')}`],
  ['more data behind', `\n\n${event('a').slice(0, -1)}data: x\n\n`],
  ['a line end inside', `\n\ndata: {"type":"${TYPE}",\ndata: "delta":"a"}\n\n`],
  ['other line ends', `\n\n${event('a').replaceAll('\n', '\r\n')}`],
  ['a carriage return inside', `\n\ndata: {"type":"${TYPE}","i":1,"delta":"a\rb"}\n\n`],
  ['the end is missing', `\n\n${event('a').slice(0, -1)}`],
])('what is in doubt is left to the parser: %s', (_name, text) => {
  const chunks = [Buffer.from(text)];
  expect(viaLane(chunks)).toEqual({ seen: viaParser(chunks), taken: 0 });
});

test('whatever the bytes and their chunks, the parser alone would have seen the same', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom(BROKEN, '', '"', '\\', '{}', ',"delta":"'),
  );
  const delta = fc.record({ type: fc.constant(TYPE), item_id: text, delta: text, obfuscation: text });
  const data = fc.oneof(
    { weight: 6, arbitrary: delta.map((value) => JSON.stringify(value)) },
    fc.record({ delta: text, type: fc.constant(TYPE) }).map((value) => JSON.stringify(value)),
    fc.jsonValue().map((value) => JSON.stringify({ type: TYPE, value, delta: 'x' }, undefined, 1)),
    fc.json(),
  );
  const lineEnd = fc.constantFrom('\n', '\n', '\n', '\n', '\r\n', '\r');
  const line = fc.oneof(
    {
      weight: 8,
      arbitrary: fc.tuple(fc.constantFrom(`event: ${TYPE}\n`, '', 'e\n', 'id: 1\n', ': comment\n'), data).map(
        ([before, value]) =>
          `${before}${value
            .split('\n')
            .map((part) => `data: ${part}`)
            .join('\n')}\n\n`,
      ),
    },
    lineEnd,
    fc.constantFrom('data: x', 'data:{', 'event', '\uFEFF'),
  );
  const stream = fc.tuple(fc.array(line, { minLength: 1, maxLength: 12 }), lineEnd).map(([lines, end]) =>
    // Half of the streams are as providers write them.
    Buffer.from(end === '\n' ? lines.join('') : lines.join('').replaceAll('\n', end)),
  );
  const streamOfBytes = stream.map((bytes) => bytes.map((byte) => (byte === 0x7e ? 0xe2 : byte)) as Buffer);
  const cuts = fc.array(fc.nat(400), { maxLength: 6 });
  let taken = 0;
  const holds = fc.check(
    fc.property(streamOfBytes, cuts, (bytes, at) => {
      const edges = [0, ...at.filter((cut) => cut < bytes.length).toSorted((a, b) => a - b), bytes.length];
      const chunks = edges.slice(1).map((edge, index) => bytes.subarray(edges[index], edge));
      const lane = viaLane(chunks);
      taken += lane.taken;
      expect(lane.seen).toEqual(viaParser(chunks));
    }),
    { numRuns: 1_000 },
  );
  expect(holds.counterexample).toBe(null);
  expect(taken).toBeGreaterThan(100);
});
