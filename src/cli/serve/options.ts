import type { Argv, InferredOptionTypes, Options } from 'yargs';
import { doctorOptions } from '../doctor/options.ts';

const SERVED = 'How it is served:';

const {
  target,
  home,
  c,
  plugin,
  'trust-project': trustProject,
  only,
  skip,
  offline,
  'no-exec': noExec,
  timeout,
  'fail-on': failOn,
  baseline,
} = doctorOptions;

export const serveOptions = {
  listen: {
    group: SERVED,
    type: 'string',
    requiresArg: true,
    default: '127.0.0.1:9465',
    describe: 'Address and port; port 0 takes a free one and says which',
  },
  expose: {
    group: SERVED,
    type: 'boolean',
    default: false,
    describe: 'Let --listen be an address that other machines reach: they can read the report then',
  },
  every: {
    group: SERVED,
    type: 'string',
    requiresArg: true,
    default: '60s',
    describe: 'Time from the beginning of one examination to the next',
  },
  'max-age': {
    group: SERVED,
    type: 'string',
    requiresArg: true,
    defaultDescription: 'twice --every',
    describe: 'A request that meets an older report asks for a new one',
  },
  target,
  home,
  c,
  plugin,
  'trust-project': trustProject,
  only,
  skip,
  offline,
  'no-exec': noExec,
  timeout: { ...timeout, describe: 'Deadline of one examination: 30, 30s, 1500ms, 2m' },
  'fail-on': { ...failOn, describe: 'What makes /readyz answer 503' },
  baseline: { ...baseline, describe: 'A report of before: only what is new makes /readyz answer 503' },
} as const satisfies Record<string, Options>;

export type ServeArguments = InferredOptionTypes<typeof serveOptions>;

export const buildServeOptions = (command: Argv): Argv<ServeArguments> =>
  command
    .usage(
      [
        '$0 [options]',
        '',
        'Examines the agent again and again, as the doctor does, and tells over HTTP what came of it:',
        '  /healthz      this process answers',
        '  /readyz       200 or 503 by --fail-on, with the checks as application/health+json',
        '  /metrics      the checks and this server as metrics of Prometheus',
        '  /report.json  the whole report, redacted',
      ].join('\n'),
    )
    .options(serveOptions)
    .epilogue(
      'Exit codes: 0 ended by SIGTERM, 1 the address cannot be used, 2 wrong command line or settings, 130 interrupted.',
    );
