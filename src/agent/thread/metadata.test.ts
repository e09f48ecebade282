import { expect, it } from 'vitest';
import { call, threadFixture, tool } from '../../../fixtures/thread.ts';
import type { JsonObject } from '../../host/json.ts';

const WORKSPACES: JsonObject = { '/work': { latest_git_commit_hash: 'ab', has_changes: false } };

it('tells of workspaces as soon as they are known, and never waits for them', async () => {
  const looked = Promise.withResolvers<JsonObject>();
  const fixture = threadFixture({
    responses: [{ output: [call('c1', 'look')] }, { output: ['done'] }],
    world: { lookAtWorkspaces: () => looked.promise },
    tools: [
      tool('look', async (_call, context) => {
        looked.resolve(WORKSPACES);
        await looked.promise;
        await new Promise((resolve) => void setImmediate(resolve));
        expect(context.turnMetadata()).toMatchObject({ workspaces: WORKSPACES });
        return { content: 'seen', success: true };
      }),
    ],
  });
  await fixture.say('go');
  const [first, second] = fixture.model.requests.map(({ turnMetadata }) => turnMetadata);
  expect(first).not.toHaveProperty('workspaces');
  expect(second).toMatchObject({ workspaces: WORKSPACES });
});

it('names what holds commands, before the first turn as well', async () => {
  const warmed: unknown[] = [];
  const fixture = threadFixture({
    responses: [{ output: ['one'] }, { output: ['two'] }],
    world: { sandboxName: ({ type }) => `held by ${type}` },
    scripted: {
      prewarm: async ({ turnMetadata }) => {
        warmed.push(turnMetadata);
        return 'ready';
      },
    },
  });
  await fixture.say('go');
  fixture.thread.submit({ type: 'thread_settings', settings: { sandboxPolicy: { type: 'read-only' } } });
  await fixture.say('more');
  expect(warmed).toMatchObject([{ sandbox: 'held by danger-full-access' }]);
  expect(fixture.model.requests.map(({ turnMetadata }) => turnMetadata?.['sandbox'])).toEqual([
    'held by danger-full-access',
    'held by read-only',
  ]);
});
