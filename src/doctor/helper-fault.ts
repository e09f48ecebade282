import type { Failure, FailureClass } from './failure.ts';
import { firstLine } from '../host/first-line.ts';
import type { ProcessRun } from '../host/process.ts';

/** What is wrong with a helper that was started, in words that follow its name. */
export interface HelperFault {
  readonly class: FailureClass;
  /** A predicate, such as `ends with code 3`. */
  readonly what: string;
  readonly measured: string;
  readonly failure: Partial<Omit<Failure, 'class'>>;
}

/** The fault that a run shows; undefined when it ended well, and when nothing was run. */
export function helperFault(run: ProcessRun): HelperFault | undefined {
  switch (run.kind) {
    case 'disabled':
    case 'not_found':
    case 'untrusted':
      return undefined;
    case 'exited': {
      if (run.exitCode === 0) return undefined;
      const words = firstLine(run.stderr) || firstLine(run.stdout);
      const what = `ends with code ${run.exitCode}`;
      return { class: 'exit', what, measured: words ? `${what}: ${words}` : what, failure: {} };
    }
    case 'signalled': {
      const what = `crashes with ${run.signal}`;
      return { class: 'exit', what, measured: what, failure: { code: run.signal } };
    }
    case 'timeout': {
      const what = `gives no answer within ${run.timeoutMs} ms`;
      return { class: 'timeout', what, measured: what, failure: { phase: 'process' } };
    }
    case 'noise':
      return {
        class: 'noise',
        what: 'prints without end',
        measured: `more than ${run.limitBytes} bytes of output`,
        failure: {},
      };
    case 'spawn_failed': {
      const { code } = run;
      return {
        class: code === 'EACCES' ? 'permissions' : 'spawn',
        what: `cannot be started (${code})`,
        measured: START_FAULTS[code] ?? code,
        failure: { code, phase: 'process' },
      };
    }
  }
}

const START_FAULTS: Readonly<Record<string, string>> = {
  EACCES: 'EACCES: not executable, or on a file system mounted with noexec',
  ENOENT: 'ENOENT: its interpreter or loader does not exist on this machine',
  ENOEXEC: 'ENOEXEC: not a program for this machine',
};

/** Why a helper that is there was not run, in words that follow `found; `; undefined when it was run. */
export function whyNotRun(run: ProcessRun): string | undefined {
  if (run.kind === 'disabled') return 'not executed because of --no-exec';
  if (run.kind === 'untrusted') return `not executed, because ${run.reason}`;
  return undefined;
}
