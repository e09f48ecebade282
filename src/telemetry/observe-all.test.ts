import { expect, it } from 'vitest';
import type { AgentFact } from './facts/fact.ts';
import { observeAll } from './observe-all.ts';

const FACT: AgentFact = { type: 'websocket_fallback', atMs: 1 };
const fails = (): never => {
  throw new Error('broken');
};
const silent = { observe: () => undefined };
const trace = (traceparent: string) => ({ ...silent, traceContext: () => ({ traceparent }) });

it('is nobody where there is nobody', () => expect(observeAll([], fails)).toBeUndefined());

it('tells everybody, also where one of them fails', () => {
  const heard: AgentFact[] = [];
  const errors: unknown[] = [];
  observeAll([{ observe: fails }, { observe: (fact) => heard.push(fact) }], (error) =>
    errors.push(error),
  )?.observe(FACT);
  expect(heard).toEqual([FACT]);
  expect(errors).toEqual([new Error('broken')]);
});

it('carries the context of the first that has one', () => {
  const scope = { threadId: 't' };
  const broken = { ...silent, traceContext: fails };
  const all = observeAll([silent, broken, trace('first'), trace('second')], () => undefined);
  expect(all?.traceContext?.(scope)).toEqual({ traceparent: 'first' });
  expect(observeAll([silent], fails)?.traceContext?.(scope)).toBeUndefined();
});

it('names inferences where one of them wants it', () => {
  expect(observeAll([silent], fails)?.namesInferences).toBe(false);
  expect(observeAll([silent, { ...silent, namesInferences: true }], fails)?.namesInferences).toBe(true);
});

it('waits for all of them to flush, whatever one does', async () => {
  const flushed: string[] = [];
  const errors: unknown[] = [];
  const all = observeAll(
    [
      { ...silent, flush: fails },
      { ...silent, flush: () => Promise.reject(new Error('late')) },
      silent,
      { ...silent, flush: async () => void flushed.push('well') },
    ],
    (error) => errors.push(error),
  );
  await all?.flush?.();
  expect(flushed).toEqual(['well']);
  expect(errors).toEqual([new Error('broken'), new Error('late')]);
});
