import { mkdir, mkdtemp, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '../../host/files.ts';
import { flushFolder } from '../../host/flush-folder.ts';
import { makeFolder } from '../../host/make-folder.ts';
import type { ReportPart } from '../../telemetry/sentry/client.ts';
import type { SentryLimits } from '../../telemetry/sentry/limits.ts';
import { unsendable } from '../../telemetry/sentry/plan.ts';
import type { LostPart, SentryReport } from '../../telemetry/sentry/report.ts';
import { changeOf, checkedPieces } from '../../telemetry/sentry/seal.ts';
import { FILES_FOLDER, PROGRESS_FILE, RECORD_FILE } from './entry.ts';
import type { SpoolProgress, SpoolRecord } from './record.ts';

/** What waits is the user's own. */
const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;
export const DRAFT_PREFIX = '.draft-';

interface Addition {
  readonly destination: string;
  readonly nowMs: number;
  readonly limits: SentryLimits;
}

/**
 * Puts a report and copies of its files on disk, where it stands whole or not at all. A file that is not what was shown is
 * left out and noted as lost. A report that stands there already stays as it is: it is the same one.
 * @throws what the file system throws; nothing is left behind then
 */
export async function addToSpool(
  folder: string,
  report: SentryReport,
  { destination, nowMs, limits }: Addition,
): Promise<void> {
  makeFolder(folder, FOLDER_MODE);
  const draft = await mkdtemp(join(folder, DRAFT_PREFIX));
  try {
    await mkdir(join(draft, FILES_FOLDER), { mode: FOLDER_MODE });
    const progress = await copyFiles(report, join(draft, FILES_FOLDER), limits);
    const record: SpoolRecord = { version: 1, destination, spooledAtMs: nowMs, report: withoutPaths(report) };
    await write(join(draft, PROGRESS_FILE), [Buffer.from(JSON.stringify(progress))]);
    await write(join(draft, RECORD_FILE), [Buffer.from(JSON.stringify(record))]);
    await rename(draft, join(folder, report.eventId));
    await flushFolder(folder);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    if (!['ENOTEMPTY', 'EEXIST'].includes(errorCode(error))) throw error;
  }
}

const withoutPaths = (report: SentryReport): SpoolRecord['report'] =>
  ({
    ...report,
    attachments: report.attachments.map(({ path: _path, ...file }) => file),
  }) as SpoolRecord['report'];

async function copyFiles(
  { attachments }: SentryReport,
  target: string,
  limits: SentryLimits,
): Promise<SpoolProgress> {
  const tooLarge = unsendable(attachments, limits);
  const settled: ReportPart[] = [];
  const lost: LostPart[] = [];
  for (const [position, attachment] of attachments.entries()) {
    const reason = tooLarge.get(position) ?? (await copied(attachment, join(target, String(position))));
    if (reason === undefined) continue;
    settled.push(`attachment ${position}`);
    lost.push({ filename: attachment.filename, reason });
  }
  return { settled, lost, limits: {} };
}

/** Why the file was not copied. */
async function copied(
  source: SentryReport['attachments'][number],
  target: string,
): Promise<string | undefined> {
  try {
    await write(target, checkedPieces(source));
    return undefined;
  } catch (error) {
    const reason = changeOf(error);
    if (reason === undefined) throw error;
    await rm(target, { force: true });
    return reason;
  }
}

async function write(path: string, pieces: Iterable<Buffer> | AsyncIterable<Buffer>): Promise<void> {
  const handle = await open(path, 'wx', FILE_MODE);
  try {
    for await (const piece of pieces) await handle.write(piece);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
