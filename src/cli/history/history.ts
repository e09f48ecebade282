import { resolve } from 'node:path';
import { compareReports } from '../../doctor/compare/compare.ts';
import { redactComparison } from '../../doctor/compare/redact-comparison.ts';
import type { Report } from '../../doctor/report.ts';
import { clearHistory } from '../../history/clear.ts';
import { changingChecks } from '../../history/flapping.ts';
import { useHistory } from '../../history/open.ts';
import type { HistoryUse } from '../../history/open.ts';
import { historyPath, homeKey } from '../../history/place.ts';
import { checkRows, countRuns, keptReport, keptRuns, keptTargets } from '../../history/read.ts';
import type { RunFilter } from '../../history/read.ts';
import type { HistoryDatabase } from '../../history/schema.ts';
import { files } from '../../host/files.ts';
import { formatCount } from '../../host/units.ts';
import { createRedactor } from '../../redact/redactor.ts';
import type { Redactor } from '../../redact/redactor.ts';
import type { Environment } from '../../target/home.ts';
import { redactionOfUser } from '../../target/redaction.ts';
import { EXIT_DONE, EXIT_FAILED, isAnswered } from '../command.ts';
import type { Command } from '../command.ts';
import { finish } from '../finish.ts';
import { Problem } from '../problem.ts';
import { styleFor } from '../style.ts';
import type { Look } from '../style.ts';
import { UsageError } from '../usage-error.ts';
import { workingDirectory } from '../working-directory.ts';
import { buildHistoryOptions, historyOptions } from './options.ts';
import type { HistoryArguments } from './options.ts';
import { comparisonText } from '../diff/comparison-text.ts';
import { formatNamed, redactedAgain, renderKept } from './show.ts';
import { flapsText, runsText } from './text.ts';
import type { TargetFlaps } from './text.ts';

/** `stethos history`, and its verbs `show`, `diff`, `flaps` and `clear`. */
export const history: Command = async (argv, parser) => {
  const args = buildHistoryOptions(parser(argv, 'stethos history', historyOptions)).parseSync();
  if (isAnswered(args)) return;
  const { env } = process;
  const { cwd } = workingDirectory(env);
  const text = await runHistory(args, { env, cwd });
  finish(text, { exitCode: EXIT_DONE, what: 'the history', unwritten: EXIT_FAILED });
};

interface Surroundings {
  readonly env: Environment;
  readonly cwd: string;
}

type Arguments = HistoryArguments & { readonly _: readonly (string | number)[] };

/**
 * @returns what is to be printed
 * @throws UsageError, Problem
 */
export async function runHistory(args: Arguments, surroundings: Surroundings): Promise<string> {
  const [verb, ...ids] = args._.map(String);
  const surplus = ids[TAKES[verb ?? ''] ?? 0];
  if (surplus !== undefined) throw new UsageError(`history ${verb} takes no ${surplus}.`, EXAMPLE);
  const path = historyPath(surroundings.env);
  switch (verb) {
    case undefined:
      return list(path, args, surroundings);
    case 'show':
      return show(path, ids, args, surroundings);
    case 'diff':
      return diff(path, ids, args, surroundings);
    case 'flaps':
      return flaps(path, args, surroundings);
    case 'clear':
      return clear(path, args);
    default:
      throw new UsageError(`history has no ${verb}; it has show, diff, flaps and clear.`, EXAMPLE);
  }
}

/** Numbers of runs that a verb takes. */
const TAKES: Readonly<Record<string, number>> = { show: 1, diff: 2 };
const EXAMPLE = 'For example: stethos history show 12';
const INDENT = 2;
const NOTHING_KEPT =
  'No run is kept. [history] enabled = true in stethos.toml of the user, or doctor --history, keeps them.\n';

async function list(path: string, args: Arguments, surroundings: Surroundings): Promise<string> {
  const limit = positive(args, 'limit');
  const redactor = redactorOf(surroundings);
  const filter = filterOf(args, surroundings);
  const found = await read(path, [], (database) => keptRuns(database, { ...filter, limit }));
  const runs = found.map((run) => ({ ...run, home: redactor.text(run.home) }));
  if (args.json) return asJson({ runs });
  return runs.length === 0 ? NOTHING_KEPT : runsText(runs);
}

