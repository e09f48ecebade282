import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { TOOL_VERSION } from '../../doctor/version.ts';
import { writeBundle } from '../../feedback/bundle/write.ts';
import type { StagedItem } from '../../feedback/item.ts';
import type { PreparedFeedback } from '../../feedback/prepared.ts';
import { scanAgain } from '../../feedback/scan-again.ts';
import { flushSpool, sendReport, SPOOL_FOLDER } from '../../feedback/spool.ts';
import { systemClock } from '../../host/clock.ts';
import { errorCode } from '../../host/files.ts';
import { createRedactor } from '../../redact/redactor.ts';
import { eventOf } from '../../telemetry/sentry/event.ts';
import type { ResolvedDsn } from '../../telemetry/sentry/resolve-dsn.ts';
import { Problem } from '../problem.ts';
import type { Questioner } from './ask.ts';
import { consentText } from './consent.ts';
import { decide } from './decide.ts';
import type { FeedbackArguments } from './options.ts';
import type { FeedbackOutcome } from './outcome.ts';
import { previewText } from './preview.ts';
import { printItems } from './print-items.ts';
import { bundlePath } from './read-arguments.ts';
import type { FeedbackSurroundings } from './surroundings.ts';

export interface Delivery {
  readonly args: FeedbackArguments;
  readonly prepared: PreparedFeedback;
  readonly chosen: readonly StagedItem[];
  readonly destination: ResolvedDsn;
  /** Undefined: nobody can be asked. */
  readonly questioner: Questioner | undefined;
  /** Where previews and the bytes of items go. */
  readonly output: Writable;
  readonly around: Pick<FeedbackSurroundings, 'redaction' | 'network' | 'stethosHome'>;
  readonly signal: AbortSignal;
}

interface Delivered {
  readonly outcome: FeedbackOutcome;
  readonly chosen: readonly StagedItem[];
}

/**
 * Shows what would leave, has it agreed to, looks at it once more, and sends or stores it.
 * @throws Problem
 */
export async function deliver(delivery: Delivery): Promise<Delivered> {
  const { args, prepared, destination, questioner, output } = delivery;
  const draw = (chosen: readonly StagedItem[]): void => {
    if (args.format === 'json') return;
    output.write(`${previewText({ feedback: prepared, chosen, isUnredacted: args.unredacted })}\n`);
    if (destination.kind === 'dsn' && args.out === undefined)
      output.write(`${consentText({ ...destination, eventId: prepared.eventId, chosen })}\n`);
  };
  draw(delivery.chosen);
  const { chosen } = delivery;
  if (args.preview) return { outcome: { kind: 'shown' }, chosen };
  const held = heldBack(delivery);
  if (held) return { outcome: held, chosen };

  let agreed = chosen;
  if (questioner) {
    const decision = await decide(questioner, {
      items: prepared.items,
      chosen,
      verb: args.out === undefined ? 'Send it' : 'Store it',
      show: (items) => printItems(items, output),
      redraw: draw,
    });
    delivery.signal.throwIfAborted();
    if (decision.kind === 'declined') return { outcome: { kind: 'declined' }, chosen };
    agreed = decision.items;
    const isRisky = args.out === undefined && hasFindings(agreed) && !args['allow-findings'];
    if (isRisky && !(await questioner.confirm('Credentials were found and hidden. Send it nevertheless?')))
      return { outcome: { kind: 'declined' }, chosen: agreed };
  }
  const leaves = { ...delivery, chosen: agreed };
  if (!args.unredacted) await refuseLeftovers(leaves);
  return {
    outcome: args.out === undefined ? await send(leaves) : await store(leaves, args.out),
    chosen: agreed,
  };
}

const hasFindings = (items: readonly StagedItem[]): boolean => items.some(({ confident }) => confident > 0);

/** What somebody must say first, where nobody can be asked. A file on this machine needs no yes. */
function heldBack({ args, destination, questioner, chosen }: Delivery): FeedbackOutcome | undefined {
  if (args.out !== undefined) return undefined;
  if (destination.kind !== 'dsn')
    return {
      kind: 'held_back',
      reason: 'there is no destination',
      remedy: `${destination.remedy} Or keep it on this machine: stethos feedback --out bundle.zip`,
    };
  if (questioner) return undefined;
  if (!args.yes)
    return { kind: 'held_back', reason: 'nobody can be asked here', remedy: 'Say that you agree: --yes' };
  if (hasFindings(chosen) && !args['allow-findings'])
    return {
      kind: 'held_back',
      reason: 'credentials were found',
      remedy:
        'They are hidden in what would be sent. Agree to that: --allow-findings. Or leave a file out: --exclude',
    };
  return undefined;
}

async function refuseLeftovers({ chosen, around, signal }: Delivery): Promise<void> {
  const redactor = createRedactor(around.redaction);
  const [leftover] = await scanAgain(chosen, { redactor, signal });
  if (!leftover) return;
  const what = leftover.found.map(({ rule, count }) => `${count} ${rule}`).join(', ');
  throw new Problem(
    `${leftover.item.name} still holds what must not leave (${what || 'it changed since it was shown'}). Leave it out: --exclude '${leftover.item.name}'`,
  );
}

async function send({ prepared, chosen, destination, around, signal }: Delivery): Promise<FeedbackOutcome> {
  if (destination.kind !== 'dsn') throw new Problem(destination.remedy);
  const options = {
    spoolFolder: join(around.stethosHome, SPOOL_FOLDER),
    dsn: destination.dsn,
    network: around.network,
    clock: systemClock,
    signal,
  };
  const outcome = await sendReport(prepared.reportWith(chosen), options);
  if (outcome.kind !== 'sent') return outcome;
  // The way is open: what waited for it goes as well.
  const { outcomes } = await flushSpool(options);
  return { ...outcome, earlier: outcomes.filter(({ kind }) => kind === 'sent').length };
}

async function store({ args, prepared, chosen, signal }: Delivery, out: string): Promise<FeedbackOutcome> {
  const path = bundlePath(out, args);
  try {
    await writeBundle(path, {
      report: eventOf(prepared.reportWith(chosen)),
      items: chosen,
      hiddenInReport: prepared.hiddenInReport,
      redactedBy: args.unredacted ? undefined : TOOL_VERSION,
      signal,
    });
  } catch (error) {
    signal.throwIfAborted();
    const code = errorCode(error);
    throw new Problem(
      code === 'EEXIST'
        ? `${path} exists already, and stays as it is. Name another file.`
        : `${path} cannot be written (${code}).`,
      { cause: error },
    );
  }
  return { kind: 'stored', path };
}
