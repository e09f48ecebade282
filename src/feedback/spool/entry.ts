import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { files } from '../../host/files.ts';
import { replaceFile } from '../../host/replace-file.ts';
import type { RateLimits } from '../../telemetry/sentry/rate-limits.ts';
import type { SentryReport } from '../../telemetry/sentry/report.ts';
import type { UploadProgress } from '../../telemetry/sentry/client.ts';
import { NO_PROGRESS, readProgress, readRecord, restored } from './record.ts';
import type { SpoolProgress, SpoolRecord } from './record.ts';

export const RECORD_FILE = 'report.json';
export const PROGRESS_FILE = 'progress.json';
export const FILES_FOLDER = 'files';

/** A report on disk. */
export interface SpoolEntry {
  readonly eventId: string;
  readonly destination: string;
  readonly spooledAtMs: number;
  /** Of its files. */
  readonly bytes: number;
  readonly report: SentryReport;
  readonly progress: UploadProgress;
  /** What the server did not want when it was last asked. */
  limits(): RateLimits;
  noteLimits(limits: RateLimits): Promise<void>;
  remove(): Promise<void>;
}

/** Reads an entry; undefined when it is none. A damaged note of its progress only means that parts are sent again. */
export function readEntry(folder: string, eventId: string): SpoolEntry | undefined {
  const path = join(folder, eventId);
  const look = files.look(path);
  if (look.kind !== 'found' || look.type !== 'directory' || look.isLink) return undefined;
  const record = textOf(join(path, RECORD_FILE), readRecord);
  if (!record || record.report.eventId !== eventId) return undefined;
  return entryOf(path, record, textOf(join(path, PROGRESS_FILE), readProgress) ?? NO_PROGRESS);
}

function textOf<Value>(path: string, read: (text: string) => Value | undefined): Value | undefined {
  const text = files.readText(path);
  return text.kind === 'read' && !text.truncated ? read(text.text) : undefined;
}

function entryOf(path: string, record: SpoolRecord, noted: SpoolProgress): SpoolEntry {
  let progress = noted;
  const note = async (change: Partial<SpoolProgress>): Promise<void> => {
    progress = { ...progress, ...change };
    // A note that cannot be written costs a second sending under the same id, which the server recognises.
    await replaceFile(join(path, PROGRESS_FILE), JSON.stringify(progress)).catch(() => undefined);
  };
  return {
    eventId: record.report.eventId,
    destination: record.destination,
    spooledAtMs: record.spooledAtMs,
    bytes: record.report.attachments.reduce((total, { bytes }) => total + bytes, 0),
    report: restored(record, (position) => join(path, FILES_FOLDER, String(position))),
    progress: {
      isSettled: (part) => progress.settled.includes(part),
      settle: (part, lost) =>
        note({
          settled: [...progress.settled, part],
          ...(lost && { lost: [...progress.lost, lost] }),
        }),
      lost: () => progress.lost,
    },
    limits: () => new Map(Object.entries(progress.limits)),
    noteLimits: (limits) => note({ limits: Object.fromEntries(limits) }),
    remove: () => rm(path, { recursive: true, force: true }).catch(() => undefined),
  };
}
