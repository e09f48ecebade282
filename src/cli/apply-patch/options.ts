import type { Argv } from 'yargs';

export const buildApplyPatchOptions = (command: Argv): Argv =>
  command
    .strict(false)
    .strictOptions()
    .usage(
      [
        '$0 [patch]',
        '',
        'Applies a patch of the form that models write (*** Begin Patch … *** End Patch) in this folder.',
        'Without an argument, or with -, it is read from standard input. Nobody is asked, and a hunk that',
        'does not fit leaves those before it applied.',
      ].join('\n'),
    )
    .epilogue('Exit codes: 0 applied, 1 failed, perhaps after some files, 2 wrong command line.');
