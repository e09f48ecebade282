import type { Readable, Writable } from 'node:stream';
import { createInterface } from 'node:readline/promises';
import { visible } from '../../redact/control.ts';

/** Somebody at a terminal. */
export interface Questioner {
  /** One line without its end; undefined when there is nobody any more. */
  readonly ask: (question: string) => Promise<string | undefined>;
  /** Asks until the answer is one of the two; there is none that Enter means. Nobody there means no. */
  readonly confirm: (question: string) => Promise<boolean>;
  readonly say: (text: string) => void;
  readonly close: () => void;
}

/** @param onInterrupt Ctrl-C, which a terminal that is read line by line does not send as a signal */
export function createQuestioner({
  input,
  output,
  onInterrupt,
}: {
  readonly input: Readable;
  readonly output: Writable;
  readonly onInterrupt: () => void;
}): Questioner {
  const lines = createInterface({ input, output, terminal: true });
  const gone = new AbortController();
  lines.on('SIGINT', () => {
    onInterrupt();
    lines.close();
  });
  lines.once('close', () => gone.abort());
  const say = (text: string): void => void output.write(visible(text));
  const ask = async (question: string): Promise<string | undefined> => {
    if (gone.signal.aborted) return undefined;
    try {
      return (await lines.question(visible(question), { signal: gone.signal })).trim();
    } catch {
      return undefined;
    }
  };
  return {
    ask,
    say,
    async confirm(question) {
      for (;;) {
        // oxlint-disable-next-line no-await-in-loop -- asked again
        const answer = await ask(`${question} [yes/no] `);
        if (answer === undefined || /^no?$/i.test(answer)) return false;
        if (/^y(?:es)?$/i.test(answer)) return true;
      }
    },
    close: () => lines.close(),
  };
}
