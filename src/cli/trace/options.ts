import type { Argv, InferredOptionTypes, Options } from 'yargs';

export const traceOptions = {
  output: {
    alias: 'o',
    type: 'string',
    requiresArg: true,
    describe: 'reduce: where to write (default: state.json in the bundle)',
  },
  tolerant: {
    type: 'boolean',
    default: false,
    describe: 'Take a trace whose agent died while it wrote, without its broken last line',
  },
  json: { type: 'boolean', default: false, describe: 'show: the timeline for a program' },
  html: {
    type: 'string',
    requiresArg: true,
    describe: 'show: one HTML page that needs nothing else, into this file; - is standard output',
  },
  force: { type: 'boolean', default: false, describe: 'show --html: replace a file that exists' },
  all: {
    type: 'boolean',
    default: false,
    describe: 'show: do not cut long lines at the width of the terminal',
  },
  'no-redact': { type: 'boolean', default: false, describe: 'show: leave secrets and names as they are' },
  'no-color': { type: 'boolean', default: false, describe: 'show: no colours' },
} as const satisfies Record<string, Options>;

export type TraceArguments = InferredOptionTypes<typeof traceOptions>;

export const buildTraceOptions = (command: Argv): Argv<TraceArguments> =>
  command
    .strict(false)
    .strictOptions()
    .usage(
      [
        '$0 reduce <bundle>            make state.json of a recorded trace',
        '$0 show <bundle|state.json>   what happened, in the order in which it happened',
        '',
        'Traces are recorded on this machine alone, where CODEX_ROLLOUT_TRACE_ROOT names a folder; those of',
        'codex are read as well. state.json holds everything that was said, secrets included.',
      ].join('\n'),
    )
    .options(traceOptions)
    .epilogue('Exit codes: 0 done, 1 no trace or a broken one, or not written, 2 wrong command line.');
