import { readFileSync } from 'node:fs';
import type * as Surface from '../../agent/index.ts';
import type { Agent, AgentOptions, AgentThread, StartOptions } from '../../agent/index.ts';
import type { JsonValue } from '../../host/json.ts';
import type { UserInput } from '../../agent/protocol/op.ts';
import { atMost } from '../../host/at-most.ts';
import { errorCode } from '../../host/files.ts';
import { shellCommand } from '../../host/shell-path.ts';
import { visible } from '../../redact/control.ts';
import type { ExecArguments } from './options.ts';
import type { ExecOutput } from './output.ts';
import { overridesOf, scriptFileOf } from './overrides.ts';
import { Problem } from '../problem.ts';
import type { ExecCommand } from './read-arguments.ts';
import { createThreadEvents } from './thread-events.ts';
import type { TurnEnd } from './thread-events.ts';
import { refusalOf } from './unattended.ts';

export interface ExecRun extends Pick<ExecCommand, 'start'> {
  readonly args: ExecArguments;
  readonly cwd: string;
  readonly items: readonly UserInput[];
  readonly outputSchema: JsonValue | undefined;
  readonly output: ExecOutput;
  readonly client: { readonly name: string; readonly version: string };
  /** @throws Problem */
  readonly saveLastMessage: (text: string | null) => void;
}

/** Shutting down waits for terminals and servers to go; one that does not must not hold the run. */
const SHUTDOWN_LIMIT_MS = 5_000;
const EXIT_COMPLETED = 0;
const EXIT_FAILED = 1;
const EXIT_INTERRUPTED_TWICE = 130;

/**
 * Starts the agent, lets it take one turn and shuts it down.
 * @returns the exit code (spec/agent-core.md 1.7)
 * @throws Problem where there was no turn
 */
export async function runOnce(run: ExecRun): Promise<number> {
  const { output } = run;
  const api = await import('../../agent/index.ts');
  const agent = await orProblem(api, async () => api.createAgent(await agentOptions(run, api)));
  const { approvalPolicy, sandboxPolicy, modelProviderId } = agent.config;
  output.begin({
    provider: scriptFileOf(run.args) === undefined ? modelProviderId : 'a script',
    approval: typeof approvalPolicy === 'string' ? approvalPolicy : 'granular',
    sandbox: sandboxPolicy.type,
  });
  const signals = watchSignals();
  let end: TurnEnd;
  try {
    const thread = await orProblem(api, () => startThread(agent, run));
    end = await takeTurn(thread, run, signals);
    if (end.kind === 'completed') {
      run.saveLastMessage(end.lastMessage);
      if (end.lastMessage !== null) output.finalMessage(end.lastMessage);
    }
  } finally {
    await atMost(SHUTDOWN_LIMIT_MS, agent.close());
    await output.drained();
    signals.stop();
  }
  if (output.failure !== undefined)
    throw new Problem(`Standard output could not be written (${output.failure}).`);
  if (end.kind === 'failed' && scriptFileOf(run.args) === undefined)
    process.stderr.write(`stethos: ${doctorCommand(run.args)} looks for what stands in the way\n`);
  return end.kind === 'completed' ? EXIT_COMPLETED : EXIT_FAILED;
}

/** The doctor with the provider of this run. */
function doctorCommand({ home, provider, oss }: ExecArguments): string {
  const words = ['stethos', 'doctor', '--target', 'stethos'];
  if (home !== undefined) words.push('--home', home);
  if (provider !== undefined && !oss) words.push('-c', `model_provider="${provider}"`);
  return shellCommand(words);
}

type Api = typeof Surface;

async function agentOptions({ args, cwd, client }: ExecRun, api: Api): Promise<AgentOptions> {
  const scriptFile = scriptFileOf(args);
  return {
    cwd,
    client,
    entryPoint: 'exec',
    overrides: overridesOf(args, cwd),
    ignoresRules: args['ignore-rules'],
    isStrict: args['strict-config'],
    onWarning: (message) => process.stderr.write(`stethos: ${visible(message)}\n`),
    ...(args.home !== undefined && { home: args.home }),
    ...(scriptFile !== undefined && { provider: await api.scriptedAgentModel(readScriptFile(scriptFile)) }),
  };
}

