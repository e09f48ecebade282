import { ownEnvironment, ownProgram } from '../../host/own-program.ts';
import type { Location } from './database.ts';
import type { Execution } from './execute.ts';
import type { TaskRequest } from './tasks.ts';

export interface ChildJob {
  readonly location: Location;
  readonly request: TaskRequest;
}

/** No task answers with more; a database that makes one do so is hostile. */
const MAX_ANSWER_BYTES = 256 * 1024 * 1024;
const PROGRAM = { source: 'child.ts', bundle: 'sqlite-child.cjs' };

/**
 * Runs one attempt in a process of its own. Native code cannot be interrupted, not even by leaving a worker thread, so
 * the process is killed when the signal aborts.
 */
export async function runInChild(job: ChildJob, signal: AbortSignal): Promise<Execution> {
  // At first use, and not by import(): in a bundle that would start Node's whole loader of ES modules.
  const { execFile } = process.getBuiltinModule('node:child_process');
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [ownProgram(import.meta.url, PROGRAM), JSON.stringify(job)],
      {
        env: ownEnvironment(),
        signal,
        killSignal: 'SIGKILL',
        maxBuffer: MAX_ANSWER_BYTES,
        windowsHide: true,
        encoding: 'buffer',
      },
      (error, stdout) => {
        const answer = error ? undefined : answerIn(stdout);
        resolve(
          answer ?? {
            kind: 'error',
            class: 'unreadable',
            code: 'CHILD_FAILED',
            message: `the process that read the database ended early: ${error?.message ?? 'no answer'}`,
            copyMayHelp: false,
          },
        );
      },
    ).stdin?.destroy();
  });
}

function answerIn(stdout: Buffer): Execution | undefined {
  try {
    return process.getBuiltinModule('node:v8').deserialize(stdout) as Execution;
  } catch {
    return undefined;
  }
}
