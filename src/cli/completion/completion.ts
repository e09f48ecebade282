import { readFile } from 'node:fs/promises';
import { nearest } from '../../doctor/select.ts';
import { EXIT_DONE, EXIT_FAILED, isAnswered } from '../command.ts';
import type { Command } from '../command.ts';
import { finish } from '../finish.ts';
import { packageFile } from '../package-file.ts';
import { UsageError } from '../usage-error.ts';
import { buildCompletionOptions } from './options.ts';
import { isShell, SHELLS } from './shells.ts';

/** `stethos completion`: prints the script of a shell. */
export const completion: Command = async (argv, newParser) => {
  const args = buildCompletionOptions(newParser(argv, 'stethos completion')).parseSync();
  if (isAnswered(args)) return;
  const names = Object.keys(SHELLS);
  const [word, ...more] = args._.map(String);
  if (word === undefined) throw new UsageError('Which shell?', `One of ${names.join(', ')}.`);
  if (!isShell(word)) {
    const suggestion = nearest(word, names);
    throw new UsageError(
      `There is no completion for ${word}.`,
      suggestion ? `Did you mean ${suggestion}?` : `There is one for ${names.join(', ')}.`,
    );
  }
  if (more.length > 0) throw new UsageError(`completion takes one shell, not ${more[0]} as well.`);
  finish(await readFile(packageFile(SHELLS[word]), 'utf8'), {
    exitCode: EXIT_DONE,
    what: 'the script',
    unwritten: EXIT_FAILED,
  });
};
