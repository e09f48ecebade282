import type { PluginReference } from '../settings/settings.ts';
import { askProcess } from './ask-process.ts';
import type { Answer, AskOptions } from './ask-process.ts';
import { readManifest } from './manifest.ts';
import type { Manifest } from './manifest.ts';
import { NOTHING_PRINTED } from './output.ts';
import type { PrintedOutput } from './output.ts';
import { startPluginProcess } from './plugin-process.ts';
import type { PluginProcess, ProcessFault } from './plugin-process.ts';
import type { Question } from './protocol.ts';

export type LoadOutcome = { readonly printed: PrintedOutput } & (
  | { readonly kind: 'loaded'; readonly manifest: Manifest }
  | { readonly kind: 'faulty'; readonly fault: ProcessFault }
);

/** A plugin and its processes: one to say what it offers, and then one for each question. */
export interface PluginHost {
  readonly reference: PluginReference;
  /** Asked once. */
  load(options: LoadOptions): Promise<LoadOutcome>;
  /** @param options and how many bytes the answer may have beyond what is usual */
  ask(question: Question, options: AskOptions & { readonly moreBytes?: number }): Promise<Answer>;
  /** Ends what still runs. Resolves when it is gone. */
  close(): Promise<void>;
}

export interface LoadOptions {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/**
 * Each question gets a process of its own, so that whatever one check does (hang, exit, take memory) is no other row's
 * fault. The process that told the manifest takes the first one.
 * @param limit lets processes wait for each other; they are expensive
 */
export function createPluginHost(
  reference: PluginReference,
  {
    mark,
    limit,
  }: { readonly mark: string; readonly limit: <Value>(work: () => Promise<Value>) => Promise<Value> },
): PluginHost {
  const running = new Set<PluginProcess>();
  let idle: PluginProcess | undefined;
  let isClosed = false;

  const start = (): PluginProcess => {
    const process = startPluginProcess(reference, mark);
    running.add(process);
    void process.over.then(() => running.delete(process));
    return process;
  };
  const take = (): PluginProcess => {
    const taken = idle !== undefined && running.has(idle) ? idle : start();
    idle = undefined;
    return taken;
  };
  return {
    reference,
    load: async (options) => {
      const process = start();
      const outcome = await manifestOf(process, options);
      if (outcome.kind === 'loaded') idle = process;
      else process.end();
      return outcome;
    },
    ask: (question, { moreBytes = 0, ...options }) =>
      limit(async () => {
        // The run may be over since it stands in the queue.
        if (isClosed || options.signal?.aborted)
          return {
            kind: 'failed',
            message: 'was not asked, because the run was over',
            printed: NOTHING_PRINTED,
          };
        const process = take();
        process.allow(moreBytes);
        return askProcess(process, question, options);
      }),
    close: async () => {
      isClosed = true;
      const left = [...running];
      for (const process of left) process.end();
      await Promise.all(left.map(({ over }) => over));
    },
  };
}

async function manifestOf(process: PluginProcess, { timeoutMs, signal }: LoadOptions): Promise<LoadOutcome> {
  const { promise, resolve } = Promise.withResolvers<LoadOutcome>();
  const refuse = (fault: ProcessFault): void =>
    resolve({ kind: 'faulty', fault, printed: process.printed() });
  const timer = setTimeout(
    () => refuse({ class: 'timeout', message: `said not within ${timeoutMs} ms what it offers` }),
    timeoutMs,
  );
  const onAbort = (): void =>
    refuse({ class: 'timeout', message: 'was not loaded: the run was interrupted' });
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort, { once: true });
  process.hear((told) => {
    if (told.kind === 'failed') refuse({ class: told.reason ?? 'exit', message: `failed: ${told.message}` });
    if (told.kind !== 'manifest') return;
    const read = readManifest(told.manifest);
    if (read.kind === 'faulty') refuse(read.fault);
    else resolve({ ...read, kind: 'loaded', printed: process.printed() });
  });
  void process.over.then(refuse);
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  }
}
