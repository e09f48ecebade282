import { conclude } from '../../../doctor/check.ts';
import type { Verdict } from '../../../doctor/check.ts';
import { firstLine } from '../../../host/first-line.ts';
import type { ProcessRun } from '../../../host/process.ts';
import { issuesOf, quoted } from '../issue.ts';
import type { Fault } from '../issue.ts';
import type { Place, Work } from '../kind.ts';
import { isFoundIn } from '../pattern.ts';
import { detailsOfRun, faultOfStart, notStarted, start } from '../started.ts';
import type { Ended } from '../started.ts';
import type { SpecOf } from '../vocabulary.ts';

type Spec = SpecOf<'command'>;

/** A program ends as it should, and says what it should. */
export const command = (spec: Spec, place: Place): Work<ProcessRun> => ({
  title: `${spec.program} succeeds`,
  probe: (context) => start(spec, place, context),
  judge: (run) => judgeCommand(spec, run),
});

export function judgeCommand(spec: Spec, run: ProcessRun): Verdict {
  if (run.kind === 'disabled') return notStarted(spec);
  if (run.kind !== 'exited')
    return conclude({ summary: '', issues: issuesOf([faultOfStart(spec, run)], spec) });
  return conclude({
    summary: `${spec.program} ended with ${run.exitCode}`,
    details: detailsOfRun(run),
    issues: issuesOf(faultsOf(spec, run), spec),
  });
}

function faultsOf(spec: Spec, run: Ended): Fault[] {
  const codes = [spec.exit_code].flat();
  // What a program says that failed is another matter than what it was asked for.
  if (!codes.includes(run.exitCode))
    return [
      {
        class: 'exit',
        cause: `${spec.program} ended with ${run.exitCode}`,
        measured: [`exit code ${run.exitCode}`, firstLine(run.stderr)].filter(Boolean).join(': '),
        expected: `exit code ${codes.join(' or ')}`,
        remedy: `Start ${[spec.program, ...spec.args].join(' ')} by hand to see what it says.`,
      },
    ];
  return [...outputFaults(spec, run, 'stdout'), ...outputFaults(spec, run, 'stderr')];
}

function outputFaults(spec: Spec, run: Ended, stream: 'stdout' | 'stderr'): Fault[] {
  const { [`${stream}_contains` as const]: part, [`${stream}_matches` as const]: pattern } = spec;
  const output = run[stream];
  const fault = (expected: string): Fault => ({
    class: 'mismatch',
    cause: `${spec.program} does not say on ${stream} what it should`,
    measured: `${Buffer.byteLength(output)} bytes without it`,
    expected,
    remedy: `Start ${[spec.program, ...spec.args].join(' ')} by hand to see what it says.`,
    failure: { phase: 'process' },
  });
  return [
    ...(part !== undefined && !output.includes(part) ? [fault(`an output with ${quoted(part)}`)] : []),
    ...(pattern !== undefined && !isFoundIn(pattern, output)
      ? [fault(`an output that matches ${quoted(pattern)}`)]
      : []),
  ];
}
