import { expect, it } from 'vitest';
import type { AgentObserver } from '../../telemetry/observer.ts';
import { createListeners } from './listeners.ts';
import type { ListenersOptions, OpenListener } from './listeners.ts';

const silent: AgentObserver = { observe: () => undefined };

function listenersOf(options: Partial<ListenersOptions>): {
  readonly listeners: ReturnType<typeof createListeners>;
  readonly warnings: readonly string[];
} {
  const warnings: string[] = [];
  const place = { onWarning: (message: string) => void warnings.push(message) } as ListenersOptions['place'];
  return { listeners: createListeners({ observer: undefined, makers: [], place, ...options }), warnings };
}

it('opens nobody before somebody asks, and everybody once', async () => {
  let opened = 0;
  const make: OpenListener = async () => {
    opened += 1;
    return { observer: silent };
  };
  const { listeners } = listenersOf({ observer: silent, makers: [make, async () => undefined] });
  await listeners.close();
  expect(opened).toBe(0);
  const later = listenersOf({ observer: silent, makers: [make, async () => undefined] }).listeners;
  expect(await later.all()).toEqual([silent, silent]);
  expect(await later.all()).toHaveLength(2);
  expect(opened).toBe(1);
});

it('goes on without one that cannot be opened, and repeats no words of it', async () => {
  const { listeners, warnings } = listenersOf({
    observer: silent,
    makers: [() => Promise.reject(new TypeError('https://user:secret@collector'))],
  });
  expect(await listeners.all()).toEqual([silent]);
  expect(warnings).toEqual(['Telemetry is left out: TypeError.']);
});

it('flushes and closes all of them, whatever one does', async () => {
  const done: string[] = [];
  const broken: OpenListener = async () => ({
    observer: { ...silent, flush: () => Promise.reject(new Error('no')) },
    close: async () => void done.push('broken closed'),
  });
  const well: OpenListener = async () => ({
    observer: { ...silent, flush: async () => void done.push('flushed') },
    close: async () => void done.push('closed'),
  });
  const { listeners } = listenersOf({ makers: [broken, well] });
  await listeners.all();
  await listeners.close();
  expect(done.toSorted()).toEqual(['broken closed', 'closed', 'flushed']);
});

const hangs: OpenListener = async () => ({
  observer: { ...silent, flush: () => new Promise(() => undefined) },
});

it('waits for nobody longer than it may', async () => {
  const { listeners } = listenersOf({ makers: [hangs], closeLimitMs: 5 });
  await listeners.all();
  await expect(listeners.close()).resolves.toBeUndefined();
});
