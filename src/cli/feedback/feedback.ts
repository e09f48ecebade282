import { TOOL_VERSION } from '../../doctor/version.ts';
import { chooseThread, recentThreads } from '../../feedback/choose-thread.ts';
import type { ChosenThread } from '../../feedback/choose-thread.ts';
import { prepareFeedback } from '../../feedback/prepare.ts';
import type { PreparedFeedback } from '../../feedback/prepared.ts';
import { itemsNamed, select } from '../../feedback/selection.ts';
import { systemClock } from '../../host/clock.ts';
import { files } from '../../host/files.ts';
import { systemTerminal } from '../../host/terminal.ts';
import { resolveDsn } from '../../telemetry/sentry/resolve-dsn.ts';
import type { ResolvedDsn } from '../../telemetry/sentry/resolve-dsn.ts';
import { isAnswered } from '../command.ts';
import type { Command } from '../command.ts';
import { finish } from '../finish.ts';
import { Problem } from '../problem.ts';
import { noticeOnError, readInput, systemInput } from '../standard-input.ts';
import { UsageError } from '../usage-error.ts';
import { createQuestioner } from './ask.ts';
import type { Questioner } from './ask.ts';
import { deliver } from './deliver.ts';
import { EXIT_INTERRUPTED, watchInterrupts } from './interrupts.ts';
import { interview } from './interview.ts';
import type { Answers } from './interview.ts';
import { buildFeedbackOptions, feedbackOptions } from './options.ts';
import type { FeedbackArguments } from './options.ts';
import { exitCodeOf, outcomeDocument, outcomeText } from './outcome.ts';
import type { FeedbackOutcome } from './outcome.ts';
import { printItems } from './print-items.ts';
import { bundlePath, kindsWanted, refuseContradictions, tagsOf, wishOf } from './read-arguments.ts';
import { showReport } from './show-report.ts';
import { surroundingsOf } from './surroundings.ts';
import type { FeedbackSurroundings } from './surroundings.ts';

/** A message is words; a file is attached. */
const MAX_MESSAGE_BYTES = 64 * 1024;

/** `stethos feedback`. */
export const feedback: Command = async (argv, parser) => {
  const args = buildFeedbackOptions(parser(argv, 'stethos feedback', feedbackOptions)).parseSync();
  if (isAnswered(args)) return;
  if (args._.length > 0) throw new UsageError(`feedback takes options only, not ${args._[0]}.`, IN_WORDS);
  refuseContradictions(args);
  const interrupts = watchInterrupts();
  const questioner = isAttended(args)
    ? createQuestioner({ input: process.stdin, output: process.stderr, onInterrupt: interrupts.interrupt })
    : undefined;
  try {
    await tell(args, questioner, interrupts.signal);
  } catch (error) {
    if (interrupts.signal.aborted) process.exit(EXIT_INTERRUPTED);
    throw error;
  } finally {
    questioner?.close();
  }
};

const IN_WORDS = 'What happened stands behind --message: stethos feedback -m "It stops after a 401"';

/** Somebody can be asked, and has not said everything already. */
const isAttended = ({ yes, preview, show, format }: FeedbackArguments): boolean =>
  systemTerminal.stdin &&
  systemTerminal.stderr &&
  !yes &&
  !preview &&
  show === undefined &&
  format === 'text';

