import type { CheckContext } from '../../doctor/context.ts';
import { skip } from '../../doctor/check.ts';
import type { Verdict } from '../../doctor/check.ts';
import { readDuration } from '../../host/duration.ts';
import type { ProcessRun } from '../../host/process.ts';
import { firstLine } from '../../host/first-line.ts';
import { formatBytes } from '../../host/units.ts';
import type { Fault } from './issue.ts';
import { isPath, pathOf } from './kind.ts';
import type { Place } from './kind.ts';
import type { SpecOf } from './vocabulary.ts';

type Started = SpecOf<'command' | 'version'>;
export type Ended = Extract<ProcessRun, { readonly kind: 'exited' }>;

/** Starts a declared program under the trust rule of all helpers, with PATH, HOME and what it is declared to inherit. */
export async function start(spec: Started, place: Place, context: CheckContext): Promise<ProcessRun> {
  const { program, args, inherit_env: inherited, timeout } = spec;
  context.waitingFor(program);
  const { values } = context.target.environment();
  const env = inherited.flatMap((name): [string, string][] => {
    const value = values[name];
    return value === undefined ? [] : [[name, value]];
  });
  const cwd =
    spec.kind === 'command' && spec.cwd !== undefined ? pathOf(spec.cwd, place, context) : undefined;
  return context.helpers.run(isPath(program) ? pathOf(program, place, context) : program, args, {
    timeoutMs: readDuration(timeout) ?? 0,
    env: Object.fromEntries(env),
    isNamedByUser: true,
    ...(cwd !== undefined && { cwd }),
  });
}

/** Nothing was started because nothing may be. */
export const notStarted = ({ program }: Started): Verdict =>
  skip({ because: '--no-exec', summary: `${program} was not started, because of --no-exec` });

/** Why a program did not come to its own end. */
export function faultOfStart(
  { program }: Started,
  run: Exclude<ProcessRun, Ended | { readonly kind: 'disabled' }>,
): Fault {
  const expected = `${program} runs to its end`;
  switch (run.kind) {
    case 'not_found':
      return {
        class: 'missing',
        cause: isPath(program) ? `${program} does not exist` : `${program} is not found on PATH`,
        measured: 'no such program',
        expected,
        remedy: `Install ${program}, or write its whole path in the declaration.`,
        failure: { phase: 'process' },
      };
    case 'untrusted':
      return {
        class: 'permissions',
        cause: `${program} was not started, since somebody else could have changed it`,
        measured: run.reason,
        expected: 'a program that only root and you can write to, and so for each folder above it',
        remedy: `Take the right to write away from others, or move ${program} to a folder of yours.`,
        failure: { phase: 'process' },
      };
    case 'timeout':
      return {
        class: 'timeout',
        cause: `${program} did not end within ${run.timeoutMs} ms`,
        measured: `still running after ${run.timeoutMs} ms`,
        expected,
        remedy: `Find out what ${program} waits for, or give it a longer timeout in the declaration.`,
        failure: { phase: 'process' },
      };
    case 'signalled':
      return {
        class: 'exit',
        cause: `${program} was ended by ${run.signal}`,
        measured: run.signal,
        expected,
        remedy: `Start ${program} by hand to see what it says.`,
      };
    case 'noise':
      return {
        class: 'noise',
        cause: `${program} printed more than ${formatBytes(run.limitBytes)}`,
        measured: `more than ${run.limitBytes} bytes`,
        expected: 'an output that somebody reads',
        remedy: `Choose arguments with which ${program} says less.`,
      };
    case 'spawn_failed':
      return {
        class: 'spawn',
        cause: `${program} cannot be started (${run.code})`,
        measured: run.code,
        expected,
        remedy: `Make ${program} a program for this machine: executable, with an interpreter that exists.`,
      };
  }
}

/** Of the output only how much there was; of what it complains the first line. */
export const detailsOfRun = ({
  path,
  exitCode,
  durationMs,
  stdout,
  stderr,
}: Ended): Record<string, string | number> => ({
  program: path,
  'exit code': exitCode,
  'run ms': durationMs,
  'output bytes': Buffer.byteLength(stdout),
  ...(stderr.trim() !== '' && { 'first line of stderr': firstLine(stderr) }),
});
