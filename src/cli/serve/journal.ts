import { isPassing } from './answers.ts';
import type { RunOutcome } from './runs.ts';

/** Rows that one line has room for. */
const MAX_NAMED = 5;

/** One line wherever what is said of the agent changes, and none where it stays as it was. */
export function createJournal(write: (line: string) => void): (outcome: RunOutcome) => void {
  let said: string | undefined;
  return (outcome) => {
    const line = lineOf(outcome);
    if (line !== said) write(line);
    said = line;
  };
}

function lineOf(outcome: RunOutcome): string {
  if (outcome.kind === 'none') return `no report: ${outcome.reason}`;
  const { report } = outcome;
  const bad = Object.values(report.checks)
    .filter(({ status }) => !['ok', 'idle', 'skipped'].includes(status))
    .map(({ id, status }) => `${id} ${status}`);
  const more = bad.length > MAX_NAMED ? [`and ${bad.length - MAX_NAMED} more`] : [];
  const named = [...bad.slice(0, MAX_NAMED), ...more].join(', ');
  const state = `${isPassing(report) ? 'ready' : 'not ready'}: ${report.overallStatus}`;
  return named === '' ? state : `${state} (${named})`;
}
