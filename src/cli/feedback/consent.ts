import type { StagedItem } from '../../feedback/item.ts';
import { isLoopbackName } from '../../net/listen-names.ts';
import { describeDsn } from '../../telemetry/sentry/dsn.ts';
import type { Dsn } from '../../telemetry/sentry/dsn.ts';

/** What somebody agrees to. */
export interface ConsentContent {
  readonly dsn: Dsn;
  /** Who named it: `--dsn`, `SENTRY_DSN`. */
  readonly source: string;
  readonly eventId: string;
  readonly chosen: readonly StagedItem[];
}

/** Where it goes and whether in the open, what is in it, how long it is kept, how to have it deleted. Never the key of the DSN. */
export function consentText({ dsn, source, eventId, chosen }: ConsentContent): string {
  const what =
    chosen.length === 0
      ? 'Your message and the tags above; no file.'
      : `Your message, the tags above and the files above${
          chosen.some(({ kind }) => MAY_QUOTE.has(kind))
            ? '. They may hold prompts, commands and output of tools; only what looks secret or personal was hidden.'
            : '.'
        }`;
  return [
    `Destination  ${describeDsn(dsn)} (named by ${source})`,
    ...(isReadable(dsn) ? [IN_THE_OPEN] : []),
    `Included     ${what}`,
    'Kept         As long as the receiver decides; Sentry keeps attachments for 30 days unless told otherwise.',
    `Deletion     Ask the receiver to delete event ${eventId}.`,
    '',
  ].join('\n');
}

const IN_THE_OPEN =
  'Caution      This DSN is plain http: whoever is on the way can read the report. Prefer one that begins with https.';

/** By others: what stays on this machine passes nobody. */
const isReadable = ({ envelopeUrl, host }: Dsn): boolean =>
  envelopeUrl.startsWith('http:') && !isLoopbackName(host);

const MAY_QUOTE: ReadonlySet<StagedItem['kind']> = new Set(['logs', 'rollouts', 'trace', 'files']);
