import { COMMANDS } from '../commands.ts';
import { print } from '../finish.ts';
import { complete } from './complete.ts';
import type { Completion } from './complete.ts';
import { vocabulary } from './vocabulary.ts';

const EXIT_ASKED_WRONGLY = 2;

/**
 * `stethos complete -- WORDS… =CURRENT`, which the scripts of the shells ask. The word that is completed has a `=` in front,
 * because PowerShell loses arguments that are empty.
 */
export function main([, separator, ...words]: readonly string[]): void {
  const current = words.at(-1);
  if (separator !== '--' || current?.startsWith('=') !== true) {
    process.stderr.write('stethos: complete is asked by shells: see stethos completion --help\n');
    process.exitCode = EXIT_ASKED_WRONGLY;
    return;
  }
  const question = { words: words.slice(0, -1), current: current.slice(1) };
  const answer = complete(question, { commands: COMMANDS, vocabulary });
  print(linesOf(answer), { what: 'the answer', unwritten: EXIT_ASKED_WRONGLY });
}

/** `value TAB description` for each candidate, then `:` and what the shell itself may offer. */
const linesOf = ({ candidates, otherwise }: Completion): string =>
  [...candidates.map(({ value, description }) => `${value}\t${description}`), `:${otherwise}`]
    .map((line) => `${line}\n`)
    .join('');
