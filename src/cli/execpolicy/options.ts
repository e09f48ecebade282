import type { Argv, InferredOptionTypes, Options } from 'yargs';
import { PARSER_CONFIGURATION } from '../parse-plainly.ts';

export const execpolicyOptions = {
  rules: {
    alias: 'r',
    type: 'string',
    array: true,
    requiresArg: true,
    default: [] as string[],
    defaultDescription: 'none',
    describe: 'File with rules about commands; repeatable, at least one',
  },
  pretty: { type: 'boolean', default: false, describe: 'Indent the JSON' },
  'resolve-host-executables': {
    type: 'boolean',
    default: false,
    describe: 'Let rules for a name hold for its path too, as host_executable() allows',
  },
} as const satisfies Record<string, Options>;

type ExecpolicyArguments = InferredOptionTypes<typeof execpolicyOptions>;

/** From the first word on, everything belongs to the command that is checked, options as well. */
export const buildExecpolicyOptions = (command: Argv): Argv<ExecpolicyArguments> =>
  command
    .parserConfiguration({ ...PARSER_CONFIGURATION, 'halt-at-non-option': true })
    .strict(false)
    .strictOptions()
    .usage(
      [
        'stethos execpolicy check --rules FILE [options] COMMAND…',
        '',
        'Says which rules a command meets and what follows from them, as JSON: allow, prompt or forbidden,',
        'and no decision where no rule is met. Nothing is run.',
      ].join('\n'),
    )
    .options(execpolicyOptions)
    .epilogue('Exit codes: 0 checked, 1 a file of rules cannot be used, 2 wrong command line.');
