import { join } from 'node:path';

/**
 * Where the rollout of a new thread lies: `sessions/YYYY/MM/DD/rollout-<date>T<time>-<thread id>.jsonl`. Date and time are
 * local, as the agent writes them (spec/observability.md 1).
 */
export function rolloutPath({
  home,
  threadId,
  createdAtMs,
}: {
  readonly home: string;
  readonly threadId: string;
  readonly createdAtMs: number;
}): string {
  const at = new Date(createdAtMs);
  const [year, month, day] = [
    String(at.getFullYear()),
    twoDigits(at.getMonth() + 1),
    twoDigits(at.getDate()),
  ];
  const time = [at.getHours(), at.getMinutes(), at.getSeconds()].map(twoDigits).join('-');
  return join(
    home,
    'sessions',
    year,
    month,
    day,
    `rollout-${year}-${month}-${day}T${time}-${threadId}.jsonl`,
  );
}

const twoDigits = (value: number): string => String(value).padStart(2, '0');
