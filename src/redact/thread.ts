import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { RedactorOptions } from './redactor.ts';
import type { RedactedStream, RedactionFormat, StreamRedaction } from './stream.ts';
import type { Answer, Question, ThreadOptions } from './thread-program.ts';

/** A redactor on a thread of its own: the event loop stays free however much there is to read. */
export interface RedactionThread {
  /**
   * As `redactStream`, with the one redactor of this thread: all that goes through it shares its placeholders. Streams may
   * overlap; they take turns. An abort ends the stream, not the thread.
   */
  redact(
    source: AsyncIterable<Uint8Array>,
    options: { readonly format: RedactionFormat; readonly signal?: AbortSignal },
  ): RedactedStream;
  /** Ends the thread; streams that are still open reject. */
  close(): Promise<void>;
}

/** The program of the thread: beside this file in the sources; beside the bundle, or one folder above its chunks. */
const PROGRAMS = ['./thread-program.ts', './redaction-thread.cjs', '../redaction-thread.cjs'];

function programPath(): string {
  const files = PROGRAMS.map((name) => fileURLToPath(new URL(name, import.meta.url)));
  return files.find((file) => existsSync(file)) ?? 'redaction-thread.cjs';
}

/** The thread starts with the first stream, and does not keep the process alive. */
export function createRedactionThread({ knownSecrets = [], ...names }: RedactorOptions): RedactionThread {
  const options: ThreadOptions = { ...names, knownSecrets: knownSecrets.map((secret) => secret.reveal()) };
  const waiting = new Map<number, PromiseWithResolvers<Answer>>();
  let [worker, latest]: [Worker | undefined, number] = [undefined, 0];
  let ended: Error | undefined;

  const end = (reason: Error): void => {
    ended ??= reason;
    for (const { reject } of waiting.values()) reject(ended);
    waiting.clear();
    worker?.unref();
  };

  const start = (): Worker => {
    const started = new Worker(programPath(), { workerData: options });
    started.on('message', (answer: Answer) => {
      const { id } = answer;
      waiting.get(id)?.resolve(answer);
      waiting.delete(id);
      if (waiting.size === 0) started.unref();
    });
    started.on('error', (cause) => end(new Error('the redaction thread failed', { cause })));
    started.on('exit', () => end(new Error('the redaction thread has ended')));
    return started;
  };

  /** One step at a time of each stream: what comes next waits in its source. */
  const ask = (question: Question, bytes?: Uint8Array): Promise<Answer> => {
    if (ended) return Promise.reject(ended);
    worker ??= start();
    worker.ref();
    const answer = Promise.withResolvers<Answer>();
    waiting.set(question.id, answer);
    // A copy, since the bytes may be a part of what belongs to somebody else.
    const own = bytes && new Uint8Array(bytes);
    worker.postMessage(own ? { ...question, bytes: own } : question, own ? [own.buffer] : []);
    return answer.promise;
  };

  async function* through(
    source: AsyncIterable<Uint8Array>,
    { format, signal }: { readonly format: RedactionFormat; readonly signal?: AbortSignal },
    told: PromiseWithResolvers<StreamRedaction>,
  ): AsyncGenerator<Uint8Array> {
    const id = (latest += 1);
    let isOpen = false;
    try {
      signal?.throwIfAborted();
      await ask({ id, step: 'begin', format });
      isOpen = true;
      for await (const bytes of source) {
        for (let from = 0; from < bytes.length; from += MAX_PART) {
          signal?.throwIfAborted();
          const { output } = await ask({ id, step: 'push' }, bytes.subarray(from, from + MAX_PART));
          yield* output;
        }
      }
      signal?.throwIfAborted();
      const { output, result } = await ask({ id, step: 'end' });
      isOpen = false;
      yield* output;
      if (result) told.resolve(result);
    } catch (error) {
      told.reject(error);
      throw error;
    } finally {
      told.reject(new Error('the output was not read to its end'));
      if (isOpen && !ended) await ask({ id, step: 'drop' }).catch(() => {});
    }
  }

  return {
    redact(source, stream) {
      const told = Promise.withResolvers<StreamRedaction>();
      // Who reads the output learns of the failure there.
      told.promise.catch(() => {});
      return { output: through(source, stream, told), result: told.promise };
    },
    async close() {
      end(new Error('the redaction thread was closed'));
      await worker?.terminate();
    },
  };
}

/** Larger pieces take longer than an abort may wait. */
const MAX_PART = 1024 * 1024;
