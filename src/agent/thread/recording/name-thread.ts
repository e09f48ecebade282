import type { Clock } from '../../../host/clock.ts';
import { appendThreadName } from '../../../store/rollouts/session-index.ts';
import type { StateStore } from '../../../store/state/store.ts';

/**
 * Gives a thread its name: in the file of names, which all agents read, and in the index where the thread has a row.
 * A fork is given the name of the thread that it comes from, as the real agent does.
 * @throws when the file of names cannot be written
 */
export async function nameThread({
  home,
  threadId,
  name,
  clock,
  state,
}: {
  readonly home: string;
  readonly threadId: string;
  readonly name: string;
  readonly clock: Clock;
  readonly state?: StateStore | undefined;
}): Promise<void> {
  await appendThreadName({ home, threadId, name, nowMs: clock.now() });
  state?.setThreadName(threadId, name);
}
