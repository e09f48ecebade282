import type { Writable } from 'node:stream';
import { TOOL_VERSION } from '../../doctor/version.ts';
import { BundleFault } from '../../feedback/bundle/fault.ts';
import { inspectBundle } from '../../feedback/bundle/inspect.ts';
import { openBundle } from '../../feedback/bundle/read.ts';
import type { BundleEntry, OpenBundle } from '../../feedback/bundle/read.ts';
import { redactBundle } from '../../feedback/bundle/redact-again.ts';
import { isSound, verifyBundle } from '../../feedback/bundle/verify.ts';
import { formatOf } from '../../feedback/source-items.ts';
import { errorCode, files } from '../../host/files.ts';
import { createRedactor } from '../../redact/redactor.ts';
import type { Redactor, RedactorOptions } from '../../redact/redactor.ts';
import { redactStream } from '../../redact/stream.ts';
import type { Environment } from '../../target/home.ts';
import { redactionOfUser } from '../../target/redaction.ts';
import { EXIT_DONE, EXIT_FAILED, isAnswered } from '../command.ts';
import type { Command } from '../command.ts';
import { EXIT_INTERRUPTED, watchInterrupts } from '../feedback/interrupts.ts';
import type { Conclusion } from '../feedback/outcome.ts';
import { printPieces } from '../feedback/print-items.ts';
import { finish } from '../finish.ts';
import { Problem } from '../problem.ts';
import { UsageError } from '../usage-error.ts';
import { workingDirectory } from '../working-directory.ts';
import { buildBundleOptions, bundleOptions } from './options.ts';
import type { BundleArguments } from './options.ts';
import { inspectionText, redactionText, verificationText } from './words.ts';

const VERBS = ['inspect', 'verify', 'redact'] as const;
type Verb = (typeof VERBS)[number];

/** `stethos bundle inspect|verify|redact <zip>`. */
export const bundle: Command = async (argv, parser) => {
  const args = buildBundleOptions(parser(argv, 'stethos bundle', bundleOptions)).parseSync();
  if (isAnswered(args)) return;
  const { signal } = watchInterrupts();
  try {
    const conclusion = await runBundle(args, { env: process.env, output: process.stdout, signal });
    if (conclusion) finish(conclusion.text, { ...conclusion, what: 'the outcome', unwritten: EXIT_FAILED });
  } catch (error) {
    if (signal.aborted) process.exit(EXIT_INTERRUPTED);
    throw error;
  }
};

/** What the command has of the process that it runs in. */
interface BundleMeans {
  readonly env: Environment;
  /** Where the bytes of an entry go. */
  readonly output: Writable;
  readonly signal: AbortSignal;
}

/**
 * Does what the options say.
 * @returns what is left to print; undefined where everything was printed
 * @throws UsageError, Problem, or the reason of `signal`
 */
export async function runBundle(
  args: BundleArguments & { readonly _: readonly (string | number)[] },
  means: BundleMeans,
): Promise<Conclusion | undefined> {
  const [verb, path, ...more] = args._.map(String);
  if (!isVerb(verb))
    throw new UsageError(`bundle ${verb ?? ''} says nothing to do.`.replace('  ', ' '), EXAMPLE);
  if (path === undefined || more.length > 0)
    throw new UsageError(`bundle ${verb} takes one ZIP file.`, EXAMPLE);
  refuseWhatDoesNothing(verb, args);
  try {
    return await run(verb, path, args, means);
  } catch (error) {
    if (error instanceof BundleFault)
      throw new Problem(`${path} is no bundle: ${error.message}.`, { cause: error });
    throw error;
  }
}

const EXAMPLE = 'For example: stethos bundle inspect bundle.zip';

const isVerb = (word: string | undefined): word is Verb =>
  (VERBS as readonly (string | undefined)[]).includes(word);

function refuseWhatDoesNothing(verb: Verb, { out, show }: BundleArguments): void {
  if (out !== undefined && verb !== 'redact')
    throw new UsageError(`bundle ${verb} writes no file.`, '--out goes with redact.');
  if (show !== undefined && verb !== 'inspect')
    throw new UsageError(`bundle ${verb} prints no entry.`, '--show goes with inspect.');
}

