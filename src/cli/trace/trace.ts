import { dirname, join } from 'node:path';
import { errorCode, files } from '../../host/files.ts';
import { replaceFile } from '../../host/replace-file.ts';
import { createRedactor } from '../../redact/redactor.ts';
import type { Redactor } from '../../redact/redactor.ts';
import { redactionOfUser } from '../../target/redaction.ts';
import type { RolloutTrace } from '../../trace/model/trace.ts';
import { pageOf } from '../../trace/page/page.ts';
import { payloadsOf } from '../../trace/page/payloads.ts';
import { readState } from '../../trace/read-state.ts';
import { TraceFault } from '../../trace/reduce/fault.ts';
import { reduceTrace } from '../../trace/reduce-trace.ts';
import type { Reduced } from '../../trace/reduce-trace.ts';
import { timelineOf } from '../../trace/timeline.ts';
import type { TimelineRow } from '../../trace/timeline.ts';
import { EXIT_DONE, EXIT_FAILED, isAnswered } from '../command.ts';
import type { Command } from '../command.ts';
import { finish } from '../finish.ts';
import { Problem } from '../problem.ts';
import { styleFor } from '../style.ts';
import { UsageError } from '../usage-error.ts';
import { workingDirectory } from '../working-directory.ts';
import { buildTraceOptions, traceOptions } from './options.ts';
import type { TraceArguments } from './options.ts';
import { timelineText } from './timeline-text.ts';
import type { TimelineHead } from './timeline-text.ts';
import { writePage } from './write-page.ts';

/** `stethos trace reduce` and `stethos trace show`. */
export const trace: Command = async (argv, parser) => {
  const args = buildTraceOptions(parser(argv, 'stethos trace', traceOptions)).parseSync();
  if (isAnswered(args)) return;
  const [verb, path, ...more] = args._.map(String);
  if (verb !== 'reduce' && verb !== 'show')
    throw new UsageError('A trace is reduced or shown.', 'For example: stethos trace show FOLDER');
  if (path === undefined || more.length > 0)
    throw new UsageError(`trace ${verb} takes one path.`, `For example: stethos trace ${verb} FOLDER`);
  if (args.force && args.html === undefined)
    throw new UsageError('--force replaces a page.', 'It goes with show --html FILE.');
  if (verb === 'reduce') return reduce(path, args);
  if (args.output !== undefined)
    throw new UsageError('trace show writes no file.', '--output goes with reduce.');
  if (args.html === undefined) return show(path, args);
  if (args.json || args['no-redact'])
    throw new UsageError(
      'A page is for readers, and always redacted.',
      '--html goes with neither --json nor --no-redact.',
    );
  return showPage(path, { ...args, target: args.html });
};

async function reduce(bundle: string, { output, tolerant, json, html }: TraceArguments): Promise<void> {
  if (json) throw new UsageError('trace reduce writes JSON anyway.', '--json goes with show.');
  if (html !== undefined) throw new UsageError('trace reduce makes no page.', '--html goes with show.');
  const reduced = await orProblem(bundle, () => reduceTrace(bundle, { tolerant }));
  const path = output ?? join(bundle, 'state.json');
  try {
    // A link or a FIFO that stands there is replaced: a bundle does not say which file is written.
    await replaceFile(path, JSON.stringify(reduced.trace, undefined, INDENT));
  } catch (error) {
    throw new Problem(`${path} cannot be written (${errorCode(error)}). Another place: --output FILE`);
  }
  if (reduced.leftOut) process.stderr.write(`stethos: ${leftOutText(reduced.leftOut)}\n`);
  finish(`${path}\n`, { exitCode: EXIT_DONE, what: 'the path', unwritten: EXIT_FAILED });
}

const INDENT = 2;

async function show(path: string, args: TraceArguments): Promise<void> {
  const reduced = await orProblem(path, () => open(path, args.tolerant));
  const shown = args['no-redact'] ? timelineFor(reduced) : withoutSecrets(timelineFor(reduced));
  const text = args.json ? asJson(shown) : await asText(shown, args);
  finish(text, { exitCode: EXIT_DONE, what: 'the timeline', unwritten: EXIT_FAILED });
}

interface Shown {
  readonly head: TimelineHead;
  readonly rows: readonly TimelineRow[];
}

const asJson = ({ head, rows }: Shown): string =>
  `${JSON.stringify({ schemaVersion: 1, ...head, rows }, undefined, INDENT)}\n`;

async function asText({ head, rows }: Shown, args: TraceArguments): Promise<string> {
  // Into a pipe or a file goes the whole line, unless somebody says how wide it may be.
  const isBounded = process.stdout.isTTY || process.env['COLUMNS'] !== undefined;
  const look = { noColor: args['no-color'], ascii: false, all: args.all || !isBounded };
  return timelineText(head, rows, await styleFor(look));
}

const redactorOfThisMachine = (): Redactor =>
  createRedactor(redactionOfUser({ env: process.env, cwd: workingDirectory(process.env).cwd }, files));

const withoutSecrets = (shown: Shown): Shown => redactorOfThisMachine().value(shown);

async function showPage(
  path: string,
  { target, tolerant, force }: Pick<TraceArguments, 'tolerant' | 'force'> & { readonly target: string },
): Promise<void> {
  const { trace: model, leftOut } = await orProblem(path, () => open(path, tolerant));
  const readPayload = await payloadsOf(isFolder(path) ? path : dirname(path));
  const page = pageOf(model, {
    redactor: redactorOfThisMachine(),
    ...(readPayload && { readPayload }),
    ...(leftOut && { leftOut: leftOutText(leftOut) }),
  });
  writePage(target, page, { isReplacing: force });
}

function timelineFor({ trace: model, leftOut }: Reduced): Shown {
  const end = model.ended_at_unix_ms;
  return {
    head: {
      rolloutId: model.rollout_id,
      status: model.status,
      isComplete: model.recording_complete,
      durationMs: end === null ? null : end - model.started_at_unix_ms,
      ...(leftOut && { leftOut: leftOutText(leftOut) }),
    },
    rows: timelineOf(model),
  };
}

/** A bundle, or what was made of one. */
async function open(path: string, tolerant: boolean): Promise<Reduced> {
  if (isFolder(path)) return reduceTrace(path, { tolerant });
  const model: RolloutTrace = await readState(path);
  return { trace: model };
}

function isFolder(path: string): boolean {
  const look = files.look(path);
  return look.kind === 'found' && look.type === 'directory';
}

const leftOutText = ({ line, reason }: NonNullable<Reduced['leftOut']>): string =>
  `line ${line} of the event log was left out: ${reason}.`;

async function orProblem<Value>(path: string, work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof TraceFault)) throw error;
    const place = error.line === undefined ? '' : `, line ${error.line} of the event log`;
    throw new Problem(`${path}${place}: ${error.message}. ${nextStep(error)}`);
  }
}

function nextStep({ kind }: TraceFault): string {
  switch (kind) {
    case 'not_a_bundle':
      return 'Name a folder trace-… below the folder of CODEX_ROLLOUT_TRACE_ROOT, or a state.json.';
    case 'unsupported_schema':
      return 'Reduce it with the program that wrote it, and show its state.json.';
    case 'malformed_line':
      return 'If the agent died while it wrote, --tolerant takes what is whole.';
    default:
      return 'The trace was changed or damaged: record it again, or copy the whole folder again.';
  }
}
