import { readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** What a process holds while nothing happens in it. */
export interface Holdings {
  readonly heapMiB: number;
  /** Buffers, and what objects hold outside the heap. */
  readonly externalMiB: number;
  readonly residentMiB: number;
  readonly descriptors: number;
  /** What keeps the process alive, by kind. */
  readonly resources: Readonly<Record<string, number>>;
}

/** Finalisers and closing handles want some rounds of the loop between collections. */
const COLLECTIONS = 4;
const BETWEEN_MS = 50;
const MEBIBYTE = 1024 ** 2;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

export async function measureHoldings(): Promise<Holdings> {
  for (let round = 0; round < COLLECTIONS; round += 1) {
    collectGarbage();
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await sleep(BETWEEN_MS);
  }
  const { heapUsed, external, arrayBuffers, rss } = process.memoryUsage();
  const resources: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo()) resources[kind] = (resources[kind] ?? 0) + 1;
  return {
    heapMiB: heapUsed / MEBIBYTE,
    externalMiB: (external + arrayBuffers) / MEBIBYTE,
    residentMiB: rss / MEBIBYTE,
    descriptors: readdirSync('/proc/self/fd').length,
    resources,
  };
}

/**
 * Growth from one value to the next: the median of the slopes between all pairs (Theil and Sen). A single measurement at
 * which some buffers still wait for the collector does not count, as it would by least squares.
 */
export function slopeOf(values: readonly number[]): number {
  const slopes = values
    .flatMap((from, start) => values.slice(start + 1).map((to, distance) => (to - from) / (distance + 1)))
    .toSorted((a, b) => a - b);
  const middle = slopes.length >> 1;
  const upper = slopes[middle] ?? Number.NaN;
  return slopes.length % 2 === 1 ? upper : (upper + (slopes[middle - 1] ?? upper)) / 2;
}
