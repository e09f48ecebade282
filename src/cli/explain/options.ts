import type { Argv, InferredOptionTypes, Options } from 'yargs';

export const explainOptions = {
  'no-color': { type: 'boolean', default: false, describe: 'No colours' },
} as const satisfies Record<string, Options>;

export const buildExplainOptions = (command: Argv): Argv<InferredOptionTypes<typeof explainOptions>> =>
  command
    .strict(false)
    .strictOptions()
    .usage(
      [
        '$0 [check|class]',
        '',
        'Says what a check looks at and why, or what a failure class means, what usually causes it and what',
        'to do. Without a name, lists both. Asks nobody: the pages come with the package.',
      ].join('\n'),
    )
    .options(explainOptions)
    .epilogue(
      [
        'Exit codes: 0 explained, 2 there is nothing of that name.',
        'For example:',
        '  stethos explain state.integrity',
        '  stethos explain locked',
      ].join('\n'),
    );
