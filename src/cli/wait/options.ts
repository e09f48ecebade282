import type { Argv, InferredOptionTypes, Options } from 'yargs';
import { doctorOptions } from '../doctor/options.ts';

const WAITING = 'How long, and for what:';

/** Of the doctor's options, those that say what is examined. */
const {
  target,
  home,
  c,
  enable,
  disable,
  plugin,
  only,
  skip,
  offline,
  deep,
  timeout,
  'trust-project': trustProject,
  'network-only': networkOnly,
  'no-exec': noExec,
} = doctorOptions;

export const waitOptions = {
  until: {
    group: WAITING,
    type: 'string',
    default: 'ok',
    requiresArg: true,
    describe: 'ok, warning (nothing fails), or checks that must be ok: ids or globs, a comma list',
  },
  for: {
    group: WAITING,
    type: 'string',
    default: '60s',
    requiresArg: true,
    describe: 'Longest time to wait: 60, 60s, 5m',
  },
  every: {
    group: WAITING,
    type: 'string',
    default: '2s',
    requiresArg: true,
    describe: 'First pause between two examinations; it grows while nothing changes',
  },
  target,
  home,
  c,
  enable,
  disable,
  plugin,
  'trust-project': trustProject,
  only,
  skip,
  'network-only': networkOnly,
  offline,
  'no-exec': noExec,
  deep,
  timeout: { ...timeout, describe: 'Deadline of one examination; never more than is left of --for' },
  ascii: { type: 'boolean', default: false, describe: 'Plain ASCII only' },
  'no-color': { type: 'boolean', default: false, describe: 'No colours' },
} as const satisfies Record<string, Options>;

export type WaitArguments = InferredOptionTypes<typeof waitOptions>;

export const buildWaitOptions = (command: Argv): Argv<WaitArguments> =>
  command
    .usage(
      [
        '$0 [options]',
        '',
        'Examines again and again until all is well or the time is over: for the start of a container or a job.',
        'Progress goes to standard error; where the time ran out, the last summary goes to standard output.',
      ].join('\n'),
    )
    .options(waitOptions)
    .epilogue('Exit codes: 0 reached, 1 not reached in time, 2 wrong command line, 130 interrupted.');
