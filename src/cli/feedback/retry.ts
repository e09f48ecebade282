import { join } from 'node:path';
import { flushSpool, SPOOL_FOLDER, waitingReports } from '../../feedback/spool.ts';
import type { FlushOutcome } from '../../feedback/spool.ts';
import { DAMAGED_FOLDER } from '../../feedback/spool/tidy.ts';
import { systemClock } from '../../host/clock.ts';
import { formatCount } from '../../host/units.ts';
import type { SendOutcome } from '../../telemetry/sentry/report.ts';
import { describeDsn } from '../../telemetry/sentry/dsn.ts';
import type { ResolvedDsn } from '../../telemetry/sentry/resolve-dsn.ts';
import { EXIT_DONE, EXIT_FAILED } from '../command.ts';
import type { FeedbackArguments } from './options.ts';
import { EXIT_WAITS } from './outcome.ts';
import type { Conclusion } from './outcome.ts';
import type { FeedbackSurroundings } from './surroundings.ts';

interface RetryMeans extends Pick<FeedbackSurroundings, 'network' | 'stethosHome'> {
  readonly destination: ResolvedDsn;
  readonly signal: AbortSignal;
}

/**
 * `--retry`: sends what waits for this destination, under the ids that it has. It was shown and agreed to when it was
 * written, so nobody is asked again. Without a destination it only says what waits.
 */
export async function retrySending(
  { format }: Pick<FeedbackArguments, 'format'>,
  { destination, signal, network, stethosHome }: RetryMeans,
): Promise<Conclusion> {
  const spoolFolder = join(stethosHome, SPOOL_FOLDER);
  const dsn = destination.kind === 'dsn' ? destination.dsn : undefined;
  const flushed: FlushOutcome = dsn
    ? await flushSpool({ spoolFolder, dsn, network, signal, clock: systemClock })
    : { ...NOTHING, elsewhere: await waitingReports({ spoolFolder, clock: systemClock }) };
  const text =
    format === 'json'
      ? `${JSON.stringify({ schemaVersion: 1, destination: dsn && describeDsn(dsn), ...flushed }, null, 2)}\n`
      : [...linesOf(flushed, spoolFolder), ''].join('\n');
  return { text, exitCode: exitCodeOf(flushed) };
}

const NOTHING: FlushOutcome = { outcomes: [], elsewhere: [], beingSent: 0, dropped: 0, damaged: 0 };

function exitCodeOf({ outcomes, elsewhere, beingSent, dropped, damaged }: FlushOutcome): number {
  const kinds = new Set(outcomes.map(({ kind }) => kind));
  if (kinds.has('refused') || dropped + damaged > 0) return EXIT_FAILED;
  return kinds.has('spooled') || elsewhere.length + beingSent > 0 ? EXIT_WAITS : EXIT_DONE;
}

function linesOf(flushed: FlushOutcome, spoolFolder: string): string[] {
  const { outcomes, elsewhere, beingSent, dropped, damaged } = flushed;
  const lines = [
    ...outcomes.flatMap(outcomeLines),
    ...elsewhere.map(
      ({ eventId, destination }) =>
        `Still waits: event ${eventId}: it is meant for ${destination}. Name that DSN: --dsn`,
    ),
    ...(beingSent > 0 ? [`${formatCount(beingSent, 'report')}: another process is sending that now.`] : []),
    ...(dropped > 0 ? [`${formatCount(dropped, 'report')} waited too long, and will not be sent.`] : []),
    ...(damaged > 0
      ? [
          `${formatCount(damaged, 'report')} cannot be read, and will not be sent; see ${join(spoolFolder, DAMAGED_FOLDER)}`,
        ]
      : []),
  ];
  return lines.length > 0 ? lines : ['Nothing waits to be sent.'];
}

function outcomeLines(outcome: SendOutcome): string[] {
  switch (outcome.kind) {
    case 'sent':
      return [
        `Sent as event ${outcome.eventId}.`,
        ...outcome.lost.map(({ filename, reason }) => `  not taken: ${filename}: ${reason}`),
      ];
    case 'spooled':
      return [`Still waits: event ${outcome.eventId}: ${outcome.reason}.`];
    case 'refused':
      return [`Will not be sent: event ${outcome.eventId}: ${outcome.reason}.`];
  }
}
