import type { Argv, InferredOptionTypes, Options } from 'yargs';
import { repeatable } from '../repeatable.ts';

export const checksOptions = {
  json: { type: 'boolean', default: false, describe: 'list: one JSON document' },
  plugin: {
    ...repeatable,
    describe: 'list: also load this plugin: a file beginning with . or /, or a package',
  },
  'trust-project': {
    type: 'boolean',
    default: false,
    describe: "list: load the plugins that the project's stethos.toml names",
  },
  declarative: {
    type: 'boolean',
    default: false,
    describe: 'new: a [[check]] in stethos.toml instead of code',
  },
  dir: {
    type: 'string',
    requiresArg: true,
    describe: 'new: the folder to write to (default: checks; the current one for stethos.toml)',
  },
} as const satisfies Record<string, Options>;

export type ChecksArguments = InferredOptionTypes<typeof checksOptions>;

export const buildChecksOptions = (command: Argv): Argv<ChecksArguments> =>
  command
    .strict(false)
    .strictOptions()
    .usage(
      [
        '$0 list               every check, and whether it is ours, declared or of a plugin',
        '$0 new <area.noun>    a check of your own to begin with: code, its test, and how to run both',
        '',
        'A plugin is code and runs with your rights, each in a process of its own. docs/plugins.md says more.',
      ].join('\n'),
    )
    .options(checksOptions)
    .epilogue(
      'Exit codes: 0 done, 1 not written, or a plugin that cannot be loaded, 2 wrong command line, 130 interrupted.',
    );
