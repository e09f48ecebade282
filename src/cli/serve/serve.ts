import { join } from 'node:path';
import { EXIT } from '../../doctor/report.ts';
import { systemClock } from '../../host/clock.ts';
import { errorCode } from '../../host/files.ts';
import { listen } from '../../net/listen.ts';
import type { Listening } from '../../net/listen.ts';
import { hostInUrl, isLoopbackName } from '../../net/listen-names.ts';
import { visibleInOneLine } from '../../redact/control.ts';
import { EXIT_DONE, isAnswered } from '../command.ts';
import type { Command } from '../command.ts';
import { packageFile } from '../package-file.ts';
import { Problem } from '../problem.ts';
import { UsageError } from '../usage-error.ts';
import { workingDirectory } from '../working-directory.ts';
import { answerTo } from './answers.ts';
import { readServeArguments } from './arguments.ts';
import type { ServeSetup } from './arguments.ts';
import { examineInProcess } from './examine.ts';
import { createJournal } from './journal.ts';
import { createRequestCounts } from './metrics.ts';
import { buildServeOptions, serveOptions } from './options.ts';
import { createRuns } from './runs.ts';
import type { CachedRuns } from './runs.ts';

/** What the doctor takes by default; its own deadline, so that it can still tell what is missing. */
const DOCTOR_TIMEOUT_MS = 30_000;
/** For the process to start, to print its report and to end. */
const PROCESS_MARGIN_MS = 15_000;
/** Answers under way have this long when the server ends: less than a service manager waits before it kills. */
const CLOSE_LIMIT_MS = 2_000;

/** `stethos serve`: runs until it is told to end. */
export const serve: Command = async (argv, parser) => {
  const args = buildServeOptions(parser(argv, 'stethos serve', serveOptions)).parseSync();
  if (isAnswered(args)) return;
  if (args._.length > 0) throw new UsageError(`serve takes options only, not ${args._[0]}.`);
  // Nobody may read it any more; that is no reason to end.
  process.stderr.on('error', () => undefined);
  const setup = readServeArguments(args);
  const runs = runsOf(setup);
  const server = await listening(setup, runs);
  const first = runs.refresh();
  endOnSignals(server, runs);
  const outcome = await first;
  // What it is called with is wrong for good.
  if (outcome.kind === 'none' && outcome.isUsage) {
    runs.stop();
    await server.close(0);
    throw new UsageError(outcome.reason, 'The doctor does not run with these options and settings.');
  }
};

function runsOf({ doctor, everyMs, timeoutMs = DOCTOR_TIMEOUT_MS }: ServeSetup): CachedRuns {
  const launcher = packageFile(join('bin', 'stethos.js'));
  const { cwd } = workingDirectory(process.env);
  const journal = createJournal((line) => process.stderr.write(`stethos: ${visibleInOneLine(line)}\n`));
  return createRuns({
    examine: () =>
      examineInProcess({
        command: [process.execPath, launcher, ...doctor],
        cwd,
        env: process.env,
        timeoutMs: timeoutMs + PROCESS_MARGIN_MS,
      }),
    everyMs,
    clock: systemClock,
    onRun: journal,
  });
}

/** @throws Problem where the address cannot be had */
async function listening({ address, maxAgeMs }: ServeSetup, runs: CachedRuns): Promise<Listening> {
  const { host, port, isLoopback } = address;
  const requests = createRequestCounts();
  try {
    const server = await listen({
      host,
      port,
      // Other machines have names for this one that nobody here knows.
      isOwnName: isLoopback ? isLoopbackName : () => true,
      answer: ({ path }) => {
        runs.refreshIfOlderThan(maxAgeMs);
        return answerTo(path, { state: runs.state(), requests, nowMs: systemClock.now(), maxAgeMs });
      },
      onAnswered: (path, status) => requests.count(path, status),
    });
    const url = `http://${hostInUrl(server.address.address)}:${server.address.port}`;
    const warning = isLoopback ? '' : ', where other machines can read the report';
    process.stderr.write(`stethos: listening at ${url}${warning}\n`);
    return server;
  } catch (error) {
    throw new Problem(
      `${hostInUrl(host)}:${port} cannot be listened at (${errorCode(error)}). Another place: --listen 127.0.0.1:0`,
    );
  }
}

function endOnSignals(server: Listening, runs: CachedRuns): void {
  const end = (exitCode: number) => () => {
    runs.stop();
    // A second signal does not wait, and the exit ends an examination that is under way.
    for (const name of ['SIGTERM', 'SIGINT'] as const) process.once(name, () => process.exit(exitCode));
    void server.close(CLOSE_LIMIT_MS).then(() => process.exit(exitCode));
  };
  process.once('SIGTERM', end(EXIT_DONE));
  process.once('SIGINT', end(EXIT.interrupted));
}
