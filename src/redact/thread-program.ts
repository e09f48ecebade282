// Entry of the thread that redacts: one redactor, and whatever streams are open.
import { parentPort, workerData } from 'node:worker_threads';
import { createRedactor } from './redactor.ts';
import type { RedactorOptions } from './redactor.ts';
import { Secret } from './secret.ts';
import type { RedactionFormat, StreamRedaction } from './stream.ts';
import { beginRedaction, partsOf } from './stream/redaction.ts';
import type { Redaction } from './stream/redaction.ts';

/** The options of the redactor, with secrets that can be copied to another thread. */
export type ThreadOptions = Omit<RedactorOptions, 'knownSecrets'> & {
  readonly knownSecrets: readonly string[];
};

/** A step of the stream with that id. */
export type Question =
  | { readonly id: number; readonly step: 'begin'; readonly format: RedactionFormat }
  | { readonly id: number; readonly step: 'push'; readonly bytes?: Uint8Array }
  | { readonly id: number; readonly step: 'end' | 'drop' };

export interface Answer {
  readonly id: number;
  readonly output: readonly Uint8Array[];
  readonly result?: StreamRedaction;
}

/** Bytes in memory of their own, which can be moved to another thread. */
const movable = (parts: readonly Uint8Array[] | undefined): Uint8Array[] =>
  (parts ?? []).map((part) => new Uint8Array(part));

const { knownSecrets, ...names } = workerData as ThreadOptions;
const redactor = createRedactor({ ...names, knownSecrets: knownSecrets.map((text) => new Secret(text)) });
const open = new Map<number, Redaction>();

parentPort?.on('message', (question: Question) => {
  const answer = answerTo(question);
  parentPort?.postMessage(
    answer,
    answer.output.map((bytes) => bytes.buffer as ArrayBuffer),
  );
});

function answerTo(question: Question): Answer {
  const { id } = question;
  const redaction = open.get(id);
  switch (question.step) {
    case 'begin':
      open.set(id, beginRedaction({ redactor, format: question.format }));
      return { id, output: [] };
    case 'push': {
      const parts = [...partsOf(question.bytes ?? new Uint8Array())];
      return { id, output: movable(parts.flatMap((part) => redaction?.push(part) ?? [])) };
    }
    case 'end': {
      open.delete(id);
      const output = movable(redaction?.end());
      return redaction ? { id, output, result: redaction.result() } : { id, output };
    }
    case 'drop':
      open.delete(id);
      return { id, output: [] };
  }
}
