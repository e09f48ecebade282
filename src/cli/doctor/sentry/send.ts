import { createHash, randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ContextOptions } from '../../../doctor/context.ts';
import type { RedactedReport } from '../../../doctor/report.ts';
import { flushSpool, sendReport, SPOOL_FOLDER } from '../../../feedback/spool.ts';
import { systemClock } from '../../../host/clock.ts';
import { files } from '../../../host/files.ts';
import type { Network } from '../../../net/network.ts';
import { visible } from '../../../redact/control.ts';
import { chooseHome } from '../../../target/home.ts';
import { networkOf } from '../../../target/network.ts';
import { createTarget } from '../../../target/target.ts';
import { describeDsn } from '../../../telemetry/sentry/dsn.ts';
import type { Dsn } from '../../../telemetry/sentry/dsn.ts';
import { eventIdOf } from '../../../telemetry/sentry/event-id.ts';
import type { SendOutcome, SentryAttachment } from '../../../telemetry/sentry/report.ts';
import { resolveDsn } from '../../../telemetry/sentry/resolve-dsn.ts';
import { json } from '../../../../reporters/json.ts';
import { PLAIN } from '../../style.ts';
import { doctorEvent } from './event.ts';

/** A machine of a fleet may be behind a slow proxy; a scheduler waits for the exit code. */
const SEND_LIMIT_MS = 15_000;
const PRIVATE_MODE = 0o600;

export interface DoctorReporting {
  readonly report: RedactedReport;
  /** The value of `--dsn`. */
  readonly dsn: string | undefined;
  readonly context: ContextOptions;
  /** Ctrl-C: what is not sent by then waits in the spool. */
  readonly signal: AbortSignal;
}

/**
 * Sends the run as an event of Sentry with the redacted report attached, and reports that wait for the same destination.
 * @returns one line for the user. Never rejects, and never takes longer than {@link SEND_LIMIT_MS}.
 */
export async function reportToSentry({ report, dsn, context, signal }: DoctorReporting): Promise<string> {
  const { env, cwd } = context;
  const stethosHome = chooseHome({ target: 'stethos', cwd, env }, files).path;
  const resolved = resolveDsn({ option: dsn, env, stethosHome, files });
  if (resolved.kind === 'none') return `nothing was sent to Sentry: there is no DSN. ${resolved.remedy}`;
  if (resolved.kind === 'invalid')
    return `nothing was sent to Sentry: ${resolved.source}: ${resolved.problem}. ${resolved.remedy}`;
  try {
    const spoolFolder = join(stethosHome, SPOOL_FOLDER);
    const outcome = await send(report, {
      spoolFolder,
      dsn: resolved.dsn,
      network: networkFor(context),
      clock: systemClock,
      signal: AbortSignal.any([signal, AbortSignal.timeout(SEND_LIMIT_MS)]),
    });
    return visible(describe(outcome, resolved.dsn, spoolFolder));
  } catch (error) {
    return `nothing was sent to Sentry: ${visible(error instanceof Error ? error.message : String(error))}`;
  }
}

function networkFor(context: ContextOptions): Network {
  const { cwd, env, overrides } = context;
  const target = createTarget({ home: chooseHome(context, files), cwd, env, files, overrides });
  return networkOf(target, { files });
}

async function send(report: RedactedReport, options: Parameters<typeof sendReport>[1]): Promise<SendOutcome> {
  const folder = await mkdtemp(join(tmpdir(), 'stethos-doctor-'));
  try {
    const outcome = await sendReport(
      {
        ...doctorEvent(report),
        eventId: eventIdOf(randomUUID()),
        environment: 'production',
        attachments: [await attachmentOf(report, folder)],
      },
      options,
    );
    // The way is open: what waited can go too.
    if (outcome.kind === 'sent') await flushSpool(options);
    return outcome;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function attachmentOf(report: RedactedReport, folder: string): Promise<SentryAttachment> {
  // The name that support knows from the agent's own feedback.
  const filename =
    report.target.profile === 'codex' ? 'codex-doctor-report.json' : 'stethos-doctor-report.json';
  const bytes = Buffer.from(await json(report, PLAIN));
  const path = join(folder, filename);
  await writeFile(path, bytes, { mode: PRIVATE_MODE });
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { filename, contentType: 'application/json', path, bytes: bytes.length, sha256 };
}

function describe(outcome: SendOutcome, dsn: Dsn, spoolFolder: string): string {
  const place = describeDsn(dsn);
  switch (outcome.kind) {
    case 'sent': {
      const lost = outcome.lost.map(({ filename, reason }) => `; without ${filename}: ${reason}`).join('');
      return `sent to Sentry (${place}) as event ${outcome.eventId}${lost}`;
    }
    case 'spooled':
      return `not sent to Sentry (${place}) yet: ${outcome.reason}. Event ${outcome.eventId} waits in ${spoolFolder}.`;
    case 'refused':
      return `nothing was sent to Sentry (${place}): ${outcome.reason}`;
  }
}
