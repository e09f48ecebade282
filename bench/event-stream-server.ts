// The other side of bench/transport.ts, in a process of its own so that its work is not counted. Answers every POST with
// the same long stream; `?chunks=large` sends it in large pieces, otherwise each event is a chunk of its own, as providers do.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const deltas = Number(process.argv[2]);
const events = streamOf(deltas);
const EVENTS_PER_LARGE_CHUNK = 500;

const server = createServer((request, response) => {
  request.resume();
  const perWrite = request.url?.includes('chunks=large') ? EVENTS_PER_LARGE_CHUNK : 1;
  response.writeHead(200, { 'content-type': 'text/event-stream', 'x-request-id': 'request-1' });
  let next = 0;
  const write = (): void => {
    while (next < events.length) {
      const piece = events.slice(next, next + perWrite).join('');
      next += perWrite;
      if (!response.write(piece)) return void response.once('drain', write);
    }
    response.end();
  };
  write();
});
server.listen({ host: '127.0.0.1', port: 0 }, () => {
  process.send?.((server.address() as AddressInfo).port);
});

/** As a provider writes a long answer: words, with a line end or a quote among every nine. */
function streamOf(count: number): string[] {
  const item = { type: 'message', id: 'msg_1', role: 'assistant', content: [] };
  const response = { id: 'resp_1', object: 'response', status: 'in_progress', output: [] };
  const usage = { input_tokens: 1, output_tokens: count, total_tokens: count + 1 };
  const body = [
    { type: 'response.created', response },
    { type: 'response.output_item.added', output_index: 0, item },
    ...Array.from({ length: count }, (_, index) => ({
      type: 'response.output_text.delta',
      sequence_number: index,
      item_id: 'msg_68ae0123456789abcdef0123456789abcdef01',
      output_index: 0,
      content_index: 0,
      delta: index % 9 === 0 ? ' said "so"\n' : ` word${index % 97}`,
      logprobs: [],
      obfuscation: 'AbCdEfGhIj'.slice(index % 10),
    })),
    { type: 'response.output_item.done', output_index: 0, item },
    { type: 'response.completed', response: { ...response, status: 'completed', usage } },
  ];
  return body.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
}
