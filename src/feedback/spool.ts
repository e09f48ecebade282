import type { Clock } from '../host/clock.ts';
import type { Network } from '../net/network.ts';
import type { Dsn } from '../telemetry/sentry/dsn.ts';
import type { SendOutcome, SentryReport } from '../telemetry/sentry/report.ts';

export interface SendOptions {
  /** `<stethos home>/feedback-spool`; made when it is missing. */
  readonly spoolFolder: string;
  readonly dsn: Dsn;
  readonly network: Pick<Network, 'dispatcher' | 'proxies'>;
  readonly clock: Clock;
  /** Ends the sending; what is not sent by then stays in the spool. */
  readonly signal: AbortSignal;
}

/** What became of the reports that waited. */
export interface FlushOutcome {
  readonly outcomes: readonly SendOutcome[];
  /** Reports that wait for another destination than this DSN's. */
  readonly elsewhere: number;
  /** Given up: too old, or more than the spool holds. */
  readonly dropped: number;
  /** Could not be read, and stand aside in the folder `damaged`. */
  readonly damaged: number;
  /** Another process is sending; nothing was done. */
  readonly isBusy: boolean;
}

/**
 * Sends a report. It is on disk before the first byte goes out, so nothing that ends this process loses it; what can be
 * sent later stays there. Never rejects.
 */
export async function sendReport(report: SentryReport, options: SendOptions): Promise<SendOutcome> {
  return { kind: 'refused', eventId: report.eventId, reason: `not built yet: ${options.spoolFolder}` };
}

/** Sends what waits in the spool for this destination, oldest first, under the ids that it has. Never rejects. */
export async function flushSpool(options: SendOptions): Promise<FlushOutcome> {
  return { outcomes: [], elsewhere: 0, dropped: 0, damaged: 0, isBusy: options.signal.aborted };
}
