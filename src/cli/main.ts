import { EXIT } from '../doctor/report.ts';
import { visible } from '../redact/control.ts';
import { EXIT_FAILED } from './command.ts';
import type { Command } from './command.ts';
import { doctor } from './doctor/doctor.ts';
import { doctorOptions } from './doctor/options.ts';
import type { DoctorArguments } from './doctor/options.ts';
import { parsePlainly } from './parse-plainly.ts';
import type { Problem } from './problem.ts';
import type { UsageError } from './usage-error.ts';

/** Loaded when they are named: the build makes each a file of its own. */
const COMMANDS: ReadonlyMap<string | undefined, () => Promise<Command>> = new Map([
  ['exec', async () => (await import('./exec/exec.ts')).exec],
  ['login', async () => (await import('./login/login.ts')).login],
  ['logout', async () => (await import('./login/login.ts')).logout],
  ['execpolicy', async () => (await import('./execpolicy/execpolicy.ts')).execpolicy],
  ['feedback', async () => (await import('./feedback/feedback.ts')).feedback],
  ['trace', async () => (await import('./trace/trace.ts')).trace],
  ['bundle', async () => (await import('./bundle/bundle.ts')).bundle],
  ['explain', async () => (await import('./explain/explain.ts')).explain],
  ['completion', async () => (await import('./completion/completion.ts')).completion],
  ['config', async () => (await import('./config/config.ts')).config],
  ['history', async () => (await import('./history/history.ts')).history],
  ['diff', async () => (await import('./diff/diff.ts')).diff],
  ['wait', async () => (await import('./wait/wait.ts')).wait],
  ['nagios', async () => (await import('./nagios/nagios.ts')).nagios],
  ['checks', async () => (await import('./checks/checks.ts')).checks],
  ['serve', async () => (await import('./serve/serve.ts')).serve],
  ['apply-patch', async () => (await import('./apply-patch/apply-patch.ts')).applyPatch],
]);

/**
 * Runs one command line and sets `process.exitCode`. Never rejects: a wrong command line is explained on standard error
 * (exit code 2), what keeps a command from its work too (1), and so is a fault of ours (3: there is no verdict), wherever
 * it comes up.
 */
export async function main(argv: readonly string[]): Promise<void> {
  endAtFaults(argv);
  try {
    await run(argv);
  } catch (error) {
    if (isUsageError(error)) {
      const [name] = argv;
      const page = name === 'doctor' || COMMANDS.has(name) ? `stethos ${name}` : 'stethos';
      tell(`${error.message}\n${error.hint ?? `Run ${page} --help for what there is.`}`);
      process.exitCode = EXIT.usage;
    } else if (isProblem(error)) {
      tell(error.message);
      // Not by `exitCode`: what was begun may keep the process alive.
      process.exit(EXIT_FAILED);
    } else {
      process.exitCode = EXIT.incomplete;
      await tellFault(error, argv);
    }
  }
}

/** For what is thrown where nobody waits for it: in a handler of events, in a promise that nobody follows. */
function endAtFaults(argv: readonly string[]): void {
  let isEnding = false;
  // Without a listener of their own, rejections that nobody handles arrive here too.
  process.on('uncaughtException', (error: unknown) => {
    if (isEnding) return;
    isEnding = true;
    void endWithFault(error, argv);
  });
}

async function endWithFault(error: unknown, argv: readonly string[]): Promise<void> {
  try {
    await tellFault(error, argv);
  } finally {
    process.exit(EXIT.incomplete);
  }
}

async function tellFault(error: unknown, argv: readonly string[]): Promise<void> {
  const words = error instanceof Error ? (error.stack ?? error.message) : String(error);
  tell(`this is a fault in stethos itself: ${words}`);
  if (process.env['STETHOS_CRASH_REPORTS'] === '1') await tellMakers(error, argv);
}

/** Only where the user has asked for it, and whatever happens there is not another fault. */
async function tellMakers(error: unknown, [name]: readonly string[]): Promise<void> {
  try {
    const { reportCrash } = await import('./crash-report.ts');
    const command = name === 'doctor' || COMMANDS.has(name) ? name : undefined;
    tell(await reportCrash(error, { command, env: process.env }));
  } catch {
    tell('no crash report was sent');
  }
}

async function run(argv: readonly string[]): Promise<void> {
  const [name, ...rest] = argv;
  if (name === 'doctor') {
    const plain = parsePlainly(rest, doctorOptions) as DoctorArguments | undefined;
    const args = plain ?? (await import('./command-line.ts')).readDoctorOptions(rest);
    return args && doctor(args);
  }
  const load = COMMANDS.get(name);
  const { newParser, answerWithoutCommand } = await import('./command-line.ts');
  if (load) return (await load())(rest, newParser);
  answerWithoutCommand(argv);
}

// By name: a command is a bundle of its own, with classes of its own.
const isUsageError = (error: unknown): error is UsageError =>
  error instanceof Error && error.name === ('UsageError' satisfies UsageError['name']);
const isProblem = (error: unknown): error is Problem =>
  error instanceof Error && error.name === ('Problem' satisfies Problem['name']);

/** Words may come from a file or a server, and must not steer the terminal. */
const tell = (text: string): void => void process.stderr.write(`stethos: ${visible(text)}\n`);
