import type { ChildProcess } from 'node:child_process';
import { firstLine } from '../host/first-line.ts';

/** What a plugin printed: nobody asked for it, so it is counted, and its beginning kept as a hint. */
export interface PrintedOutput {
  readonly bytes: number;
  readonly firstLine: string;
  /** The beginning of standard error, where Node says what it died of. */
  readonly errorText: string;
}

export const NOTHING_PRINTED: PrintedOutput = { bytes: 0, firstLine: '', errorText: '' };

/** Enough for the words that Node dies with. */
const KEPT_BYTES = 8 * 1024;

/**
 * Reads what a process prints, so that it never waits for a reader.
 * @param onBytes told how many bytes came in all
 */
export function collectOutput(child: ChildProcess, onBytes: (total: number) => void): () => PrintedOutput {
  const kept = { stdout: Buffer.alloc(0), stderr: Buffer.alloc(0) };
  let bytes = 0;
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (kept[name].length < KEPT_BYTES)
        kept[name] = Buffer.concat([kept[name], chunk.subarray(0, KEPT_BYTES - kept[name].length)]);
      onBytes(bytes);
    });
    // A pipe that breaks is no news: how the process ended is.
    child[name]?.on('error', () => undefined);
  }
  return () => {
    const [output, errors] = [kept.stdout.toString('utf8'), kept.stderr.toString('utf8')];
    return { bytes, firstLine: firstLine(output) || firstLine(errors), errorText: errors };
  };
}
