import { expect, test } from 'vitest';
import { unlessAborted } from './unless-aborted.ts';

const reason = new Error('enough');

test('work that ends first gives its value, or its error', async () => {
  const { signal } = new AbortController();
  await expect(unlessAborted(Promise.resolve(1), signal)).resolves.toBe(1);
  await expect(unlessAborted(Promise.reject(new Error('broken')), signal)).rejects.toThrow('broken');
});

test('an abort ends the waiting at once, with its reason', async () => {
  const stop = new AbortController();
  const waiting = unlessAborted(new Promise<never>(() => undefined), stop.signal);
  stop.abort(reason);
  await expect(waiting).rejects.toBe(reason);
});

// vitest fails on a rejection that nobody handles.
test('what comes of abandoned work is nobody’s concern', async () => {
  await expect(unlessAborted(Promise.reject(new Error('late')), AbortSignal.abort(reason))).rejects.toBe(
    reason,
  );
  await new Promise((resolve) => {
    setImmediate(resolve);
  });
});
