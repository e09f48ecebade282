import { compareReports } from '../../doctor/compare/compare.ts';
import type { RedactedComparison } from '../../doctor/compare/comparison.ts';
import { redactComparison } from '../../doctor/compare/redact-comparison.ts';
import { decideGate } from '../../doctor/gate.ts';
import { dayOf } from '../../doctor/gate/waivers.ts';
import { EXIT } from '../../doctor/report.ts';
import type { FailOn, Report } from '../../doctor/report.ts';
import { systemClock } from '../../host/clock.ts';
import { files } from '../../host/files.ts';
import { redactionOfUser } from '../../target/redaction.ts';
import { isAnswered } from '../command.ts';
import type { Command } from '../command.ts';
import { finish } from '../finish.ts';
import { styleFor } from '../style.ts';
import { UsageError } from '../usage-error.ts';
import { buildDiffOptions, diffOptions } from './options.ts';
import { reportIn } from '../report-in.ts';
import { STANDARD_INPUT } from '../read-report-text.ts';
import { workingDirectory } from '../working-directory.ts';

const EXAMPLE = 'For example: stethos diff yesterday.json today.json';
const INDENT = 2;

/** `stethos diff`: what changed between two reports. */
export const diff: Command = async (argv, parser) => {
  const args = buildDiffOptions(parser(argv, 'stethos diff', diffOptions)).parseSync();
  if (isAnswered(args)) return;
  const [first, second, ...more] = args._.map(String);
  if (first === undefined || second === undefined || more.length > 0)
    throw new UsageError('diff takes two reports: the one before and the one after.', EXAMPLE);
  if (first === STANDARD_INPUT && second === STANDARD_INPUT)
    throw new UsageError('Only one of the two reports can be standard input.', EXAMPLE);
  // One after the other, so that a shell's complaint about the first is not mixed with the second.
  const before = await reportIn(first);
  const after = await reportIn(second);
  const { env } = process;
  const comparison = redactComparison(
    compareReports(before, after, { all: args.all }),
    redactionOfUser({ env, cwd: workingDirectory(env).cwd }, files),
  );
  const exitCode = await exitCodeOf({ before, after, comparison, failOn: args['fail-on'] });
  const text = args.json
    ? `${JSON.stringify(comparison, undefined, INDENT)}\n`
    : await textOf(comparison, { noColor: args['no-color'], ascii: args.ascii, all: args.all });
  finish(text, { exitCode, what: 'the comparison', unwritten: EXIT.incomplete });
};

async function textOf(comparison: RedactedComparison, look: Parameters<typeof styleFor>[0]): Promise<string> {
  const { comparisonText } = await import('./comparison-text.ts');
  return comparisonText(comparison, await styleFor(look));
}

interface Compared {
  readonly before: Report;
  readonly after: Report;
  readonly comparison: RedactedComparison;
  readonly failOn: FailOn;
}

/** The report before is the baseline of the one after: the gate and the comparison never disagree. */
async function exitCodeOf({ before, after, comparison, failOn }: Compared): Promise<number> {
  const today = dayOf(systemClock.now());
  const { counted } = await decideGate(after, { failOn, baseline: before, today });
  if (counted.length > 0) return EXIT.threshold;
  const isSilenced = comparison.checks.some(({ change }) => change === 'unanswered');
  return isSilenced && failOn !== 'never' ? EXIT.incomplete : EXIT.healthy;
}
