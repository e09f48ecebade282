import { parseDuration } from '../duration.ts';
import { UsageError } from '../usage-error.ts';
import { readListenAddress } from './address.ts';
import type { ListenAddress } from './address.ts';
import type { ServeArguments } from './options.ts';

export interface ServeSetup {
  readonly address: ListenAddress;
  readonly everyMs: number;
  readonly maxAgeMs: number;
  /** The doctor's own deadline; undefined where its settings say it. */
  readonly timeoutMs: number | undefined;
  /** What the doctor is started with. */
  readonly doctor: readonly string[];
}

/** An examination more often than this would be all that the machine does. */
const LEAST_EVERY_MS = 1_000;

/** @throws UsageError */
export function readServeArguments(args: ServeArguments): ServeSetup {
  const everyMs = parseDuration(args.every, '--every');
  if (everyMs < LEAST_EVERY_MS)
    throw new UsageError(`--every ${args.every} is too often.`, 'One second is the least.');
  return {
    address: readListenAddress(args.listen, args),
    everyMs,
    maxAgeMs: args['max-age'] === undefined ? 2 * everyMs : parseDuration(args['max-age'], '--max-age'),
    timeoutMs: args.timeout === undefined ? undefined : parseDuration(args.timeout, '--timeout'),
    doctor: ['doctor', '--format', 'json', ...doctorArguments(args)],
  };
}

/** The options that both know, written as they were given. */
function doctorArguments(args: ServeArguments): string[] {
  const values = {
    target: args.target,
    home: args.home,
    timeout: args.timeout,
    'fail-on': args['fail-on'],
    baseline: args.baseline,
  };
  const lists = { config: args.c, plugin: args.plugin, only: args.only, skip: args.skip };
  const flags = {
    'trust-project': args['trust-project'],
    offline: args.offline,
    'no-exec': args['no-exec'],
  };
  return [
    ...Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}=${value}`])),
    ...Object.entries(lists).flatMap(([name, all]) => all.map((value) => `--${name}=${value}`)),
    ...Object.entries(flags).flatMap(([name, isSet]) => (isSet ? [`--${name}`] : [])),
  ];
}
