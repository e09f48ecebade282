import type { Clock } from '../host/clock.ts';
import type { Check } from './check.ts';
import type { RunObserver } from './runner.ts';

/** A slow check is named with its waiting time from here on; before that the line only says what is being looked at. */
const SLOW_AFTER_MS = 2_000;
const TICK_MS = 1_000;
const ERASE_LINE = '\r\u001B[2K';

export interface Progress extends RunObserver {
  /** Clears the line; nothing is written afterwards. */
  end(): void;
}

/**
 * One rewritten line on a terminal that says which check runs longest and what it waits for.
 * @param write goes to standard error, never to the stream that carries the report
 */
export function createProgress({
  write,
  columns,
  clock,
}: {
  write: (text: string) => void;
  columns: number;
  clock: Clock;
}): Progress {
  const running = new Map<string, { readonly since: number; waitingFor?: string }>();
  let ended = false;
  const draw = (): void => {
    if (ended) return;
    const oldest = running.entries().next().value;
    if (!oldest) return write(ERASE_LINE);
    const [id, { since, waitingFor }] = oldest;
    const elapsedMs = clock.elapsed() - since;
    const slow = elapsedMs >= SLOW_AFTER_MS ? ` ${Math.floor(elapsedMs / 1_000)} s` : '';
    const line = `${slow ? 'Still checking' : 'Checking'} ${id}...${slow}${waitingFor ? `, waiting for ${waitingFor}` : ''}`;
    write(ERASE_LINE + line.slice(0, Math.max(20, columns - 1)));
  };
  const timer = setInterval(draw, TICK_MS);
  timer.unref();
  return {
    onStart: (check: Check) => {
      running.set(check.id, { since: clock.elapsed() });
      draw();
    },
    onWaiting: (check, what) => {
      const entry = running.get(check.id);
      if (entry) entry.waitingFor = what;
      draw();
    },
    onFinish: (result) => {
      running.delete(result.id);
    },
    end: () => {
      ended = true;
      clearInterval(timer);
      write(ERASE_LINE);
    },
  };
}
