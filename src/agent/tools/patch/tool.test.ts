import { expect, test } from 'vitest';
import type { ToolCall, ToolContext } from '../tool.ts';
import { createApplyPatchTool } from './tool.ts';

const context = { cwd: '/work' } as ToolContext;
const tool = createApplyPatchTool({
  form: 'function',
  runner: { run: ({ patch, cwd }) => Promise.resolve({ content: `${cwd}: ${patch}`, success: true }) },
});
const call = (payload: ToolCall['payload']): ToolCall => ({ callId: 'call', name: 'apply_patch', payload });

test('takes free text and a function call alike', async () => {
  expect(await tool.handle(call({ kind: 'custom', input: 'P' }), context)).toMatchObject({
    content: '/work: P',
  });
  const told = call({ kind: 'function', arguments: '{"input":"P"}' });
  expect(await tool.handle(told, context)).toMatchObject({ content: '/work: P' });
});

test.each([
  ['{}', /apply_patch cannot take these arguments: input: /],
  ['{"input":"P","more":1}', /more/],
  ['P', /these are no JSON/],
])('%s is told to be wrong', async (text, message) => {
  await expect(tool.handle(call({ kind: 'function', arguments: text }), context)).rejects.toThrow(message);
});

const spec = (form: 'freeform' | 'function'): string =>
  JSON.stringify(
    createApplyPatchTool({ form, runner: { run: () => Promise.reject(new Error('unused')) } }).spec,
  );

test('DECISIONS 18: what requests say of it stays byte for byte', () => {
  expect(spec('freeform')).toBe(spec('freeform'));
  expect(spec('freeform')).toMatch(/^{"type":"custom","name":"apply_patch".*"syntax":"lark"/);
  expect(JSON.parse(spec('function'))).toMatchObject({
    type: 'function',
    parameters: { required: ['input'] },
  });
});
