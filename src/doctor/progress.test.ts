import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { sampleCheck } from '../../fixtures/checks.ts';
import { createProgress } from './progress.ts';
import type { CheckResult } from './report.ts';

const check = sampleCheck('state.integrity');
const other = sampleCheck('git.environment');
const finished = ({ id }: { id: string }) => ({ id }) as CheckResult;

let elapsedMs: number;
let lines: string[];

beforeEach(() => {
  vi.useFakeTimers();
  elapsedMs = 0;
  lines = [];
});
afterEach(() => vi.useRealTimers());

/** The line as it stands on the terminal: what was written behind the last erasure. */
const line = () => lines.join('').split('\r\u001B[2K').at(-1);

function progressOf(columns = 80) {
  return createProgress({
    write: (text) => lines.push(text),
    columns,
    clock: { now: () => 0, elapsed: () => elapsedMs },
  });
}

function passTime(milliseconds: number): void {
  elapsedMs += milliseconds;
  vi.advanceTimersByTime(milliseconds);
}

test('names the check that runs, and after two seconds how long and what for', () => {
  const progress = progressOf();
  progress.onStart?.(check);
  expect(line()).toBe('Checking state.integrity...');
  progress.onWaiting?.(check, 'the log DB');
  passTime(1_000);
  expect(line()).toBe('Checking state.integrity..., waiting for the log DB');
  passTime(2_000);
  expect(line()).toBe('Still checking state.integrity... 3 s, waiting for the log DB');
});

test('shows the one that runs longest, then the next', () => {
  const progress = progressOf();
  progress.onStart?.(check);
  progress.onStart?.(other);
  expect(line()).toContain('state.integrity');
  progress.onFinish?.(finished(check), []);
  passTime(1_000);
  expect(line()).toContain('git.environment');
});

test('never wraps, and leaves an empty line behind', () => {
  const progress = progressOf(30);
  progress.onStart?.(check);
  progress.onWaiting?.(check, 'something with a very long description indeed');
  expect(line()?.length).toBeLessThan(30);
  progress.end();
  passTime(5_000);
  expect(line()).toBe('');
});
