import { readdirSync, readFileSync } from 'node:fs';
import { MARK_VARIABLE } from './protocol.ts';

/**
 * Kills what processes of plugins started in sessions of their own, which no signal to theirs reaches: it is known by the
 * mark in the environment that it inherited. Linux only; what changes its environment escapes. Who asks is spared.
 * @returns how many there were
 */
export function killLeftovers(mark: string): number {
  if (process.platform !== 'linux') return 0;
  const marked = `${MARK_VARIABLE}=${mark}`;
  const pids = readdirSync('/proc').filter(
    (name) => /^\d+$/.test(name) && Number(name) !== process.pid && environmentOf(name).includes(marked),
  );
  for (const pid of pids) {
    try {
      process.kill(Number(pid), 'SIGKILL');
    } catch {
      // It is gone already.
    }
  }
  return pids.length;
}

/** Empty where the process is another user's, or a zombie. */
function environmentOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1');
  } catch {
    return '';
  }
}
