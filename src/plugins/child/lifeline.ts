import { writeSync } from 'node:fs';
import { isMainThread, Worker, workerData } from 'node:worker_threads';
import { ownProgram } from '../../host/own-program.ts';
import { killLeftovers } from '../leftovers.ts';
import { ANSWERS, MARK_VARIABLE } from '../protocol.ts';
import type { Told } from '../protocol.ts';

/*
 * A thread beside the plugin's: it ends the process with everything that it started when whoever asked is gone, however
 * that one ended, and when it takes too much memory. The plugin's own thread may be caught in a loop by then.
 */

const PROGRAM = { source: 'lifeline.ts', bundle: 'plugin-lifeline.cjs' };
/** Short enough for memory, which a loop takes at a gigabyte a second. */
const POLL_MS = 100;
/** Beyond what `--max-old-space-size` bounds: buffers and native memory. Many times what Node itself needs. */
const MOST_MEMORY_BYTES = 1024 * 1024 * 1024;

interface Watch {
  readonly isLifelineOf: number;
}

/** @param parent process id of whoever asks */
export function startLifeline(parent: number): void {
  const watch: Watch = { isLifelineOf: parent };
  new Worker(ownProgram(import.meta.url, PROGRAM), { workerData: watch }).unref();
}

const { isLifelineOf: parent } = (workerData ?? {}) as Partial<Watch>;
if (!isMainThread && parent !== undefined)
  setInterval(() => {
    if (process.ppid !== parent) endRun();
    if (process.memoryUsage.rss() > MOST_MEMORY_BYTES) {
      const told: Told = {
        kind: 'failed',
        message: `took more than ${MOST_MEMORY_BYTES / 1024 / 1024} MiB of memory`,
      };
      writeSync(ANSWERS, `${JSON.stringify(told)}\n`);
      end();
    }
  }, POLL_MS);

/** Read before the plugin could change it: by its thread at the start, by the lifeline from a copy. */
const mark = process.env[MARK_VARIABLE];

/** Ends every process of the run, also what its plugins put into other sessions: nobody else is there to do so. */
export function endRun(): void {
  if (mark !== undefined) killLeftovers(mark);
  end();
}

function end(): void {
  // The process leads a group of its own; Windows has none.
  process.kill(process.platform === 'win32' ? process.pid : -process.pid, 'SIGKILL');
}
