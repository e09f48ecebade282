import { expect, it } from 'vitest';
import { threadFixture } from '../../../fixtures/thread.ts';
import { createThreadManager } from './manager.ts';
import type { BegunThread } from './manager.ts';

it('hands out no thread that was still starting when everything was closed, and leaves none behind', async () => {
  const fixture = threadFixture();
  const { promise, resolve } = Promise.withResolvers<BegunThread>();
  const threads = createThreadManager<undefined>({
    home: '/nowhere',
    ids: { timeOrdered: () => 'id', random: () => 'id' },
    meta: () => ({
      timestamp: '',
      cwd: '/',
      originator: '',
      cli_version: '',
      source: 'exec',
      model_provider: 'scripted',
    }),
    begin: () => promise,
  });
  const starting = threads.start(undefined);
  const closed = threads.close();
  resolve({ thread: fixture.thread, ready: Promise.resolve() });
  await expect(starting).rejects.toThrow('closed');
  await closed;
  await fixture.until('shutdown_complete');
  await expect(threads.start(undefined)).rejects.toThrow('closed');
});
