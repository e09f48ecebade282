import { expect, test } from 'vitest';
import { readMessage } from './message.ts';

const TYPE = 'response.output_text.delta';

test.each(['word', '', 'say "so"\\\n🦊é', '{}'])('a text delta is read as it comes: %j', (delta) => {
  const data = Buffer.from(JSON.stringify({ type: TYPE, item_id: 'é{', delta }));
  // A brace before the text is worth a closer look.
  expect(readMessage(data)).toBe(data);
  const plain = Buffer.from(JSON.stringify({ type: TYPE, item_id: 'é', delta, obfuscation: 'x' }));
  expect(readMessage(plain)).toEqual({ type: 'text_delta', delta });
});

test('anything else stays as it came', () => {
  for (const text of ['', '{', 'null', '{"type":"response.completed"}', `[{"type":"${TYPE}","delta":"x"}]`]) {
    const data = Buffer.from(text);
    expect(readMessage(data)).toBe(data);
  }
});
