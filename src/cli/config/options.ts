import type { Argv, InferredOptionTypes, Options } from 'yargs';

export const configOptions = {
  json: { type: 'boolean', default: false, describe: 'One JSON document' },
  'trust-project': {
    type: 'boolean',
    default: false,
    describe: "Follow everything that the project's stethos.toml says, as doctor --trust-project does",
  },
} as const satisfies Record<string, Options>;

export type ConfigArguments = InferredOptionTypes<typeof configOptions>;

export const buildConfigOptions = (command: Argv): Argv<ConfigArguments> =>
  command
    .strict(false)
    .strictOptions()
    .usage(
      [
        '$0                every key, the value that counts, and who says so',
        '$0 path           which files are read, and which of them exist',
        '$0 check [file]   whether they can be followed: file:line:column and what is wrong there',
        '',
        'Settings stand in stethos.toml, of the project and of the user, and in STETHOS_* variables. The',
        'first that says something counts: option, variable, project, user, default.',
      ].join('\n'),
    )
    .options(configOptions)
    .epilogue('Exit codes: 0 done, 1 a file that cannot be followed, 2 wrong command line.');
