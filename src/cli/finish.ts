import { writeSync } from 'node:fs';
import { errorCode } from '../host/files.ts';

const STANDARD_OUTPUT = 1;
const STANDARD_ERROR = 2;
const PIPE_PAUSE_MS = 2;

/** How a process ends. */
export interface Ending {
  readonly exitCode: number;
  /** What is printed, as it is spoken of when it could not be stored: `the report`. */
  readonly what: string;
  /** Where it could not be stored. */
  readonly unwritten: number;
}

/**
 * Writes everything to standard output, then ends the process at once: what never came back must not keep it alive. A
 * reader that went away (EPIPE, as with `| head`) changes nothing about the exit code; what could not be stored does.
 * Written by descriptor, because building the stream behind `process.stdout` takes longer than a small examination.
 */
export function finish(text: string, ending: Ending): never {
  print(text, ending);
  process.exit(ending.exitCode);
}

/**
 * The first half of {@link finish}, for who has something to do in between.
 * @returns false when the reader went away
 */
export function print(text: string, { what, unwritten }: Omit<Ending, 'exitCode'>): boolean {
  const bytes = Buffer.from(text);
  let written = 0;
  while (written < bytes.length) {
    try {
      written += writeSync(STANDARD_OUTPUT, bytes, written);
    } catch (error) {
      const code = errorCode(error);
      if (code === 'EPIPE') return false;
      if (code !== 'EAGAIN') {
        complain(`stethos: ${what} could not be written (${code})\n`);
        process.exit(unwritten);
      }
      // A pipe that somebody made non-blocking is full: give its reader a moment.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PIPE_PAUSE_MS);
    }
  }
  return true;
}

function complain(text: string): void {
  try {
    writeSync(STANDARD_ERROR, text);
  } catch {
    // Then the exit code alone has to say it.
  }
}
