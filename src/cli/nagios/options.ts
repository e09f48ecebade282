import type { Argv, InferredOptionTypes, Options } from 'yargs';
import { doctorOptions } from '../doctor/options.ts';

/** Of the doctor's options, those with a meaning where nobody watches and a server asks every few minutes. */
const {
  target,
  home,
  plugin,
  only,
  skip,
  offline,
  timeout,
  'trust-project': trustProject,
  'network-only': networkOnly,
  'no-exec': noExec,
} = doctorOptions;

export const nagiosOptions = {
  target,
  home,
  plugin,
  'trust-project': trustProject,
  only,
  skip,
  'network-only': networkOnly,
  offline,
  'no-exec': noExec,
  // As the plugins of Nagios call it.
  timeout: { ...timeout, alias: 't', describe: 'Deadline of the run; keep it below that of the server' },
} as const satisfies Record<string, Options>;

export type NagiosArguments = InferredOptionTypes<typeof nagiosOptions>;

export const buildNagiosOptions = (command: Argv): Argv<NagiosArguments> =>
  command
    .usage(
      [
        '$0 [options]',
        '',
        'Examines the coding agent as a plugin of Nagios, Icinga and their kin: one line with performance data.',
        'Waivers in stethos.toml let rows through. Whatever is wrong with the call is told on the line as well.',
      ].join('\n'),
    )
    .options(nagiosOptions)
    .epilogue(
      'Exit codes: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN (no answer, interrupted, or a wrong command line).',
    );
