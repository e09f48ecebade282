import type { Argv, InferredOptionTypes, Options } from 'yargs';

const home = {
  home: {
    type: 'string',
    requiresArg: true,
    describe: 'The home that is meant (default: STETHOS_HOME or ~/.stethos)',
  },
} as const satisfies Record<string, Options>;

export const loginOptions = {
  'with-api-key': {
    type: 'boolean',
    default: false,
    describe: 'Store the API key that standard input holds',
  },
  ...home,
} as const satisfies Record<string, Options>;

export const logoutOptions = home;

/** Words are told apart by the command itself. */
const withWords = (command: Argv): Argv => command.strict(false).strictOptions();

export const buildLoginOptions = (command: Argv): Argv<InferredOptionTypes<typeof loginOptions>> =>
  withWords(command)
    .usage(
      [
        '$0 --with-api-key [options]',
        '$0 status [options]',
        '',
        'Signs in with an API key from standard input, where no other program sees it:',
        'printenv OPENAI_API_KEY | stethos login --with-api-key',
        '',
        'status says which credential is in effect.',
      ].join('\n'),
    )
    .options(loginOptions)
    .epilogue('Exit codes: 0 signed in, 1 not, 2 wrong command line.');

export const buildLogoutOptions = (command: Argv): Argv<InferredOptionTypes<typeof logoutOptions>> =>
  withWords(command)
    .usage(
      [
        '$0 [options]',
        '',
        'Removes the stored login. Tokens of a ChatGPT login are taken back at the server first, as far',
        'as it answers.',
      ].join('\n'),
    )
    .options(logoutOptions)
    .epilogue(
      'Exit codes: 0 nobody is signed in any more, 1 the login could not be removed, 2 wrong command line.',
    );
