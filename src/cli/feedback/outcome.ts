import type { StagedItem } from '../../feedback/item.ts';
import type { PreparedFeedback } from '../../feedback/prepared.ts';
import type { Dsn } from '../../telemetry/sentry/dsn.ts';
import { describeDsn } from '../../telemetry/sentry/dsn.ts';
import type { SendOutcome } from '../../telemetry/sentry/report.ts';
import { formatCount } from '../../host/units.ts';
import { EXIT_DONE, EXIT_FAILED } from '../command.ts';

/** What became of feedback. */
export type FeedbackOutcome =
  | Exclude<SendOutcome, { readonly kind: 'sent' }>
  /** `earlier`: reports that waited, and were sent as well. */
  | (Extract<SendOutcome, { readonly kind: 'sent' }> & { readonly earlier: number })
  | { readonly kind: 'stored'; readonly path: string }
  | { readonly kind: 'shown' }
  /** Somebody said no. */
  | { readonly kind: 'declined' }
  /** Something must be said first; `remedy` says what. */
  | { readonly kind: 'held_back'; readonly reason: string; readonly remedy: string };

/** What the command prints at its end, and how it ends. */
export interface Conclusion {
  readonly text: string;
  readonly exitCode: number;
}

/** `EX_TEMPFAIL` of sysexits.h, as mail programs end when a message waits in their queue. */
export const EXIT_WAITS = 75;

/** 0 is for what has arrived where it was to go: whoever deletes the logs afterwards relies on it. */
export function exitCodeOf(outcome: FeedbackOutcome): number {
  switch (outcome.kind) {
    case 'sent':
    case 'stored':
    case 'shown':
      return EXIT_DONE;
    case 'spooled':
      return EXIT_WAITS;
    case 'refused':
    case 'declined':
    case 'held_back':
      return EXIT_FAILED;
  }
}

/** In words for a reader. */
export function outcomeText(
  outcome: FeedbackOutcome,
  { threadId, destination }: Pick<PreparedFeedback, 'threadId'> & { readonly destination: Named | undefined },
): string {
  switch (outcome.kind) {
    case 'sent':
      return [
        `Sent as event ${outcome.eventId}, about session ${threadId}.`,
        ...(outcome.earlier > 0 ? [`${formatCount(outcome.earlier, 'earlier report')} sent as well.`] : []),
        ...outcome.lost.map(({ filename, reason }) => `  not taken: ${filename}: ${reason}`),
        '',
      ].join('\n');
    case 'spooled':
      return [
        `Not sent yet: ${outcome.reason}. It waits on disk as event ${outcome.eventId}.`,
        ...(outcome.dropped > 0
          ? [`${formatCount(outcome.dropped, 'older report')} had to make room, and will not be sent.`]
          : []),
        `Send it later: ${retryCommand(destination)}`,
        '',
      ].join('\n');
    case 'refused':
      return `Not sent: ${outcome.reason}. Keep it instead: stethos feedback --out bundle.zip\n`;
    case 'stored':
      return `Stored in ${outcome.path}; nothing was sent. Look into it: stethos bundle inspect ${outcome.path}\n`;
    case 'shown':
      return 'Nothing was sent.\n';
    case 'declined':
      return 'Nothing was sent, and nothing is kept.\n';
    case 'held_back':
      return `Nothing was sent: ${outcome.reason}.\n${outcome.remedy}\n`;
  }
}

/** Where reports go, and who named it. */
interface Named {
  readonly dsn: Dsn;
  readonly source: string;
}

/** The key of a DSN is not printed. */
const retryCommand = (destination: Named | undefined): string =>
  `stethos feedback --retry${destination?.source === '--dsn' ? ' --dsn DSN, the same one' : ''}`;

/** The one JSON document of `--format json`. */
export function outcomeDocument(options: {
  readonly feedback: PreparedFeedback;
  readonly chosen: readonly StagedItem[];
  readonly destination: Named | undefined;
  readonly outcome: FeedbackOutcome;
}): string {
  const { feedback, chosen, destination, outcome } = options;
  const document = {
    schemaVersion: 1,
    eventId: feedback.eventId,
    threadId: feedback.threadId,
    title: feedback.title,
    classification: feedback.classification,
    destination: destination && { address: describeDsn(destination.dsn), source: destination.source },
    tags: feedback.reportWith([]).tags,
    hiddenInReport: feedback.hiddenInReport,
    items: feedback.items.map((item, index) => {
      const { kind, name, contentType, bytes, sha256, hidden, confident, cutShort } = item;
      const included = chosen.includes(item);
      return {
        number: index + 1,
        kind,
        name,
        contentType,
        bytes,
        sha256,
        included,
        hidden,
        confident,
        cutShort,
      };
    }),
    omitted: feedback.omitted,
    outcome,
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}
