import { expect, test } from 'vitest';
import {
  inferenceEnded,
  inferenceStarted,
  threadStarted,
  turnEnded,
  turnStarted,
  wholeTurn,
} from '../../../fixtures/agent-facts.ts';
import { toldFacts } from '../../../fixtures/otel-observer.ts';

const REQUEST = {
  instructions: 'Be brief.',
  previous_response_id: 'resp_0',
  input: [
    { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Weather?' }] },
    { type: 'function_call', call_id: 'c1', name: 'weather', arguments: '{"at":"Rome"}' },
    { type: 'function_call_output', call_id: 'c1', output: 'rain' },
  ],
};
const ANSWER = [
  { type: 'reasoning', summary: [{ type: 'summary_text', text: 'It rains.' }] },
  { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'Rain.' }] },
];

test('content stands on spans only where it is asked for, in the form of the conventions', async () => {
  const facts = [
    threadStarted(),
    turnStarted(),
    inferenceStarted('one', { request: () => REQUEST }),
    inferenceEnded('one', { items: ANSWER }),
    ...wholeTurn().filter((fact) => fact.type === 'tool_started' || fact.type === 'tool_ended'),
    turnEnded(),
  ];
  const without = await toldFacts(facts);
  expect(JSON.stringify(without.spans().map((span) => span.attributes))).not.toMatch(
    /Weather|Rain|echo|Brief/i,
  );
  const { span } = await toldFacts(facts, { settings: { capturesContent: true } });
  const { attributes } = span('chat gpt-5');
  expect(JSON.parse(String(attributes['gen_ai.input.messages']))).toEqual([
    { role: 'user', parts: [{ type: 'text', content: 'Weather?' }] },
    {
      role: 'assistant',
      parts: [{ type: 'tool_call', id: 'c1', name: 'weather', arguments: '{"at":"Rome"}' }],
    },
    { role: 'tool', parts: [{ type: 'tool_call_response', id: 'c1', response: 'rain' }] },
  ]);
  expect(JSON.parse(String(attributes['gen_ai.output.messages']))).toEqual([
    { role: 'assistant', parts: [{ type: 'reasoning', content: 'It rains.' }] },
    { role: 'assistant', parts: [{ type: 'text', content: 'Rain.' }] },
  ]);
  expect(JSON.parse(String(attributes['gen_ai.system_instructions']))).toEqual([
    { type: 'text', content: 'Be brief.' },
  ]);
  expect(attributes['gen_ai.request.previous_response.id']).toBe('resp_0');
  expect(span('execute_tool exec_command').attributes).toMatchObject({
    'gen_ai.tool.call.arguments': '{"cmd":"echo hi"}',
    'gen_ai.tool.call.result': 'Output:\nhi\n',
  });
});
