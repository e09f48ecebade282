import type { ContextOptions } from '../../doctor/context.ts';
import type { Report } from '../../doctor/report.ts';
import { files } from '../../host/files.ts';
import type { EffectiveDoctorSettings } from '../../settings/effective.ts';
import { settingsNotes } from '../../settings/words.ts';
import { chooseHome } from '../../target/home.ts';
import { assemble } from './checks.ts';
import type { Assembly } from './checks.ts';
import { contextOptionsOf } from './context-options.ts';
import { listenToInterrupt } from './interrupt.ts';
import { chooseOutputs } from './outputs.ts';
import type { Output } from './outputs.ts';
import { explain, list, select } from './select.ts';
import { settle } from './settle.ts';
import { parseDuration } from '../duration.ts';
import type { DoctorArguments } from './options.ts';
import { runDoctor } from './run.ts';
import { UsageError } from '../usage-error.ts';
import { workingDirectory } from '../working-directory.ts';

/** `stethos doctor`: explains, lists or examines. */
export async function doctor(args: DoctorArguments): Promise<void> {
  if (args.explain !== undefined) return explain(args.explain);
  await refuseContradictions(args);
  const { env } = process;
  const directory = workingDirectory(env);
  const { cwd } = directory;
  const settlement = settle(args, { env, cwd });
  const { settings, doctor: settled } = settlement;
  const context = contextOptionsOf(args, settlement, { env, directory });
  const timeoutMs = parseDuration(settled.timeout.value, '--timeout');
  const signal = listenToInterrupt();
  const assembly = await assemble({ settings, plugins: args.plugin, context, signal, timeoutMs });
  try {
    await examineWith(assembly);
  } catch (error) {
    await assembly.close();
    throw error;
  }

  async function examineWith({ registry, formats, close }: Assembly): Promise<void> {
    const outputs = chooseOutputs({ words: settled.format.value, formats, cwd });
    await refuseToWriteIntoHome(outputs, context);
    const showing = {
      outputs,
      anchorFile: settled.anchorFile?.value,
      stepSummary: env['GITHUB_STEP_SUMMARY'],
      look: { noColor: args['no-color'], ascii: args.ascii, all: args.all },
      gate: { failOn: settled.failOn.value, waivers: settings.waivers, ...(await baselineIn(settled)) },
      close,
    };
    if (args.from !== undefined) {
      const { showReport } = await import('./saved-report.ts');
      return showReport(args.from, { ...showing, env, notes: [] });
    }
    const selected = await select(registry, {
      only: settled.only.value,
      skip: settled.skip.value,
      networkOnly: args['network-only'],
    });
    if (args.list) {
      list(registry, selected);
      return close();
    }
    const isKept = args.history || settings.history.enabled.value;
    const run = {
      ...showing,
      context,
      selected,
      timeoutMs,
      signal,
      notes: settingsNotes(settings, settled),
      ...(isKept && { history: { keep: settings.history.keep.value } }),
      otel: args.otel,
      ...(args.sentry && { sentry: { dsn: args.dsn } }),
    };
    if (!args.watch) return runDoctor(registry, run);
    const { watchRuns } = await import('./watch/watch-runs.ts');
    return watchRuns(registry, run, { everyMs: parseDuration(args.every, '--every') });
  }
}

/** With a baseline that cannot be read everything would count as new, so that nothing runs then. */
async function baselineIn({ baseline }: EffectiveDoctorSettings): Promise<{ readonly baseline?: Report }> {
  if (baseline === undefined) return {};
  const { reportIn } = await import('./saved-report.ts');
  return { baseline: await reportIn(baseline.value) };
}

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
async function refuseContradictions(args: DoctorArguments): Promise<void> {
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

/** The patient is unharmed: a report beside what it is about would change what the next examination sees. */
async function refuseToWriteIntoHome(outputs: readonly Output[], context: ContextOptions): Promise<void> {
  if (outputs.every(({ file }) => file === undefined)) return;
  const { isInside } = await import('./write-output.ts');
  const home = chooseHome(context, files).path;
  for (const { name, file } of outputs)
    if (file !== undefined && isInside(file, home))
      throw new UsageError(
        `${file} stands in the examined home, which stays as it is.`,
        `Another place: --format ${name}=FILE`,
      );
}
