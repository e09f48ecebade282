import type { Writable } from 'node:stream';
import { TOOL_VERSION } from '../../doctor/version.ts';
import { chooseThread, recentThreads } from '../../feedback/choose-thread.ts';
import type { ChosenThread, ThreadMeans } from '../../feedback/choose-thread.ts';
import { prepareFeedback } from '../../feedback/prepare.ts';
import type { PreparedFeedback } from '../../feedback/prepared.ts';
import { itemsNamed, select } from '../../feedback/selection.ts';
import { systemClock } from '../../host/clock.ts';
import { files } from '../../host/files.ts';
import type { Environment } from '../../target/home.ts';
import { Problem } from '../problem.ts';
import { noticeOnError, readInput } from '../standard-input.ts';
import type { StandardInput } from '../standard-input.ts';
import { UsageError } from '../usage-error.ts';
import type { Questioner } from './ask.ts';
import { deliver } from './deliver.ts';
import type { Delivery } from './deliver.ts';
import { interview } from './interview.ts';
import type { Answers } from './interview.ts';
import type { FeedbackArguments } from './options.ts';
import { exitCodeOf, outcomeDocument, outcomeText } from './outcome.ts';
import type { Conclusion } from './outcome.ts';
import { printItems } from './print-items.ts';
import { bundlePath, kindsWanted, tagsOf, wishOf } from './read-arguments.ts';
import { destinationOf } from './destination.ts';
import { retrySending } from './retry.ts';
import { showReport } from './show-report.ts';
import { surroundingsOf } from './surroundings.ts';

/** What the command has of the process that it runs in. */
export interface FeedbackMeans {
  readonly env: Environment;
  /** Absolute. */
  readonly cwd: string;
  /** The program of stethos, which examines the machine as a process of its own. */
  readonly launcher: string;
  readonly input: StandardInput;
  /** Where previews and the bytes of items go. */
  readonly output: Writable;
  /** Undefined: nobody can be asked, or nobody needs to be. */
  readonly questioner: Questioner | undefined;
  readonly signal: AbortSignal;
  /** Told before each item that may take its time. */
  readonly onProgress?: (name: string) => void;
}

/** A message is words; a file is attached. */
const MAX_MESSAGE_BYTES = 64 * 1024;

/**
 * Does what the options say.
 * @returns what is left to print; undefined where everything was printed
 * @throws UsageError, Problem, or the reason of `signal`
 */
export async function runFeedback(
  args: FeedbackArguments,
  means: FeedbackMeans,
): Promise<Conclusion | undefined> {
  const { env, cwd, launcher, questioner, signal } = means;
  const around = surroundingsOf({ target: args.target, home: args.home, env, cwd, launcher });
  if (around.switchedOffBy !== undefined)
    throw new Problem(
      `Feedback is switched off by [feedback] enabled = false in ${around.switchedOffBy}. Whoever wrote that can switch it on.`,
    );
  const destination = destinationOf(args, { ...around, env });
  if (args.retry) return retrySending(args, { ...around, destination, signal });
  if (args.out !== undefined) refuseExisting(bundlePath(args.out, args));
  const message = await readMessage(args, means.input);
  const threads = { files, home: around.home.path, signal };
  const answers: Answers | undefined = questioner
    ? await interview({ ...args, message }, questioner, threads)
    : {
        classification: args.classification ?? 'other',
        message,
        thread: args.thread,
        attachesLogs: args['include-logs'],
      };
  if (!answers) {
    signal.throwIfAborted();
    throw new Problem('Nobody answers; nothing was sent.');
  }
  const thread = await threadOf(answers.thread, threads);
  const prepared = await prepareFeedback(
    {
      classification: answers.classification,
      message: answers.message,
      tags: tagsOf(args),
      collect: kindsWanted(args, answers.attachesLogs || shownKind(args)),
      extraFiles: args.attach,
      trace: args.trace,
      isUnredacted: args.unredacted,
    },
    {
      ...around,
      profile: around.home.profile,
      home: around.home.path,
      env,
      files,
      signal,
      thread,
      clock: systemClock,
      newId: () => crypto.randomUUID(),
      version: TOOL_VERSION,
      ...(means.onProgress && { onProgress: means.onProgress }),
    },
  );
  try {
    const selection = select(prepared.items, wishOf(args));
    const [unknown] = selection.unknown;
    if (unknown !== undefined) throw unknownItem(unknown, prepared);
    if (args.show !== undefined) return await showItems(args.show, prepared, means.output);
    return await delivered({ args, prepared, destination, around, chosen: selection.items }, means);
  } finally {
    prepared.remove();
  }
}

