import type { ChildProcess } from 'node:child_process';
import { ownEnvironment, ownProgram } from '../../host/own-program.ts';
import { shareLookups, systemLookup } from './lookup.ts';
import type { Lookup, NameResolver } from './lookup.ts';

export interface Question {
  readonly id: number;
  readonly host: string;
  readonly family: 4 | 6;
}

export type Message =
  | { readonly kind: 'ready' }
  | { readonly kind: 'found'; readonly id: number; readonly addresses: readonly string[] }
  | { readonly kind: 'failed'; readonly id: number; readonly code: string };

export interface LookupProcess extends NameResolver {
  /** Ends the process at once, whatever it waits for. Look-ups under way, and later ones, reject with `ECANCELLED`. */
  end(): void;
}

export interface LookupProcessOptions {
  /** For tests: starts another program, with a channel to it. */
  readonly start?: () => ChildProcess;
  /** Asked where there is no such process. */
  readonly fallback?: Lookup;
  /** A process that says nothing until then is taken for one that never will. */
  readonly startLimitMs?: number;
}

interface Waiting extends PromiseWithResolvers<readonly string[]> {
  readonly question: Question;
}

/**
 * Looks names up in a process of its own, which begins with the first question and never keeps this one alive. A
 * look-up whose nameserver is silent takes ten seconds and more, nothing can interrupt it, and a process that exits
 * waits for it: that one is killed instead. Where it cannot run, names are looked up in this process.
 */
export function createLookupProcess({
  start = startChild,
  fallback = systemLookup,
  startLimitMs = START_LIMIT_MS,
}: LookupProcessOptions = {}): LookupProcess {
  const waiting = new Map<number, Waiting>();
  const started = Promise.withResolvers<void>();
  let state: 'idle' | 'running' | 'unusable' | 'ended' = 'idle';
  let child: ChildProcess | undefined;
  let lastId = 0;

  const begin = (): void => {
    if (state !== 'idle') return;
    state = 'running';
    if (INTERPOSERS.some((name) => process.env[name])) return giveUp();
    try {
      child = start();
    } catch {
      return giveUp();
    }
    child.on('error', giveUp).on('exit', giveUp).on('message', hear);
    child.unref();
    child.channel?.unref();
    const limit = setTimeout(giveUp, startLimitMs);
    limit.unref();
    void started.promise.then(() => clearTimeout(limit));
  };
  const hear = (message: Message): void => {
    if (message.kind === 'ready') return started.resolve();
    const asker = waiting.get(message.id);
    waiting.delete(message.id);
    if (message.kind === 'found') asker?.resolve(message.addresses);
    else asker?.reject(lookupError(message.code));
  };
  const stop = (as: 'unusable' | 'ended'): Waiting[] => {
    state = as;
    child?.kill('SIGKILL');
    started.resolve();
    const left = [...waiting.values()];
    waiting.clear();
    return left;
  };
  const giveUp = (): void => {
    if (state !== 'running') return;
    for (const { question, resolve } of stop('unusable')) resolve(fallback(question.host, question.family));
  };
  const lookup: Lookup = (host, family) => {
    begin();
    if (state === 'ended') return Promise.reject(lookupError('ECANCELLED'));
    if (state === 'unusable') return fallback(host, family);
    const question = { id: ++lastId, host, family };
    const asker = { ...Promise.withResolvers<readonly string[]>(), question };
    waiting.set(question.id, asker);
    child?.send(question, (error) => error && giveUp());
    return asker.promise;
  };
  return {
    lookup: shareLookups(lookup),
    ready: () => {
      begin();
      return started.promise;
    },
    end: () => {
      for (const { reject } of stop('ended')) reject(lookupError('ECANCELLED'));
    },
  };
}

const lookupError = (code: string): Error => Object.assign(new Error('the name was not looked up'), { code });

/** Such a library may answer look-ups with addresses that mean something in this process alone, as proxychains does. */
const INTERPOSERS = ['LD_PRELOAD', 'DYLD_INSERT_LIBRARIES'];

/** It takes 50 ms on an idle machine. */
const START_LIMIT_MS = 2_000;
const PROGRAM = { source: 'lookup-child.ts', bundle: 'lookup-child.cjs' };
/** What the C library's resolver itself reads: resolv.conf(5) and hostname(7). */
const RESOLVER_VARIABLES = ['LOCALDOMAIN', 'RES_OPTIONS', 'HOSTALIASES'];
/** Look-ups may take half of them (libuv): enough for 32 silent names, each asked for in two families. */
const THREADS = 128;

function startChild(): ChildProcess {
  // At first use, and not by import(): in a bundle that would start Node's whole loader of ES modules.
  const { spawn } = process.getBuiltinModule('node:child_process');
  return spawn(process.execPath, [ownProgram(import.meta.url, PROGRAM)], {
    env: { ...ownEnvironment(RESOLVER_VARIABLES), UV_THREADPOOL_SIZE: String(THREADS) },
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    // Ctrl-C asks for the report so far, and a look-up that hangs must not move into this process then.
    detached: process.platform !== 'win32',
    windowsHide: true,
  });
}