async function run(
  verb: Verb,
  path: string,
  args: BundleArguments,
  { env, output, signal }: BundleMeans,
): Promise<Conclusion | undefined> {
  const redaction = redactionOfUser({ env, cwd: workingDirectory(env).cwd }, files);
  const opened = await openBundle(path);
  try {
    if (verb === 'verify') return await verify(opened, path, args, signal);
    if (verb === 'redact') return await redact(opened, path, args, { redaction, signal });
    if (args.show === undefined) return await inspect(opened, path, args, redaction);
    return await showEntry(opened, args.show, { redaction, output });
  } finally {
    opened.close();
  }
}

async function inspect(
  opened: OpenBundle,
  path: string,
  { format }: BundleArguments,
  redaction: RedactorOptions,
): Promise<Conclusion> {
  // What somebody else wrote is shown as everything is: without its secrets.
  const inspected = createRedactor(redaction).value({ ...(await inspectBundle(opened)), attachments: [] });
  const full = {
    ...inspected,
    attachments: opened.entries.filter(({ name }) => name.startsWith('attachments/')),
  };
  const { report, manifest, strays } = full;
  const text =
    format === 'json' ? json({ schemaVersion: 1, report, manifest, strays }) : inspectionText(path, full);
  return { text, exitCode: EXIT_DONE };
}

async function showEntry(
  { entries }: OpenBundle,
  word: string,
  { redaction, output }: { readonly redaction: RedactorOptions; readonly output: Writable },
): Promise<undefined> {
  const entry = entries.find(({ name }) => name === word || name.endsWith(`/${word}`));
  if (!entry)
    throw new UsageError(
      `There is no entry ${word}.`,
      `There are: ${entries.map(({ name }) => name).join(', ')}`,
    );
  const redactor = createRedactor(redaction);
  const redacted = redactStream(bytesOf(entry), { redactor, format: formatOf(entry.name) });
  await printPieces(redacted.output, output);
}

async function* bytesOf(entry: BundleEntry): AsyncGenerator<Uint8Array> {
  try {
    for await (const piece of await entry.open()) yield piece as Uint8Array;
  } catch (error) {
    throw new BundleFault(`${entry.name} cannot be unpacked`, { cause: error });
  }
}

/** Without the names of this machine: whose bundle it is, nobody knows here. */
const impartialRedactor = (): Redactor => createRedactor({ userDirectory: '' });

async function verify(
  opened: OpenBundle,
  path: string,
  { format }: BundleArguments,
  signal: AbortSignal,
): Promise<Conclusion> {
  const inspected = await inspectBundle(opened);
  const verification = await verifyBundle(opened, inspected, { newRedactor: impartialRedactor, signal });
  const isGood = isSound(verification);
  const text =
    format === 'json'
      ? json({ schemaVersion: 1, sound: isGood, ...verification })
      : verificationText(path, verification);
  return { text, exitCode: isGood ? EXIT_DONE : EXIT_FAILED };
}

async function redact(
  opened: OpenBundle,
  path: string,
  { format, out }: BundleArguments,
  means: { readonly redaction: RedactorOptions; readonly signal: AbortSignal },
): Promise<Conclusion> {
  const target = out ?? `${path.replace(/(?:\.unredacted)?\.zip$/i, '')}.redacted.zip`;
  const inspected = await inspectBundle(opened);
  let done: Awaited<ReturnType<typeof redactBundle>>;
  try {
    done = await redactBundle(inspected, target, { ...means, version: TOOL_VERSION });
  } catch (error) {
    means.signal.throwIfAborted();
    const code = errorCode(error);
    const why = code === 'EEXIST' ? 'exists already, and stays as it is' : `cannot be written (${code})`;
    throw new Problem(`${target} ${why}. Name another file: --out`, { cause: error });
  }
  const text =
    format === 'json' ? json({ schemaVersion: 1, path: target, ...done }) : redactionText(target, done);
  return { text, exitCode: done.omitted.length > 0 ? EXIT_FAILED : EXIT_DONE };
}

const json = (value: object): string => `${JSON.stringify(value, null, 2)}\n`;
