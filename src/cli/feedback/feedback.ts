import { join } from 'node:path';
import { systemTerminal } from '../../host/terminal.ts';
import type { Command } from '../command.ts';
import { finish } from '../finish.ts';
import { packageFile } from '../package-file.ts';
import { systemInput } from '../standard-input.ts';
import { workingDirectory } from '../working-directory.ts';
import { createQuestioner } from './ask.ts';
import { EXIT_INTERRUPTED, watchInterrupts } from './interrupts.ts';
import type { FeedbackArguments } from './options.ts';
import { readFeedbackArguments } from './read-arguments.ts';
import { runFeedback } from './run.ts';

/** `stethos feedback`. */
export const feedback: Command = async (argv, parser) => {
  const args = readFeedbackArguments(argv, parser);
  if (!args) return;
  const { signal, interrupt } = watchInterrupts();
  const questioner = isAttended(args)
    ? createQuestioner({ input: process.stdin, output: process.stderr, onInterrupt: interrupt })
    : undefined;
  try {
    const conclusion = await runFeedback(args, {
      env: process.env,
      cwd: workingDirectory(process.env).cwd,
      launcher: packageFile(join('bin', 'stethos.js')),
      input: systemInput,
      output: process.stdout,
      questioner,
      signal,
      ...(systemTerminal.stderr && { onProgress: (name) => process.stderr.write(`reading ${name} …\n`) }),
    });
    if (!conclusion) return;
    const exitCode = signal.aborted ? EXIT_INTERRUPTED : conclusion.exitCode;
    finish(conclusion.text, { exitCode, what: 'the outcome', unwritten: 1 });
  } catch (error) {
    if (signal.aborted) process.exit(EXIT_INTERRUPTED);
    throw error;
  } finally {
    questioner?.close();
  }
};

/** Somebody can be asked, and has not said everything already. */
const isAttended = ({ yes, preview, show, retry, format }: FeedbackArguments): boolean =>
  systemTerminal.stdin &&
  systemTerminal.stderr &&
  !yes &&
  !preview &&
  !retry &&
  show === undefined &&
  format === 'text';