async function show(
  path: string,
  [id]: readonly string[],
  { format, json, ...look }: Arguments,
  surroundings: Surroundings,
): Promise<string> {
  if (json && format !== undefined)
    throw new UsageError('--json is a format already.', 'Leave --json or --format out.');
  const name = formatNamed(format ?? (json ? 'json' : 'human'));
  const report = await reportOf(path, id);
  return renderKept(redactedAgain(report, redactionOfUser(surroundings, files)), name, lookOf(look));
}

async function diff(
  path: string,
  [first, second]: readonly string[],
  { json, ...look }: Arguments,
  surroundings: Surroundings,
): Promise<string> {
  const [before, after] = [await reportOf(path, first), await reportOf(path, second)];
  const comparison = redactComparison(
    compareReports(before, after, { all: look.all }),
    redactionOfUser(surroundings, files),
  );
  return json ? asText(comparison) : comparisonText(comparison, await styleFor(lookOf(look)));
}

const lookOf = ({
  all,
  ascii,
  'no-color': noColor,
}: Pick<Arguments, 'all' | 'ascii' | 'no-color'>): Look => ({
  all,
  ascii,
  noColor,
});

async function reportOf(path: string, id: string | undefined): Promise<Report> {
  if (id === undefined || !/^\d{1,15}$/.test(id))
    throw new UsageError(`${id ?? 'Nothing'} is not the number of a run.`, EXAMPLE);
  const nothing = undefined;
  const report = await read(path, nothing, (database) => keptReport(database, Number(id)));
  if (!report) throw new Problem(`No run ${id} is kept. stethos history names those that are.`);
  return report;
}

async function flaps(path: string, args: Arguments, surroundings: Surroundings): Promise<string> {
  const limits = { runs: positive(args, 'runs'), changes: positive(args, 'changes') };
  const redactor = redactorOf(surroundings);
  const filter = filterOf(args, surroundings);
  const targets = await read(path, [], (database) =>
    keptTargets(database, filter).map(({ profile, homeKey: key, home }): TargetFlaps => {
      const rows = checkRows(database, { profile, homeKey: key, runs: limits.runs });
      return {
        profile,
        home: redactor.text(home),
        runs: new Set(rows.map(({ run }) => run)).size,
        checks: changingChecks(rows, limits),
      };
    }),
  );
  if (args.json) return asJson({ targets });
  return targets.length === 0 ? NOTHING_KEPT : flapsText(targets);
}

async function clear(path: string, { yes }: Arguments): Promise<string> {
  if (!yes) {
    const runs = await read(path, 0, countRuns);
    throw new UsageError(
      `history clear removes ${formatCount(runs, 'run')} for good.`,
      'Add --yes to do so.',
    );
  }
  const use = await clearHistory(path);
  if (use.kind === 'failed') throw new Problem(`${use.problem}.`);
  if (use.kind === 'absent') return NOTHING_KEPT;
  return use.value === 'damaged'
    ? 'The damaged history was removed.\n'
    : `${formatCount(use.value, 'run')} removed.\n`;
}

/** @throws Problem where there is a history that cannot be read */
async function read<Value>(
  path: string,
  otherwise: Value,
  work: (database: HistoryDatabase) => Value,
): Promise<Value> {
  const use: HistoryUse<Value> = await useHistory(path, { create: false }, work);
  if (use.kind === 'failed') throw new Problem(`${use.problem}.`);
  return use.kind === 'done' ? use.value : otherwise;
}

const redactorOf = (surroundings: Surroundings): Redactor =>
  createRedactor(redactionOfUser(surroundings, files));

const filterOf = ({ target, home }: Arguments, { cwd }: Surroundings): RunFilter => ({
  ...(target !== undefined && { profile: target }),
  ...(home !== undefined && { homeKey: homeKey(resolve(cwd, home)) }),
});

function positive(args: Arguments, name: 'limit' | 'runs' | 'changes'): number {
  const value = args[name];
  if (Number.isInteger(value) && value > 0) return value;
  throw new UsageError(`--${name} takes a whole number of at least 1.`, `For example: --${name} 5`);
}

const asText = (data: object): string => `${JSON.stringify(data, undefined, INDENT)}\n`;
const asJson = (data: object): string => asText({ schemaVersion: 1, ...data });
