import { expect, test } from 'vitest';
import type { EventMsg } from '../../protocol/event.ts';
import { createPatchPreview } from './preview.ts';

test('tells what can be read so far, at most every 500 ms, and nothing twice', () => {
  let now = 0;
  const events: EventMsg[] = [];
  const preview = createPatchPreview({
    callId: 'call',
    cwd: '/work',
    clock: { elapsed: () => now },
    emit: (msg) => {
      events.push(msg);
    },
  });
  const at = (time: number, delta: string): void => {
    now = time;
    preview.push(delta);
  };
  at(0, '*** Begin Patch\n*** Add');
  at(10, ' File: a\n+on');
  at(20, 'e\n');
  at(509, '+two\n');
  at(510, '*** Update File: b\n*** Move to: c\n@@ f\n-x\n+y\n');
  at(1500, '*** ');
  at(1501, 'Delete File: /d\n');
  const a = { path: '/work/a', kind: 'add' };
  expect(events).toEqual([
    { type: 'patch_apply_updated', call_id: 'call', changes: [{ ...a, diff: '' }] },
    {
      type: 'patch_apply_updated',
      call_id: 'call',
      changes: [
        { ...a, diff: 'one\ntwo\n' },
        { path: '/work/b', kind: 'update', movedTo: '/work/c', diff: '@@ f\n-x\n+y\n' },
      ],
    },
    {
      type: 'patch_apply_updated',
      call_id: 'call',
      changes: [
        { ...a, diff: 'one\ntwo\n' },
        { path: '/work/b', kind: 'update', movedTo: '/work/c', diff: '@@ f\n-x\n+y\n' },
        { path: '/d', kind: 'delete', diff: '' },
      ],
    },
  ]);
});
