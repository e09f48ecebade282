import { coerce, parse, satisfies } from 'semver';
import { conclude } from '../../../doctor/check.ts';
import type { Verdict } from '../../../doctor/check.ts';
import { firstLine } from '../../../host/first-line.ts';
import type { ProcessRun } from '../../../host/process.ts';
import { issuesOf } from '../issue.ts';
import type { Fault } from '../issue.ts';
import type { Place, Work } from '../kind.ts';
import { detailsOfRun, faultOfStart, notStarted, start } from '../started.ts';
import type { Ended } from '../started.ts';
import type { SpecOf } from '../vocabulary.ts';

type Spec = SpecOf<'version'>;

/** A program is of a version that will do. */
export const version = (spec: Spec, place: Place): Work<ProcessRun> => ({
  title: `${spec.program} is of a version ${spec.range}`,
  probe: (context) => start(spec, place, context),
  judge: (run) => judgeVersion(spec, run),
});

export function judgeVersion(spec: Spec, run: ProcessRun): Verdict {
  if (run.kind === 'disabled') return notStarted(spec);
  if (run.kind !== 'exited')
    return conclude({ summary: '', issues: issuesOf([faultOfStart(spec, run)], spec) });
  const found = versionIn(run.stdout) ?? versionIn(run.stderr);
  const fault = faultOf(spec, run, found);
  return conclude({
    summary: `${spec.program} ${found}`,
    details: { ...detailsOfRun(run), version: found, range: spec.range },
    issues: issuesOf(fault ? [fault] : [], spec),
  });
}

/** The first thing that looks like a version: `git version 2.39.5`, `v24.1.0`, `jq-1.6`. Two numbers will do. */
const VERSION = /(?<![\d.])(\d{1,9}\.\d{1,9}(?:\.\d{1,9})?)(-[0-9A-Za-z.-]{1,64})?(?![\d])/;
/** Programs say it at once. */
const SEARCHED_LENGTH = 4_096;

/** As a semantic version, whose missing patch is 0; undefined where none is named. */
export function versionIn(output: string): string | undefined {
  const [, numbers = '', preRelease = ''] = VERSION.exec(output.slice(0, SEARCHED_LENGTH)) ?? [];
  const whole = coerce(numbers)?.version;
  if (whole === undefined) return undefined;
  // What follows a version in other notations (`2.39.5-1+deb12`) may be no pre-release.
  return parse(`${whole}${preRelease}`)?.version ?? whole;
}

function faultOf({ program, range }: Spec, run: Ended, found: string | undefined): Fault | undefined {
  if (found === undefined)
    return {
      class: run.exitCode === 0 ? 'malformed' : 'exit',
      cause: `${program} does not say which version it is`,
      measured: [`exit code ${run.exitCode}`, firstLine(run.stdout) || firstLine(run.stderr)]
        .filter(Boolean)
        .join(': '),
      expected: `a version ${range}`,
      remedy: `Give the arguments with which ${program} prints its version as args.`,
      failure: { phase: 'process' },
    };
  // A pre-release of a version in the middle of the range will do.
  if (satisfies(found, range, { includePrerelease: true })) return undefined;
  return {
    class: 'mismatch',
    cause: `${program} ${found} is not ${range}`,
    measured: found,
    expected: range,
    remedy: `Install a version of ${program} in ${range}.`,
    failure: { phase: 'process' },
  };
}