async function tell(
  args: FeedbackArguments,
  questioner: Questioner | undefined,
  signal: AbortSignal,
): Promise<void> {
  const around = surroundingsOf({ target: args.target, home: args.home });
  if (around.switchedOffBy !== undefined)
    throw new Problem(
      `Feedback is switched off by [feedback] enabled = false in ${around.switchedOffBy}. Whoever wrote that can switch it on.`,
    );
  const destination = destinationOf(args, around);
  if (args.out !== undefined) refuseExisting(bundlePath(args.out, args));
  const message = await readMessage(args);
  const means = { files, home: around.home.path, signal };
  const answers: Answers | undefined = questioner
    ? await interview({ ...args, message }, questioner, means)
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
  const thread = await threadOf(answers.thread, means);
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
      env: process.env,
      files,
      signal,
      thread,
      clock: systemClock,
      newId: () => crypto.randomUUID(),
      version: TOOL_VERSION,
      ...(systemTerminal.stderr && { onProgress: (name) => process.stderr.write(`reading ${name} …\n`) }),
    },
  );
  const selection = select(prepared.items, wishOf(args));
  const [unknown] = selection.unknown;
  if (unknown !== undefined) throw unknownItem(unknown, prepared);
  if (args.show !== undefined) return showItems(args.show, prepared);
  const { outcome, chosen } = await deliver({
    args,
    prepared,
    destination,
    questioner,
    around,
    signal,
    chosen: selection.items,
  });
  return conclude({ args, prepared, destination, outcome, chosen });
}

/** A wrong DSN is told before anything is gathered. */
function destinationOf(args: FeedbackArguments, { stethosHome }: FeedbackSurroundings): ResolvedDsn {
  const resolved = resolveDsn({ option: args.dsn, env: process.env, stethosHome, files });
  const isNeeded = args.out === undefined && !args.preview && args.show === undefined;
  if (resolved.kind !== 'invalid' || !isNeeded) return resolved;
  const problem = `${resolved.source} is no DSN: ${resolved.problem}.`;
  throw args.dsn === undefined
    ? new Problem(`${problem} ${resolved.remedy}`)
    : new UsageError(problem, resolved.remedy);
}

/** Told before anything is gathered; the writing itself sees to it again. */
function refuseExisting(path: string): void {
  if (files.look(path).kind !== 'missing')
    throw new Problem(`${path} exists already, and stays as it is. Name another file: --out`);
}

async function readMessage({ message }: FeedbackArguments): Promise<string | undefined> {
  if (message !== undefined && Buffer.byteLength(message) > MAX_MESSAGE_BYTES) throw tooLong();
  if (message !== '-') return message;
  const read = await readInput(systemInput, {
    what: 'the message',
    maxBytes: MAX_MESSAGE_BYTES,
    notice: noticeOnError,
  });
  if (read.kind === 'problem') throw new Problem(`${read.message} Attach it as a file: --attach FILE`);
  return read.text;
}

const tooLong = (): UsageError =>
  new UsageError('The message is longer than 64 KB.', 'Attach it as a file: --attach FILE');

async function threadOf(
  wanted: string | undefined,
  means: Parameters<typeof recentThreads>[0],
): Promise<ChosenThread> {
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

async function showItems(word: string, prepared: PreparedFeedback): Promise<void> {
  const named = word === 'report' ? [] : itemsNamed(prepared.items, word);
  if (word === 'report') process.stdout.write(showReport(prepared.reportWith(prepared.items)));
  else if (named.length === 0) throw unknownItem(word, prepared);
  await printItems(named, process.stdout);
  prepared.remove();
}

function unknownItem(word: string, { items, omitted }: PreparedFeedback): UsageError {
  const missing = omitted.find(({ kind, name }) => kind === word || name === word);
  const there = ['report', ...items.map(({ name }, index) => `${index + 1} ${name}`)].join(', ');
  return new UsageError(
    missing ? `There is no ${word}: ${missing.reason}.` : `There is no item ${word}.`,
    `There are: ${there}`,
  );
}

function conclude({
  args,
  prepared,
  destination,
  outcome,
  chosen,
}: {
  readonly args: FeedbackArguments;
  readonly prepared: PreparedFeedback;
  readonly destination: ResolvedDsn;
  readonly outcome: FeedbackOutcome;
  readonly chosen: PreparedFeedback['items'];
}): never {
  const to = destination.kind === 'dsn' && args.out === undefined ? destination : undefined;
  const text =
    args.format === 'json'
      ? outcomeDocument({ feedback: prepared, chosen, destination: to, outcome })
      : outcomeText(outcome, prepared);
  return finish(text, { exitCode: exitCodeOf(outcome), what: 'the outcome', unwritten: 1 });
}
