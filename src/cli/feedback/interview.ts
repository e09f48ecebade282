import { CLASSIFICATIONS, displayOf } from '../../feedback/classification.ts';
import { recentThreads } from '../../feedback/choose-thread.ts';
import type { ThreadMeans } from '../../feedback/choose-thread.ts';
import type { Questioner } from './ask.ts';
import type { FeedbackArguments } from './options.ts';

/** What the command line left open, as somebody at the terminal answered it. */
export interface Answers {
  readonly classification: string;
  readonly message: string | undefined;
  /** Undefined: the latest session, if there is one. */
  readonly thread: string | undefined;
  readonly attachesLogs: boolean;
}

/** As many as fit on a screen beside the question. */
const LISTED_THREADS = 10;
const MAX_PREVIEW_LENGTH = 60;

/** Asks for what the command line does not say. Undefined: there is nobody any more. */
export async function interview(
  args: FeedbackArguments,
  questioner: Questioner,
  means: ThreadMeans,
): Promise<Answers | undefined> {
  const classification = args.classification ?? (await askClassification(questioner));
  if (classification === undefined) return undefined;
  const thread = args.thread ?? (await askThread(questioner, means));
  if (thread === GONE) return undefined;
  const message = args.message ?? (await questioner.ask('What happened? (Enter for no message) '));
  if (message === undefined) return undefined;
  const attachesLogs =
    args['include-logs'] ||
    (args.include.length === 0 &&
      (await questioner.confirm(
        'Attach logs and session files of this session, proxy settings and a report of the doctor? They are redacted and shown first.',
      )));
  return { classification, message, thread: thread === LATEST ? undefined : thread, attachesLogs };
}

const GONE = Symbol('gone');
const LATEST = Symbol('latest');

async function askClassification({ ask, say }: Questioner): Promise<string | undefined> {
  say(`${CLASSIFICATIONS.map((name, index) => `  ${index + 1}  ${displayOf(name)}`).join('\n')}\n`);
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop -- asked again
    const answer = await ask('What is it about? (number) ');
    if (answer === undefined) return undefined;
    const chosen = CLASSIFICATIONS[Number(answer) - 1] ?? CLASSIFICATIONS.find((name) => name === answer);
    if (chosen !== undefined) return chosen;
  }
}

async function askThread(
  { ask, say }: Questioner,
  means: ThreadMeans,
): Promise<string | typeof GONE | typeof LATEST> {
  const threads = await recentThreads(means, { limit: LISTED_THREADS });
  if (threads.length < 2) return LATEST;
  const lines = threads.map(({ id, name, preview, updatedAtMs }, index) => {
    const words = (name ?? preview).replaceAll(/\s+/g, ' ').slice(0, MAX_PREVIEW_LENGTH);
    const at = new Date(updatedAtMs).toISOString().slice(0, 16).replace('T', ' ');
    return `  ${String(index + 1).padStart(2)}  ${at}  ${words} (${id})\n`;
  });
  say(`Sessions, the latest first:\n${lines.join('')}`);
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop -- asked again
    const answer = await ask('Which one? (number or id; Enter for the latest) ');
    if (answer === undefined) return GONE;
    if (answer === '') return LATEST;
    const chosen = threads[Number(answer) - 1]?.id ?? (answer.length > 2 ? answer : undefined);
    if (chosen !== undefined) return chosen;
  }
}
