import type { Argv, InferredOptionTypes, Options } from 'yargs';
import { FAIL_ON } from '../../doctor/report.ts';

export const diffOptions = {
  'fail-on': {
    choices: FAIL_ON,
    default: 'fail' as const,
    requiresArg: true,
    describe: 'What makes the exit code 1 where it is new or worse',
  },
  json: { type: 'boolean', default: false, describe: 'The comparison for a program' },
  all: {
    type: 'boolean',
    default: false,
    describe: 'Also values that move from run to run: durations, sizes, times',
  },
  ascii: { type: 'boolean', default: false, describe: 'Plain ASCII only' },
  'no-color': { type: 'boolean', default: false, describe: 'No colours' },
} as const satisfies Record<string, Options>;

export type DiffArguments = InferredOptionTypes<typeof diffOptions>;

export const buildDiffOptions = (command: Argv): Argv<DiffArguments> =>
  command
    .strict(false)
    .strictOptions()
    .usage(
      [
        '$0 <before> <after>   what changed between two reports',
        '',
        'It worked yesterday: what changed? Both are files of stethos doctor --json or codex doctor --json;',
        '- is standard input, for one of them.',
      ].join('\n'),
    )
    .options(diffOptions)
    .epilogue(
      'Exit codes: 0 not worse than before, 1 something at --fail-on is new or worse, 2 wrong command line or no report, 3 a check has no answer any more.',
    );
