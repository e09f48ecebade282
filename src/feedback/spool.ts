import type { Clock } from '../host/clock.ts';
import { errorCode } from '../host/files.ts';
import type { Network } from '../net/network.ts';
import { claimFile } from '../store/sqlite/claim-file.ts';
import { uploadReport } from '../telemetry/sentry/client.ts';
import type { UploadOutcome, UploadProgress } from '../telemetry/sentry/client.ts';
import { describeDsn } from '../telemetry/sentry/dsn.ts';
import type { Dsn } from '../telemetry/sentry/dsn.ts';
import { SENTRY_LIMITS } from '../telemetry/sentry/limits.ts';
import type { SentryLimits } from '../telemetry/sentry/limits.ts';
import { joinLimits } from '../telemetry/sentry/rate-limits.ts';
import type { RateLimits } from '../telemetry/sentry/rate-limits.ts';
import type { LostPart, SendOutcome, SentryReport } from '../telemetry/sentry/report.ts';
import { addToSpool } from './spool/add.ts';
import { readEntry } from './spool/entry.ts';
import type { SpoolEntry } from './spool/entry.ts';
import { claimPath, giveUp, isExpired, listSpool, makeRoom, SPOOL_BOUNDS } from './spool/tidy.ts';
import type { SpoolBounds } from './spool/tidy.ts';

/** Below the stethos home, whatever home is examined. */
export const SPOOL_FOLDER = 'feedback-spool';

export interface SendOptions {
  /** `<stethos home>/feedback-spool`; made when it is missing. */
  readonly spoolFolder: string;
  readonly dsn: Dsn;
  readonly network: Pick<Network, 'askHttp'>;
  readonly clock: Clock;
  /** Ends the sending; what is not sent by then stays in the spool. */
  readonly signal: AbortSignal;
  readonly limits?: Partial<SentryLimits>;
  readonly bounds?: Partial<SpoolBounds>;
}

/** What became of the reports that waited. */
export interface FlushOutcome {
  readonly outcomes: readonly SendOutcome[];
  /** Reports that wait for another destination than this DSN's, oldest first. */
  readonly elsewhere: readonly WaitingReport[];
  /** Reports that another process is sending right now. */
  readonly beingSent: number;
  /** Given up because they were too old. */
  readonly dropped: number;
  /** Could not be read, and stand aside in the folder `damaged`. */
  readonly damaged: number;
}

/** A report on disk, by its id and by whom it was agreed to be sent to. */
export type WaitingReport = Pick<SpoolEntry, 'eventId' | 'destination'>;

/** What waits for whatever destination, oldest first. Sends nothing. */
export async function waitingReports({
  spoolFolder,
  clock,
}: Pick<SendOptions, 'spoolFolder' | 'clock'>): Promise<readonly WaitingReport[]> {
  const { entries } = await listSpool(spoolFolder, clock.now());
  return entries.map(({ eventId, destination }) => ({ eventId, destination }));
}

/**
 * Sends a report. It is on disk before the first byte goes out, so nothing that ends this process loses it; what can be
 * sent later stays there, under the same id. Never rejects.
 */
export async function sendReport(report: SentryReport, options: SendOptions): Promise<SendOutcome> {
  const { spoolFolder, dsn, clock } = options;
  const { eventId } = report;
  const nowMs = clock.now();
  const limits = { ...SENTRY_LIMITS, ...options.limits };
  let waiting: readonly SpoolEntry[] = [];
  let dropped = 0;
  try {
    waiting = (await listSpool(spoolFolder, nowMs)).entries.filter((entry) => entry.eventId !== eventId);
    const bytes = report.attachments.reduce((total, attachment) => total + attachment.bytes, 0);
    const bounds = { ...SPOOL_BOUNDS, ...options.bounds };
    dropped = await makeRoom(spoolFolder, waiting, { bytes, nowMs, bounds });
    await addToSpool(spoolFolder, report, { destination: describeDsn(dsn), nowMs, limits });
  } catch (error) {
    return sendUnspooled(report, errorCode(error), options);
  }
  const claimed = await withEntry(spoolFolder, eventId, async (entry) =>
    sendEntry(entry, knownLimits(waiting, dsn), options),
  );
  const outcome = claimed ?? {
    kind: 'spooled',
    eventId,
    reason: 'another process is sending it',
    dropped: 0,
  };
  return outcome.kind === 'spooled' ? { ...outcome, dropped } : outcome;
}

