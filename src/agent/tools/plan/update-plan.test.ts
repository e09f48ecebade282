import { expect, test } from 'vitest';
import type { EventMsg } from '../../protocol/event.ts';
import type { ToolContext, ToolResult } from '../tool.ts';
import { createUpdatePlanTool } from './update-plan.ts';

const STEP = { step: 'listen', status: 'in_progress' };

function update(
  args: unknown,
  mode: 'default' | 'plan' = 'default',
): { events: EventMsg[]; done: Promise<ToolResult> } {
  const events: EventMsg[] = [];
  const context: Pick<ToolContext, 'emit'> = {
    emit: (msg) => {
      events.push(msg);
    },
  };
  const payload = { kind: 'function', arguments: JSON.stringify(args) } as const;
  const done = createUpdatePlanTool({ mode: () => mode }).handle(
    { callId: 'call', name: 'update_plan', payload },
    context as ToolContext,
  );
  return { events, done };
}

test('tells the plan and acknowledges it', async () => {
  const { events, done } = update({ explanation: 'found more', plan: [STEP] });
  expect(await done).toEqual({ content: 'Plan updated', success: true, value: {} });
  expect(events).toEqual([{ type: 'plan_update', explanation: 'found more', plan: [STEP] }]);
});

test('an explanation is not needed', async () => {
  const { events, done } = update({ plan: [] });
  await done;
  expect(events).toEqual([{ type: 'plan_update', plan: [] }]);
});

test.each([
  ['an unknown field', { plan: [], more: 1 }, /more/],
  ['an unknown field of a step', { plan: [{ ...STEP, more: 1 }] }, /plan\.0: .*more/],
  ['an unknown status', { plan: [{ ...STEP, status: 'done' }] }, /plan\.0\.status/],
  ['no plan', {}, /plan: /],
  ['no object', 'plan', /cannot take/],
])('%s is refused', async (_case, args, message) => {
  const { events, done } = update(args);
  await expect(done).rejects.toThrow(message);
  expect(events).toEqual([]);
});

test('not in Plan mode', async () => {
  const { events, done } = update({ plan: [STEP] }, 'plan');
  await expect(done).rejects.toThrow(/Plan mode/);
  expect(events).toEqual([]);
});
