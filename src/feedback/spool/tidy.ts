import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { claimFile } from '../../store/sqlite/claim-file.ts';
import { EVENT_ID } from '../../telemetry/sentry/event-id.ts';
import { DRAFT_PREFIX } from './add.ts';
import { readEntry } from './entry.ts';
import type { SpoolEntry } from './entry.ts';

/** What may wait. Units are counts, bytes and milliseconds. */
export interface SpoolBounds {
  readonly maxReports: number;
  readonly maxBytes: number;
  readonly maxAgeMs: number;
}

const DAY_MS = 24 * 60 * 60 * 1_000;

export const SPOOL_BOUNDS: SpoolBounds = {
  // Nobody writes more while a network is down; a fleet's machine that runs every hour keeps its last day.
  maxReports: 24,
  // Two of the largest reports.
  maxBytes: 400 * 1024 * 1024,
  // Sentry takes no event that is older.
  maxAgeMs: 30 * DAY_MS,
};

/** Where entries that cannot be read are put aside, for somebody to look at. */
export const DAMAGED_FOLDER = 'damaged';
/** What is put aside is kept for curiosity alone. */
const MAX_DAMAGED = 5;

export const claimPath = (folder: string, eventId: string): string => join(folder, `${eventId}.lock`);

/** Everything that waits, oldest first. What cannot be read is put aside, and what a killed process left half made is removed. */
export async function listSpool(
  folder: string,
  nowMs: number,
): Promise<{ readonly entries: readonly SpoolEntry[]; readonly damaged: number }> {
  const names = await readdir(folder).catch(() => []);
  const entries: SpoolEntry[] = [];
  let damaged = 0;
  for (const name of names) {
    if (name.startsWith(DRAFT_PREFIX)) await removeOldDraft(join(folder, name), nowMs);
    if (!EVENT_ID.test(name)) continue;
    const entry = readEntry(folder, name);
    if (entry) entries.push(entry);
    else if (await putAside(folder, name)) damaged += 1;
  }
  return { entries: entries.toSorted((a, b) => a.spooledAtMs - b.spooledAtMs), damaged };
}

async function removeOldDraft(path: string, nowMs: number): Promise<void> {
  const facts = await stat(path).catch(() => undefined);
  // Younger ones may be in the making.
  if (facts && nowMs - facts.mtimeMs > DAY_MS) await rm(path, { recursive: true, force: true });
}

async function putAside(folder: string, name: string): Promise<boolean> {
  // It may be gone, because another process has sent it meanwhile.
  const claim = await claimFile(claimPath(folder, name)).catch(() => undefined);
  if (!claim) return false;
  try {
    const aside = join(folder, DAMAGED_FOLDER);
    await mkdir(aside, { recursive: true, mode: 0o700 });
    await rename(join(folder, name), join(aside, `${name}-${randomBytes(4).toString('hex')}`));
    const older = (await readdir(aside)).slice(MAX_DAMAGED);
    for (const one of older) await rm(join(aside, one), { recursive: true, force: true });
    return true;
  } catch {
    return false;
  } finally {
    claim.release();
  }
}

/**
 * Makes room for one more report of so many bytes: what is too old goes, then the oldest. What another process is sending
 * stays.
 * @returns how many reports were given up
 */
export async function makeRoom(
  folder: string,
  entries: readonly SpoolEntry[],
  { bytes, nowMs, bounds }: { readonly bytes: number; readonly nowMs: number; readonly bounds: SpoolBounds },
): Promise<number> {
  let dropped = 0;
  let count = entries.length + 1;
  let total = entries.reduce((sum, entry) => sum + entry.bytes, bytes);
  for (const entry of entries) {
    const isTooOld = isExpired(entry, nowMs, bounds);
    if (!isTooOld && count <= bounds.maxReports && total <= bounds.maxBytes) continue;
    if (!(await giveUp(folder, entry))) continue;
    dropped += 1;
    count -= 1;
    total -= entry.bytes;
  }
  return dropped;
}

export const isExpired = ({ spooledAtMs }: SpoolEntry, nowMs: number, { maxAgeMs }: SpoolBounds): boolean =>
  nowMs - spooledAtMs > maxAgeMs;

/** Removes an entry, unless another process is sending it. */
export async function giveUp(folder: string, entry: SpoolEntry): Promise<boolean> {
  const claim = await claimFile(claimPath(folder, entry.eventId)).catch(() => undefined);
  if (!claim) return false;
  await entry.remove();
  claim.release();
  return true;
}
