import type { PluginProcess } from './plugin-process.ts';
import type { PrintedOutput } from './output.ts';
import type { Question } from './protocol.ts';

/** What became of a question. */
export type Answer = { readonly printed: PrintedOutput } & (
  | { readonly kind: 'verdict'; readonly verdict: unknown }
  | { readonly kind: 'text'; readonly text: string }
  /** Its time was over; what it last said to be waiting for. */
  | { readonly kind: 'late'; readonly budgetMs: number; readonly waitingFor: string | undefined }
  /** Words that follow the name of the plugin. */
  | { readonly kind: 'failed'; readonly message: string }
);

export interface AskOptions {
  /** Time for the work itself, milliseconds: starting the process does not count. */
  readonly budgetMs: number;
  /** Nobody waits for the answer any more. */
  readonly signal?: AbortSignal;
  readonly onWaiting?: (what: string) => void;
}

/** Hundred times what an import takes; one that lasts longer hangs, although it did not when the plugin was loaded. */
const START_LIMIT_MS = 20_000;
/** After its signal was aborted, a probe may remove what it made. */
const GRACE_MS = 100;

/** Asks a process its one question and sees to its end. Never rejects. */
export function askProcess(
  process: PluginProcess,
  question: Question,
  { budgetMs, signal, onWaiting }: AskOptions,
): Promise<Answer> {
  const { promise, resolve } = Promise.withResolvers<Answer>();
  let waitingFor: string | undefined;
  let answered: WithoutPrinted | undefined;
  let timer = setTimeout(() => {
    finish({ kind: 'failed', message: `did not begin within ${START_LIMIT_MS} ms` });
  }, START_LIMIT_MS);

  const stop = (): void => {
    process.ask({ kind: 'abort' });
    setTimeout(() => process.end(), GRACE_MS).unref();
    settle({ kind: 'late', budgetMs, waitingFor });
  };
  process.hear((told) => {
    switch (told.kind) {
      case 'begun':
        clearTimeout(timer);
        timer = setTimeout(stop, budgetMs);
        return;
      case 'waiting':
        waitingFor = told.what;
        onWaiting?.(told.what);
        return;
      case 'verdict':
      case 'text':
      case 'failed':
        finish(told);
        return;
      case 'manifest':
    }
  });
  void process.over.then(({ message }) => settle(answered ?? { kind: 'failed', message }));
  signal?.addEventListener('abort', stop, { once: true });
  process.ask(question);
  return promise;

  /** Settles when the process is gone: what it printed before its answer has been read then. */
  function finish(answer: WithoutPrinted): void {
    answered ??= answer;
    process.end();
  }

  function settle(answer: WithoutPrinted): void {
    clearTimeout(timer);
    signal?.removeEventListener('abort', stop);
    resolve({ ...answer, printed: process.printed() });
  }
}

type WithoutPrinted = Answer extends infer Each
  ? Each extends Answer
    ? Omit<Each, 'printed'>
    : never
  : never;
