import { expect, test } from 'vitest';
import { threadId } from '../../../fixtures/rollouts.ts';
import { parseRolloutName } from './name.ts';
import { rolloutPath } from './path.ts';

test('a rollout lies in the folder of its local day, under a name that tells its thread', () => {
  const createdAtMs = new Date(2026, 0, 2, 3, 4, 5, 678).getTime();
  const path = rolloutPath({ home: '/home', threadId: threadId(7), createdAtMs });
  expect(path).toBe(`/home/sessions/2026/01/02/rollout-2026-01-02T03-04-05-${threadId(7)}.jsonl`);
  expect(parseRolloutName(path.slice(path.lastIndexOf('/') + 1))).toMatchObject({ threadId: threadId(7) });
});
