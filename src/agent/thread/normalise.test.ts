import { describe, expect, it } from 'vitest';
import { call, shown } from '../../../fixtures/thread.ts';
import type { ResponseItem } from '../protocol/item.ts';
import { normalise, withoutLastImages } from './normalise.ts';

const user = (text: string): ResponseItem => ({
  type: 'message',
  role: 'user',
  content: [{ type: 'input_text', text }],
});
const answer = (callId: string, output: string): ResponseItem => ({
  type: 'function_call_output',
  call_id: callId,
  output,
});
const image: ResponseItem = {
  type: 'function_call_output',
  call_id: 'c1',
  output: [{ type: 'input_image', image_url: 'data:image/png;base64,AAAA' }],
};
describe('what goes into a request', () => {
  const sees = { supportsImageInput: true };

  it('has an output for every call, right behind it, and no output without one', () => {
    const items = [user('a'), call('c1', 'x'), call('c2', 'y'), answer('c2', 'ok'), answer('lost', '?')];
    expect(shown(normalise(items, sees))).toEqual([
      'user: a',
      'function_call c1',
      'c1 -> aborted',
      'function_call c2',
      'c2 -> ok',
    ]);
  });

  it('stays a prefix of itself when more is said', () => {
    const items = [user('a'), call('c1', 'x'), user('b')];
    const before = normalise(items, sees);
    expect(normalise([...items, call('c2', 'y')], sees).slice(0, before.length)).toEqual(before);
  });

  it('keeps both outputs of one call, and what the provider searched by itself', () => {
    const search: ResponseItem = {
      type: 'tool_search_output',
      status: 'completed',
      execution: 'server',
      tools: [],
    };
    const items = [call('c1', 'x'), answer('c1', 'one'), answer('c1', 'two'), search];
    expect(normalise(items, sees)).toEqual(items);
  });

  it('has words in place of images for a model that cannot see', () => {
    const [, output] = normalise([call('c1', 'view'), image], { supportsImageInput: false });
    expect(JSON.stringify(output)).not.toContain('input_image');
    expect(normalise([call('c1', 'view'), image], sees)[1]).toBe(image);
  });

  it('loses the images of the last outputs, where there are any', () => {
    const items = [call('c1', 'view'), image];
    expect(JSON.stringify(withoutLastImages(items, 'gone'))).toContain('gone');
    expect(withoutLastImages([...items, user('and?')], 'gone')).toBeUndefined();
  });
});