function readScriptFile(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new Problem(`--provider scripted=${path} cannot be read (${errorCode(error)}).`);
  }
}

async function startThread(agent: Agent, { args, cwd, start }: ExecRun): Promise<AgentThread> {
  const options: StartOptions = { isEphemeral: args.ephemeral };
  if (start.kind === 'new') return agent.startThread(options);
  const session = start.session ?? (await newestSession(agent, args.all === true ? undefined : cwd));
  return start.kind === 'resume' ? agent.resumeThread(session, options) : agent.forkThread(session, options);
}

/** @param cwd only sessions of this folder */
async function newestSession(agent: Agent, cwd: string | undefined): Promise<string> {
  const [newest] = await agent.listThreads({
    limit: 1,
    signal: new AbortController().signal,
    ...(cwd !== undefined && { filter: { cwd } }),
  });
  if (newest) return newest.id;
  throw new Problem(
    cwd === undefined
      ? 'There is no earlier session.'
      : `There is no earlier session of ${cwd}. Say --all for those of any folder.`,
  );
}

/** Submits the prompt and follows the thread until the turn is over. */
function takeTurn(thread: AgentThread, run: ExecRun, signals: Signals): Promise<TurnEnd> {
  const { promise, resolve } = Promise.withResolvers<TurnEnd>();
  const events = createThreadEvents();
  const interrupt = (): void => void thread.submit({ type: 'interrupt' });
  thread.subscribe(({ msg }) => {
    run.output.event(msg, events.accept(msg));
    const refusal = refusalOf(msg);
    if (refusal) thread.submit(refusal);
    if (events.end) resolve(events.end);
  });
  thread.submit({
    type: 'user_input',
    items: run.items,
    ...(run.outputSchema !== undefined && { finalOutputJsonSchema: run.outputSchema }),
  });
  signals.onInterrupt(interrupt);
  run.output.onReaderGone(interrupt);
  return promise.finally(() => {
    signals.onInterrupt(undefined);
    run.output.onReaderGone(undefined);
  });
}

const isFileSystemError = (
  error: unknown,
): error is NodeJS.ErrnoException & { readonly path: string; readonly code: string } =>
  error instanceof Error && 'syscall' in error && 'path' in error && 'code' in error;

const FIND_SESSION =
  'Name a session by its whole id or its name, or say --last for the newest one of this folder.';

/** Faults that are the user's to mend are told without a stack. */
async function orProblem<Value>(
  { AgentStartError, ThreadNotFound, ThreadInUse, ScriptError }: Api,
  work: () => Promise<Value>,
): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    const isExpected = [AgentStartError, ThreadNotFound, ThreadInUse, ScriptError].some(
      (kind) => error instanceof kind,
    );
    // A home that is a file, on a full disk or not ours.
    if (isFileSystemError(error)) throw new Problem(`${error.path} cannot be used (${error.code}).`);
    if (!isExpected || !(error instanceof Error)) throw error;
    const next = error instanceof ThreadNotFound ? `\n${FIND_SESSION}` : '';
    throw new Problem(`${error.message}${next}`);
  }
}

interface Signals {
  /** Undefined: there is no turn to interrupt. */
  onInterrupt(then: (() => void) | undefined): void;
  stop(): void;
}

/** The first Ctrl-C interrupts the turn, the second one does not wait for it; where there is no turn, the first one ends. */
function watchSignals(): Signals {
  let interrupt: (() => void) | undefined;
  let isAsked = false;
  const onSignal = (): void => {
    if (isAsked || !interrupt) process.exit(EXIT_INTERRUPTED_TWICE);
    isAsked = true;
    interrupt();
  };
  // With any of them unhandled, commands outside a sandbox would outlive this process.
  const names = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const name of names) process.on(name, onSignal);
  return {
    onInterrupt: (then) => {
      interrupt = then;
    },
    stop: () => {
      for (const name of names) process.off(name, onSignal);
    },
  };
}
