import { readdirSync, readFileSync } from 'node:fs';
import { processes } from '../../host/processes.ts';

/** Handed to every server that we start, and so to whatever it starts in turn. */
export const MARK_VARIABLE = 'STETHOS_PROBE';

/** A program that starts others as fast as it is killed is not waited for. */
const MAX_ROUNDS = 5;

/**
 * Ends processes that left the server's group and outlived their parents: they are known by the mark in their
 * environment. Linux only; elsewhere no other process's environment can be read.
 * @param sinceTicks when the server started; only what is younger is looked at
 */
export function killStrays(mark: string, sinceTicks: number | undefined): void {
  if (process.platform !== 'linux' || sinceTicks === undefined) return;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const strays = findMarked(mark, sinceTicks);
    if (strays.length === 0) return;
    for (const pid of strays) kill(pid);
  }
}

function findMarked(mark: string, sinceTicks: number): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .map(Number)
    .filter((pid) => {
      const { state, startTicks = 0 } = processes.inspect(pid);
      return state === 'alive' && startTicks >= sinceTicks && environmentOf(pid).includes(mark);
    });
}

/** Empty for a process of somebody else, and for one that is gone. */
function environmentOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1');
  } catch {
    return '';
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It is gone already.
  }
}
