import { expect, it } from 'vitest';
import { ModelError } from './error.ts';
import { startPrewarm } from './prewarm.ts';
import type { PrewarmOptions } from './prewarm.ts';

const LONG_MS = 60_000;

/** What comes of a preparation whose connection fails so, long before its own bound. */
function outcomeOf(error: Error): Promise<string> {
  // oxlint-disable-next-line require-yield -- it fails before there is anything to give
  async function* stream(): AsyncGenerator<never> {
    throw error;
  }
  return startPrewarm(
    {} as Parameters<typeof startPrewarm>[0],
    {
      websocket: { stream },
      context: {},
      timeoutMs: LONG_MS,
      signal: new AbortController().signal,
      onHttpRequired: () => undefined,
    } as unknown as PrewarmOptions,
  ).outcome;
}

it('an upgrade that ran out of time first is the same bound', async () => {
  const message = 'no answer';
  expect(await outcomeOf(new ModelError({ kind: 'timeout', message }, message))).toBe('timed_out');
  expect(await outcomeOf(new ModelError({ kind: 'stream', message }, message))).toBe('failed');
});
