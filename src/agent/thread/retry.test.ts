import { describe, expect, it } from 'vitest';
import { ModelError } from '../model/error.ts';
import type { ModelFailure } from '../model/error.ts';
import type { EventMsg } from '../protocol/event.ts';
import { withRetries } from './retry.ts';

const failing = (failure: ModelFailure): ModelError => new ModelError(failure, failure.kind);
const stream: ModelFailure = { kind: 'stream', message: 'gone' };

const run = async (
  failures: readonly unknown[],
  { maxRetries = 2, transport = 'http' }: { maxRetries?: number; transport?: 'http' | 'websocket' } = {},
) => {
  const emitted: EventMsg[] = [];
  const waits: number[] = [];
  const left = [...failures];
  let tries = 0;
  let current = transport;
  const result = withRetries(
    async () => {
      tries += 1;
      if (left.length > 0) throw left.shift();
      return 'answer';
    },
    {
      maxRetries,
      client: {
        get transport() {
          return current;
        },
        fallBackToHttp: () => {
          const was = current;
          current = 'http';
          return was === 'websocket';
        },
      },
      emit: (msg) => void emitted.push(msg),
      wait: async (ms) => void waits.push(ms),
      random: () => 0.5,
      signal: new AbortController().signal,
      onRetry: () => undefined,
    },
  ).catch((error: unknown) => error);
  return { result: await result, emitted, waits, tries: () => tries };
};

describe('retries', () => {
  it('waits twice as long each time', async () => {
    const { waits, result } = await run([failing(stream), failing({ kind: 'timeout', message: '' })]);
    expect(result).toBe('answer');
    expect(waits).toEqual([200, 400]);
  });

  it('takes the delay that the server asked for, to the letter', async () => {
    const { waits } = await run([failing({ ...stream, delayMs: 11_054 })]);
    expect(waits).toEqual([11_054]);
  });

  it('does not retry what would fail again', async () => {
    const { result, tries } = await run([failing({ kind: 'quota_exceeded' })]);
    expect(result).toBeInstanceOf(ModelError);
    expect(tries()).toBe(1);
  });

  it('says nothing of the first retry on a WebSocket', async () => {
    const { emitted } = await run([failing(stream), failing(stream)], { transport: 'websocket' });
    expect(emitted.map((msg) => 'message' in msg && msg.message)).toEqual(['Reconnecting… 2/2']);
  });

  it('gives WebSockets up when the budget is spent, and begins a new one', async () => {
    const { emitted, tries, result } = await run(
      Array.from({ length: 7 }, () => failing(stream)),
      {
        transport: 'websocket',
      },
    );
    // Trap 25: 3 over WebSocket, 3 over HTTP.
    expect(tries()).toBe(6);
    expect(result).toBeInstanceOf(ModelError);
    expect(emitted.filter(({ type }) => type === 'warning')).toHaveLength(1);
  });
});
