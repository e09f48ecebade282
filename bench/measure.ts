import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

export interface Measured {
  readonly medianMs: number;
  /** Largest resident set of the process itself, without its children. */
  readonly peakMiB: number;
}

/** Enough for a median that holds between runs of the benchmark. */
const MANY = { warmUp: 3, rounds: 21 };
/** Often enough to see the peak of a process that lives for 50 ms, seldom enough not to slow it. */
const SAMPLE_EVERY_MS = 2;

/**
 * Medians of interleaved runs, so that a slow second of the machine hits every command alike. Memory is sampled in runs
 * of its own, which are not timed.
 */
export async function measure(
  commands: readonly Command[],
  { warmUp, rounds }: { readonly warmUp: number; readonly rounds: number } = MANY,
): Promise<Measured[]> {
  const times = commands.map((): number[] => []);
  for (let round = -warmUp; round < rounds; round += 1) {
    for (const [index, command] of commands.entries()) {
      const elapsedMs = await run(command);
      if (round >= 0) times[index]?.push(elapsedMs);
    }
  }
  const peaks: number[] = [];
  for (const command of commands) peaks.push(await peakOf(command));
  return times.map((list, index) => ({
    medianMs: list.toSorted((a, b) => a - b)[rounds >> 1] ?? 0,
    peakMiB: peaks[index] ?? 0,
  }));
}

function run(command: Command, onStart?: (pid: number) => void): Promise<number> {
  return new Promise((resolve, reject) => {
    const begun = performance.now();
    const child = spawn(command.file, command.args, { cwd: command.cwd, env: command.env, stdio: 'ignore' });
    if (child.pid !== undefined) onStart?.(child.pid);
    child.on('error', reject);
    child.on('exit', () => resolve(performance.now() - begun));
  });
}

async function peakOf(command: Command): Promise<number> {
  let peakKiB = 0;
  let timer: NodeJS.Timeout | undefined;
  await run(command, (pid) => {
    timer = setInterval(() => {
      peakKiB = Math.max(peakKiB, residentPeakKiB(pid));
    }, SAMPLE_EVERY_MS);
  });
  clearInterval(timer);
  return peakKiB / 1024;
}

/** `VmHWM` is the kernel's own high-water mark, so the last sample before the end is the peak so far. */
function residentPeakKiB(pid: number): number {
  try {
    return Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}
