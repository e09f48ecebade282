import { UsageError } from '../usage-error.ts';
import type { DoctorArguments } from './options.ts';

/** Options that say how to examine, not how to show or judge. */
const EXAMINING = [
  'target',
  'home',
  'c',
  'enable',
  'disable',
  'only',
  'skip',
  'list',
  'network-only',
  'deep',
  'history',
  'otel',
  'sentry',
  'watch',
] as const satisfies readonly (keyof DoctorArguments)[];

const isGiven = (value: unknown): boolean =>
  Array.isArray(value) ? value.length > 0 : value !== undefined && value !== false;

/** @throws UsageError for options that leave no sensible run together */
export async function refuseContradictions(args: DoctorArguments): Promise<void> {
  const { c, dsn, sentry, otel, offline, 'network-only': networkOnly } = args;
  for (const override of c) {
    if (!/^[^=\s][^=]*=/.test(override))
      throw new UsageError(`-c ${override} is not key=value.`, 'For example: -c model_provider=\'"openai"\'');
  }
  if (args.from !== undefined) {
    const pointless = EXAMINING.find((option) => isGiven(args[option]));
    if (pointless !== undefined)
      throw new UsageError(
        `--from examines nothing, so that --${pointless} has no meaning there.`,
        'Leave one of them out.',
      );
  }
  if (args.watch && (otel || sentry))
    throw new UsageError(
      `--watch and --${otel ? 'otel' : 'sentry'} exclude each other.`,
      'A run that is sent is one run: leave one of them out.',
    );
  const network = { '--sentry': sentry, '--otel': otel, '--network-only': networkOnly };
  for (const [option, isOn] of Object.entries(network))
    if (isOn && offline)
      throw new UsageError(`${option} and --offline exclude each other.`, 'Leave one of them out.');
  if (dsn === undefined) return;
  if (!sentry) throw new UsageError('--dsn says where --sentry sends to.', 'Add --sentry, or leave it out.');
  const { parseDsn } = await import('../../telemetry/sentry/dsn.ts');
  const read = parseDsn(dsn);
  if (read.kind === 'invalid') throw new UsageError(`--dsn: ${read.problem}.`, read.remedy);
}
