import type { Argv, InferredOptionTypes, Options } from 'yargs';
import { repeatable } from '../repeatable.ts';

const WHAT = 'What is done:';
const HOW = 'With what settings:';
const OUTPUT = 'Output:';

const flag = { type: 'boolean', default: false } as const;

export const execOptions = {
  image: { group: WHAT, alias: 'i', ...repeatable, describe: 'Attach this picture to the prompt' },
  cd: { group: WHAT, alias: 'C', type: 'string', requiresArg: true, describe: 'Work in this folder' },
  'add-dir': { group: WHAT, ...repeatable, describe: 'Let commands write to this folder as well' },
  'output-schema': {
    group: WHAT,
    type: 'string',
    requiresArg: true,
    describe: 'File with the JSON Schema that the final message must follow',
  },
  ephemeral: { group: WHAT, ...flag, describe: 'Leave no session file behind' },
  'skip-git-repo-check': { group: WHAT, ...flag, describe: 'Work outside a Git repository too' },
  home: {
    group: HOW,
    type: 'string',
    requiresArg: true,
    describe: 'Home with configuration, login and sessions (default: STETHOS_HOME or ~/.stethos)',
  },
  model: { group: HOW, alias: 'm', type: 'string', requiresArg: true, describe: 'The model to ask' },
  provider: {
    group: HOW,
    type: 'string',
    requiresArg: true,
    describe: 'Id of a model provider, or scripted=FILE for answers from a file: no key, no network',
  },
  oss: { group: HOW, ...flag, describe: 'Ask a model server on this machine' },
  'local-provider': {
    group: HOW,
    choices: ['ollama', 'lmstudio'] as const,
    requiresArg: true,
    describe: 'Which one --oss asks (default: ollama)',
  },
  sandbox: {
    group: HOW,
    alias: 's',
    choices: ['read-only', 'workspace-write', 'danger-full-access'] as const,
    requiresArg: true,
    describe: 'What commands of the model may touch',
  },
  'dangerously-bypass-approvals-and-sandbox': {
    group: HOW,
    ...flag,
    describe: 'Run every command at once and outside any sandbox; only where something else isolates it',
  },
  profile: {
    group: HOW,
    alias: 'p',
    type: 'string',
    requiresArg: true,
    describe: 'Layer <name>.config.toml of the home over the configuration',
  },
  c: {
    group: HOW,
    alias: 'config',
    ...repeatable,
    describe: 'Override a key of the configuration: -c key=value',
  },
  enable: { group: HOW, ...repeatable, describe: 'Turn this feature flag on' },
  disable: { group: HOW, ...repeatable, describe: 'Turn this feature flag off' },
  'ignore-user-config': { group: HOW, ...flag, describe: "Leave the home's config.toml out" },
  'ignore-rules': { group: HOW, ...flag, describe: 'Leave the rules about commands out' },
  'strict-config': { group: HOW, ...flag, describe: 'Stop at keys of the configuration that nobody knows' },
  json: {
    group: OUTPUT,
    alias: 'experimental-json',
    ...flag,
    describe: 'Events as one JSON object per line on standard output',
  },
  'output-last-message': {
    group: OUTPUT,
    alias: 'o',
    type: 'string',
    requiresArg: true,
    describe: 'Write the final message to this file',
  },
  color: {
    group: OUTPUT,
    choices: ['auto', 'always', 'never'] as const,
    default: 'auto' as const,
    requiresArg: true,
    describe: 'Colours',
  },
} as const satisfies Record<string, Options>;

/** Only with `resume` and `fork`. */
export const resumeOptions = {
  last: { group: WHAT, ...flag, describe: 'Continue the newest session of this folder' },
  all: { group: WHAT, ...flag, describe: 'With --last: of any folder' },
} as const satisfies Record<string, Options>;

export type ExecArguments = InferredOptionTypes<typeof execOptions> &
  Partial<InferredOptionTypes<typeof resumeOptions>>;

const EXIT_CODES =
  'Exit codes: 0 the turn was completed, 1 it failed, was interrupted or could not begin, 2 wrong command line.';

/** Words are a prompt here, not commands that nobody knows. */
const withWords = (command: Argv): Argv => command.strict(false).strictOptions();

export const buildExecOptions = (command: Argv): Argv<ExecArguments> =>
  withWords(command)
    .usage(
      [
        '$0 [options] [prompt]',
        '$0 resume [session] [prompt] [options]',
        '$0 fork [session] [prompt] [options]',
        '',
        'Lets the embedded agent do one piece of work, without asking back. Without a prompt, or with -,',
        'it is read from standard input; what is piped in beside a prompt goes along with it.',
      ].join('\n'),
    )
    .options(execOptions)
    .epilogue(EXIT_CODES);

export const buildResumeOptions = (command: Argv): Argv<ExecArguments> =>
  withWords(command)
    .usage(
      [
        '$0 [session] [prompt] [options]',
        '',
        'Goes on with an earlier session, named by its id or by its name, or with the newest one (--last).',
      ].join('\n'),
    )
    .options(resumeOptions)
    .options(execOptions)
    .epilogue(EXIT_CODES);