/** Sends what waits in the spool for this destination, oldest first, under the ids that it has. Never rejects. */
export async function flushSpool(options: SendOptions): Promise<FlushOutcome> {
  const { spoolFolder, dsn, clock, signal } = options;
  const bounds = { ...SPOOL_BOUNDS, ...options.bounds };
  const { entries, damaged } = await listSpool(spoolFolder, clock.now());
  const outcomes: SendOutcome[] = [];
  const elsewhere: WaitingReport[] = [];
  let [beingSent, dropped] = [0, 0];
  let limits = knownLimits(entries, dsn);
  for (const waiting of entries) {
    const { eventId, destination } = waiting;
    if (isExpired(waiting, clock.now(), bounds)) {
      if (await giveUp(spoolFolder, waiting)) dropped += 1;
      continue;
    }
    if (destination !== describeDsn(dsn)) {
      elsewhere.push({ eventId, destination });
      continue;
    }
    const previous = outcomes.at(-1);
    if (previous?.kind === 'spooled' && (signal.aborted || hindersAll(previous))) {
      outcomes.push({ ...previous, eventId });
      continue;
    }
    const outcome = await withEntry(spoolFolder, eventId, async (entry) => {
      const sent = await sendEntry(entry, limits, options);
      limits = joinLimits(limits, entry.limits());
      return sent;
    });
    if (outcome) outcomes.push(outcome);
    else beingSent += 1;
  }
  return { outcomes, elsewhere, beingSent, dropped, damaged };
}

/** A server that stumbles may stumble over one report; everything else on the way meets the next one too. */
const hindersAll = ({ failureClass }: Extract<SendOutcome, { kind: 'spooled' }>): boolean =>
  failureClass !== 'http_server_error';

/** Runs `work` while no other process has the entry; undefined where one has, or where it is gone. */
async function withEntry<Value>(
  folder: string,
  eventId: string,
  work: (entry: SpoolEntry) => Promise<Value>,
): Promise<Value | undefined> {
  const claim = await claimFile(claimPath(folder, eventId)).catch(() => undefined);
  if (!claim) return undefined;
  try {
    // Read under the claim: another process may have sent a part, or all of it.
    const entry = readEntry(folder, eventId);
    // The claim is held while the report is sent, because that is what it is for.
    return entry && (await work(entry));
  } finally {
    claim.release();
  }
}

async function sendEntry(
  entry: SpoolEntry,
  knownLimitsOfServer: RateLimits,
  options: SendOptions,
): Promise<SendOutcome> {
  const { eventId, report, progress } = entry;
  const uploaded = await upload(report, {
    ...options,
    progress,
    knownLimits: joinLimits(knownLimitsOfServer, entry.limits()),
  });
  if (uploaded.kind === 'deferred') await entry.noteLimits(uploaded.limits);
  else await entry.remove();
  return outcomeOf(eventId, uploaded);
}

/** A disk that fails to read, or a package that is not there, is a reason to try later and nothing more. */
async function upload(
  report: SentryReport,
  options: Parameters<typeof uploadReport>[1],
): Promise<UploadOutcome> {
  try {
    return await uploadReport(report, options);
  } catch (error) {
    const reason = `it could not be put together (${errorCode(error)})`;
    return { kind: 'deferred', reason, limits: new Map() };
  }
}

/** A home that cannot be written does not keep a report from its reader; only from a second try. */
async function sendUnspooled(report: SentryReport, code: string, options: SendOptions): Promise<SendOutcome> {
  const uploaded = await upload(report, { ...options, progress: progressInMemory() });
  if (uploaded.kind !== 'deferred') return outcomeOf(report.eventId, uploaded);
  const { reason, failureClass } = uploaded;
  return {
    kind: 'refused',
    eventId: report.eventId,
    reason: `${reason}; and it cannot be kept for later (${code})`,
    ...(failureClass && { failureClass }),
  };
}

function outcomeOf(eventId: string, uploaded: UploadOutcome): SendOutcome {
  if (uploaded.kind === 'sent') return { ...uploaded, eventId };
  const { reason, failureClass } = uploaded;
  const why = { eventId, reason, ...(failureClass && { failureClass }) };
  return uploaded.kind === 'refused' ? { kind: 'refused', ...why } : { kind: 'spooled', ...why, dropped: 0 };
}

const knownLimits = (entries: readonly SpoolEntry[], dsn: Dsn): RateLimits =>
  entries
    .filter(({ destination }) => destination === describeDsn(dsn))
    .reduce<RateLimits>((joined, entry) => joinLimits(joined, entry.limits()), new Map());

function progressInMemory(): UploadProgress {
  const settled = new Set<string>();
  const losses: LostPart[] = [];
  return {
    isSettled: (part) => settled.has(part),
    settle: async (part, lost) => {
      settled.add(part);
      if (lost) losses.push(lost);
    },
    lost: () => losses,
  };
}
