import type { Argv, InferredOptionTypes, Options } from 'yargs';

const WHICH = 'Which runs:';
const FLAPS = 'flaps:';
const OUTPUT = 'Output:';

export const historyOptions = {
  limit: {
    group: WHICH,
    type: 'number',
    requiresArg: true,
    default: 20,
    describe: 'So many runs of the list, the newest',
  },
  target: {
    group: WHICH,
    choices: ['codex', 'stethos'] as const,
    requiresArg: true,
    describe: 'Runs that examined this agent',
  },
  home: { group: WHICH, type: 'string', requiresArg: true, describe: 'Runs that examined this home' },
  runs: {
    group: FLAPS,
    type: 'number',
    requiresArg: true,
    default: 10,
    describe: 'The last so many runs of each home are looked at',
  },
  changes: {
    group: FLAPS,
    type: 'number',
    requiresArg: true,
    default: 3,
    describe: 'So many changes between good and bad make a check flap',
  },
  format: {
    group: OUTPUT,
    type: 'string',
    requiresArg: true,
    describe: 'show: any format of doctor --format (default: human)',
  },
  json: { group: OUTPUT, type: 'boolean', default: false, describe: 'One JSON document' },
  all: { group: OUTPUT, type: 'boolean', default: false, describe: 'show, diff: whole lists' },
  ascii: { group: OUTPUT, type: 'boolean', default: false, describe: 'show, diff: plain ASCII only' },
  'no-color': { group: OUTPUT, type: 'boolean', default: false, describe: 'show, diff: no colours' },
  yes: { type: 'boolean', alias: 'y', default: false, describe: 'clear: remove them' },
} as const satisfies Record<string, Options>;

export type HistoryArguments = InferredOptionTypes<typeof historyOptions>;

export const buildHistoryOptions = (command: Argv): Argv<HistoryArguments> =>
  command
    .strict(false)
    .strictOptions()
    .usage(
      [
        '$0                the runs of the doctor that were kept, newest first',
        '$0 show <id>      the report of one of them, in any format',
        '$0 diff <id> <id> what changed from one of them to another',
        '$0 flaps          checks that come and go, and those that broke once',
        '$0 clear --yes    remove them all',
        '',
        'Runs are kept on this machine alone, redacted, and only where [history] enabled = true in the',
        "user's stethos.toml, STETHOS_HISTORY=1 or doctor --history says so.",
      ].join('\n'),
    )
    .options(historyOptions)
    .epilogue('Exit codes: 0 done, 1 no such run or a history that cannot be read, 2 wrong command line.');
