import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { getCompileCacheDir } from 'node:module';
import type { Readable } from 'node:stream';
import { atMost } from '../host/at-most.ts';
import { errorCode } from '../host/files.ts';
import { ownEnvironment, ownProgram } from '../host/own-program.ts';
import { signalSession, watchSession } from '../host/process-session.ts';
import type { FailureClass } from '../doctor/failure.ts';
import type { PluginReference } from '../settings/settings.ts';
import { eachLine } from './lines.ts';
import { collectOutput } from './output.ts';
import type { PrintedOutput } from './output.ts';
import { ANSWERS, MARK_VARIABLE } from './protocol.ts';
import type { PluginJob, Question, Told } from './protocol.ts';
import { toldIn } from './told.ts';

/** Why a plugin's process has no answer: words that follow the name of the plugin. */
export interface ProcessFault {
  readonly class: FailureClass;
  readonly message: string;
}

/** The process of a plugin. It answers one question in its life. */
export interface PluginProcess {
  /** Called for everything that it says from now on; what it said before comes first. */
  hear(listener: (told: Told) => void): void;
  ask(question: Question): void;
  /** May say so many bytes more; by default {@link SAID_BYTES} in all. */
  allow(bytes: number): void;
  printed(): PrintedOutput;
  /** Resolves when it has ended or was ended, and all that it said was heard. */
  readonly over: Promise<ProcessFault>;
  /** Kills it and everything that it started. */
  end(): void;
}

const PROGRAM = { source: 'child/main.ts', bundle: 'plugin-child.cjs' };
/** A check's answer is a screen or two; a manifest of a hundred checks fits as well. */
const SAID_BYTES = 1024 * 1024;
/** What is printed is thrown away beyond its beginning; a plugin that prints more does nothing else. */
const PRINTED_BYTES = 16 * 1024 * 1024;
/** Objects of JavaScript; a check that needs more holds a whole log in memory. */
const HEAP_MEBIBYTES = 256;
/** After the process has ended, its last words are in the pipe already. */
const DRAIN_MS = 250;

/** What the plugin finds in `process.env`; the examined environment is `context.env`. */
const VARIABLES = ['PATH', 'HOME', 'USERPROFILE', 'TMPDIR', 'TEMP', 'TMP'];

/** @param mark names this process and what it starts, see `leftovers.ts` */
export function startPluginProcess({ specifier, from }: PluginReference, mark: string): PluginProcess {
  const { promise: over, resolve } = Promise.withResolvers<ProcessFault>();
  let fault: ProcessFault | undefined;
  let listener: ((told: Told) => void) | undefined;
  let early: Told[] = [];
  let isSettled = false;
  let saidBytes = 0;
  let allowedBytes = SAID_BYTES;
  const child = start({ specifier, from, parent: process.pid }, mark);
  const { pid } = child;
  const forget = pid === undefined ? () => undefined : watchSession(pid);

  const end = (reason: ProcessFault = ENDED): void => {
    if (isSettled) return;
    fault ??= reason;
    if (pid !== undefined) signalSession(pid, 'SIGKILL');
  };
  const printed = collectOutput(child, (total) => {
    if (total > PRINTED_BYTES)
      end({ class: 'noise', message: `printed more than ${PRINTED_BYTES} bytes and was ended` });
  });
  const answers = child.stdio[ANSWERS] as Readable;
  eachLine(answers, {
    onBytes: (count) => {
      saidBytes += count;
      if (saidBytes > allowedBytes)
        end({ class: 'noise', message: `answered with more than ${allowedBytes} bytes and was ended` });
    },
    onLine: (line) => {
      if (fault !== undefined) return;
      const told = toldIn(line);
      if (told === undefined)
        end({ class: 'malformed', message: 'answered with something that is no answer' });
      else if (listener) listener(told);
      else early.push(told);
    },
  });
  answers.on('error', () => undefined);
  child.stdin?.on('error', () => undefined);

  const settle = (reason: ProcessFault): void => {
    if (isSettled) return;
    isSettled = true;
    forget();
    for (const stream of [answers, child.stdout, child.stderr, child.stdin]) stream?.destroy();
    resolve(fault ?? reason);
  };
  child.on('error', (error) =>
    settle({ class: 'spawn', message: `could not be started (${errorCode(error)})` }),
  );
  child.on('exit', (code, signal) => {
    // What it started holds the pipes open, and is not to outlive it.
    if (pid !== undefined) signalSession(pid, 'SIGKILL');
    void atMost(DRAIN_MS, Promise.all([answers, child.stdout, child.stderr].map(ended))).then(() =>
      settle({ class: 'exit', message: wordsFor(code, signal, printed()) }),
    );
  });
  return {
    hear: (next) => {
      listener = next;
      const missed = early;
      early = [];
      for (const told of missed) next(told);
    },
    ask: (question) => void child.stdin?.write(`${JSON.stringify(question)}\n`),
    allow: (bytes) => {
      allowedBytes += bytes;
    },
    printed,
    over,
    end,
  };
}

const ended = async (stream: Readable | null): Promise<void> => {
  if (stream && !stream.readableEnded && !stream.destroyed) await once(stream, 'close');
};

const ENDED: ProcessFault = { class: 'exit', message: 'was ended' };

function start(job: PluginJob, mark: string): ChildProcess {
  // At first use, and not by import(): in a bundle that would start Node's whole loader of ES modules.
  const { spawn } = process.getBuiltinModule('node:child_process');
  const cache = getCompileCacheDir();
  return spawn(
    process.execPath,
    [
      `--max-old-space-size=${HEAP_MEBIBYTES}`,
      '--disable-warning=ExperimentalWarning',
      ownProgram(import.meta.url, PROGRAM),
      JSON.stringify(job),
    ],
    {
      cwd: '/',
      env: {
        ...ownEnvironment(VARIABLES),
        ...(cache !== undefined && { NODE_COMPILE_CACHE: cache }),
        [MARK_VARIABLE]: mark,
      },
      stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
      // A session of its own: no terminal to ask on, and one group to kill.
      detached: process.platform !== 'win32',
      windowsHide: true,
    },
  );
}

function wordsFor(
  code: number | null,
  signal: string | null,
  { errorText, firstLine }: PrintedOutput,
): string {
  if (errorText.includes('heap out of memory')) return `took more than ${HEAP_MEBIBYTES} MiB of memory`;
  const how = signal === null ? `ended its process with code ${code}` : `was ended by ${signal}`;
  return firstLine === '' ? how : `${how}, after it had printed: ${firstLine}`;
}
