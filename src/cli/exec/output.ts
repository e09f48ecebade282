import { Chalk } from 'chalk';
import { errorCode } from '../../host/files.ts';
import { chooseColor, systemTerminal } from '../../host/terminal.ts';
import type { EventMsg } from '../../agent/protocol/event.ts';
import { visible } from '../../redact/control.ts';
import { TOOL_VERSION } from '../../doctor/version.ts';
import { createLiveView } from './live-view.ts';
import type { LiveView } from './live-view.ts';
import type { ExecArguments } from './options.ts';
import type { ThreadEvent } from './thread-event.ts';

/** Where a run goes: machine-readable lines or the final message on standard output, everything else on standard error. */
export interface ExecOutput {
  /** What the head of the view says of the agent. */
  begin(facts: { readonly provider: string; readonly approval: string; readonly sandbox: string }): void;
  event(msg: EventMsg, lines: readonly ThreadEvent[]): void;
  finalMessage(text: string): void;
  /** Everything was handed to the operating system. */
  drained(): Promise<void>;
  /** Why something could not be stored, as a code; a reader that left is no such reason. */
  readonly failure: string | undefined;
  /** Called when nobody reads standard output any more; undefined: nothing is. */
  onReaderGone(then: (() => void) | undefined): void;
}

export function createOutput(args: ExecArguments): ExecOutput {
  let readerGone: (() => void) | undefined;
  let isGone = false;
  let failure: string | undefined;
  process.stdout.on('error', (error) => {
    const code = errorCode(error);
    // As with `| head`: no fault of anybody.
    if (code !== 'EPIPE') failure = code;
    isGone = true;
    readerGone?.();
  });
  process.stderr.on('error', () => undefined);
  const write = (text: string): void => {
    if (!isGone) process.stdout.write(text);
  };
  let view: LiveView | undefined;
  return {
    begin(facts) {
      if (args.json) return;
      const { enabled } = colorOf(args);
      view = createLiveView({ version: TOOL_VERSION, ...facts }, new Chalk({ level: enabled ? 1 : 0 }));
    },
    event(msg, lines) {
      if (args.json) for (const line of lines) write(`${JSON.stringify(line)}\n`);
      const text = view?.accept(msg) ?? '';
      if (text !== '') process.stderr.write(text);
    },
    finalMessage(text) {
      // A pipe gets what the model said; a terminal must not be steered by it.
      if (!args.json) write(`${systemTerminal.stdout ? visible(text) : text}\n`);
    },
    drained: async () => {
      await Promise.all([process.stdout, process.stderr].map(written));
    },
    get failure() {
      return failure;
    },
    onReaderGone(then) {
      readerGone = then;
      if (isGone) then?.();
    },
  };
}

function colorOf({ color }: ExecArguments): { readonly enabled: boolean } {
  if (color === 'auto')
    return chooseColor({ env: process.env, stdoutIsTerminal: systemTerminal.stderr, noColor: false });
  return { enabled: color === 'always' };
}

function written(stream: NodeJS.WriteStream): Promise<void> {
  if (stream.destroyed || stream.writableLength === 0) return Promise.resolve();
  const { promise, resolve } = Promise.withResolvers<void>();
  stream.write('', () => resolve());
  return promise;
}