async function delivered(
  parts: Pick<Delivery, 'args' | 'prepared' | 'destination' | 'around' | 'chosen'>,
  means: Pick<FeedbackMeans, 'questioner' | 'output' | 'signal'>,
): Promise<Conclusion> {
  const { args, prepared, destination } = parts;
  const { outcome, chosen } = await deliver({ ...parts, ...means });
  const to = destination.kind === 'dsn' && args.out === undefined ? destination : undefined;
  const text =
    args.format === 'json'
      ? outcomeDocument({ feedback: prepared, chosen, destination: to, outcome })
      : outcomeText(outcome, { threadId: prepared.threadId, destination: to });
  return { text, exitCode: exitCodeOf(outcome) };
}

/** Told before anything is gathered; the writing itself sees to it again. */
function refuseExisting(path: string): void {
  if (files.look(path).kind !== 'missing')
    throw new Problem(`${path} exists already, and stays as it is. Name another file: --out`);
}

async function readMessage(
  { message }: FeedbackArguments,
  input: StandardInput,
): Promise<string | undefined> {
  if (message !== undefined && Buffer.byteLength(message) > MAX_MESSAGE_BYTES) throw tooLong();
  if (message !== '-') return message;
  const read = await readInput(input, {
    what: 'the message',
    maxBytes: MAX_MESSAGE_BYTES,
    notice: noticeOnError,
  });
  if (read.kind === 'problem') throw new Problem(`${read.message} Attach it as a file: --attach FILE`);
  return read.text;
}

const tooLong = (): UsageError =>
  new UsageError('The message is longer than 64 KB.', 'Attach it as a file: --attach FILE');

async function threadOf(wanted: string | undefined, means: ThreadMeans): Promise<ChosenThread> {
  const thread = await chooseThread(wanted, means);
  if (thread.kind !== 'unknown') return thread;
  const recent = await recentThreads(means, { limit: 5 });
  const known = recent.map(({ id, name }) => (name === undefined ? id : `${id} (${name})`));
  throw new Problem(
    [`No session is called ${wanted}.`, ...(known.length > 0 ? ['The latest are:', ...known] : [])].join(
      '\n  ',
    ),
  );
}

/** `--show logs` gathers logs, without another option that says so. */
const shownKind = ({ show: word, include, attach }: FeedbackArguments): boolean =>
  word !== undefined && word !== 'report' && include.length === 0 && attach.length === 0;

async function showItems(word: string, prepared: PreparedFeedback, output: Writable): Promise<undefined> {
  const named = word === 'report' ? [] : itemsNamed(prepared.items, word);
  if (word === 'report') output.write(showReport(prepared.reportWith(prepared.items)));
  else if (named.length === 0) throw unknownItem(word, prepared);
  await printItems(named, output);
}

function unknownItem(word: string, { items, omitted }: PreparedFeedback): UsageError {
  const missing = omitted.find(({ kind, name }) => kind === word || name === word);
  const there = ['report', ...items.map(({ name }, index) => `${index + 1} ${name}`)].join(', ');
  return new UsageError(
    missing ? `There is no ${word}: ${missing.reason}.` : `There is no item ${word}.`,
    `There are: ${there}`,
  );
}
