import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { sampleSecrets } from '../../fixtures/secrets.ts';
import { Secret } from './secret.ts';
import { createRedactionThread } from './thread.ts';

const [secret = '', other = ''] = sampleSecrets().map((sample) => sample.secret);
const thread = createRedactionThread({
  userDirectory: '/home/ann',
  knownSecrets: [new Secret('correct-horse')],
});
afterAll(() => thread.close());

// oxlint-disable-next-line require-await -- a source is asynchronous
async function* sourceOf(...texts: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Buffer.from(text);
}

async function textOf(output: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of output) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

test('redacts as a stream does, and all streams share their placeholders', async () => {
  const first = thread.redact(sourceOf(`${other} /home/ann/x `, secret), { format: 'text' });
  const second = thread.redact(sourceOf(`{"a":"${secret} correct-horse"}\n`), { format: 'jsonl' });
  const texts = [await textOf(first.output), await textOf(second.output)];
  expect(texts).toEqual(['<openai-key:1> ~/x <openai-key:2>', '{"a":"<openai-key:2> <known-secret:1>"}\n']);
  expect(await second.result).toMatchObject({
    confident: 2,
    sha256: createHash('sha256')
      .update(texts[1] ?? '')
      .digest('hex'),
  });
});

test('the event loop turns while the thread works', async () => {
  const { output } = thread.redact(sourceOf(`password: "${'a b '.repeat(500_000)}"\n`), { format: 'text' });
  const done = textOf(output).then((text) => ({ text }));
  let turns = 0;
  for (let finished = false; !finished; turns += 1)
    finished = await Promise.race([done.then(() => true), setImmediate(false)]);
  expect((await done).text).toBe('password: "<named-value:1>"\n');
  expect(turns).toBeGreaterThan(2);
});

test('an abort ends a stream and leaves the others', async () => {
  const control = new AbortController();
  async function* endless(): AsyncGenerator<Uint8Array> {
    for (;;) {
      yield Buffer.from('and so on\n'.repeat(10_000));
      control.abort(new Error('enough'));
      await setImmediate();
    }
  }
  const { output, result } = thread.redact(endless(), { format: 'text', signal: control.signal });
  await expect(textOf(output)).rejects.toThrow('enough');
  await expect(result).rejects.toThrow('enough');
  expect(await textOf(thread.redact(sourceOf('still here'), { format: 'text' }).output)).toBe('still here');
});

test('a stream whose output is left behind is forgotten', async () => {
  const { output, result } = thread.redact(sourceOf('x\n'.repeat(200_000), 'y'), { format: 'text' });
  for await (const chunk of output) if (chunk.length > 0) break;
  await expect(result).rejects.toThrow('not read to its end');
});

test('a closed thread says so', async () => {
  const closed = createRedactionThread({ userDirectory: '/' });
  const { output } = closed.redact(sourceOf('a'), { format: 'text' });
  const [text] = await Promise.allSettled([textOf(output), closed.close()]);
  expect(text).toMatchObject({ reason: new Error('the redaction thread was closed') });
  await expect(textOf(closed.redact(sourceOf('a'), { format: 'text' }).output)).rejects.toThrow('closed');
});
