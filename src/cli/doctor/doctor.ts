import { builtInChecks } from '../../../checks/index.ts';
import type { Report } from '../../doctor/report.ts';
import { files } from '../../host/files.ts';
import type { EffectiveDoctorSettings } from '../../settings/effective.ts';
import { settingsNotes } from '../../settings/words.ts';
import { chooseHome } from '../../target/home.ts';
import { assemble } from './checks.ts';
import type { Assembly } from './checks.ts';
import { contextOptionsOf } from './context-options.ts';
import { refuseContradictions } from './contradictions.ts';
import { listenToInterrupt } from './interrupt.ts';
import { chooseOutputs, refuseToWriteInto } from './outputs.ts';
import { list, select } from './select.ts';
import { settle } from './settle.ts';
import { parseDuration } from '../duration.ts';
import type { DoctorArguments } from './options.ts';
import { runDoctor } from './run.ts';
import { workingDirectory } from '../working-directory.ts';

/** `stethos doctor`: explains, lists or examines. */
export async function doctor(args: DoctorArguments): Promise<void> {
  if (args.explain !== undefined) return explain(args.explain, { noColor: args['no-color'] });
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

  async function examineWith({ registry, formats, faults, close }: Assembly): Promise<void> {
    const outputs = chooseOutputs({ words: settled.format.value, formats, cwd });
    await refuseToWriteInto(chooseHome(context, files).path, outputs);
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
    const selection = await select(registry, {
      faults,
      only: settled.only.value,
      skip: settled.skip.value,
      networkOnly: args['network-only'],
    });
    if (args.list) {
      list(registry, selection.selected);
      return close();
    }
    const isKept = args.history || settings.history.enabled.value;
    const run = {
      ...showing,
      context,
      ...selection,
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

async function explain(id: string, look: { readonly noColor: boolean }): Promise<never> {
  const { pageAbout, printPage } = await import('../explain/explain.ts');
  return printPage(pageAbout(id, builtInChecks), look);
}

/** With a baseline that cannot be read everything would count as new, so that nothing runs then. */
async function baselineIn({ baseline }: EffectiveDoctorSettings): Promise<{ readonly baseline?: Report }> {
  if (baseline === undefined) return {};
  const { reportIn } = await import('./saved-report.ts');
  return { baseline: await reportIn(baseline.value) };
}
