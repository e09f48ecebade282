import { fail, warn } from '../../../src/doctor/check.ts';
import type { VerdictIssue } from '../../../src/doctor/check.ts';
import type { FailureClass } from '../../../src/doctor/failure.ts';
import type { ConfigProblem, ReadFault } from '../../../src/target/config/facts.ts';
import { placeOf, subjectOf } from './place.ts';

/** What `config.load` says about a problem: what the agent refuses to start on is a failure, the rest a warning. */
export function loadIssue(problem: ConfigProblem, fields: readonly string[]): VerdictIssue {
  const issue = problem.fatal ? fail : warn;
  return issue({
    class: classOf(problem),
    cause: `${subjectOf(problem)}: ${problem.message}`,
    measured: problem.found ?? problem.message,
    expected: problem.expected ?? expectedOf(problem),
    remedy: remedyOf(problem),
    fields,
  });
}

function expectedOf({ kind, readFault }: ConfigProblem): string {
  if (readFault === 'not_utf8') return 'UTF-8 text';
  if (kind === 'malformed') return 'valid TOML';
  return kind === 'unreadable' ? 'a readable file' : 'a setting that the agent takes';
}

function classOf(problem: ConfigProblem): FailureClass {
  switch (problem.kind) {
    case 'malformed':
      return 'malformed';
    case 'unreadable':
      return READ_CLASSES[problem.readFault ?? 'failed'];
    case 'unknown_reference':
      return READ_CLASSES[problem.readFault ?? 'missing'];
    case 'unknown_key':
    case 'ignored_key':
      return 'unknown_key';
    case 'invalid_value':
    case 'deprecated_key':
    case 'shadowed_key':
      return 'invalid_value';
  }
}

const READ_CLASSES: Readonly<Record<ReadFault, FailureClass>> = {
  missing: 'missing',
  permissions: 'permissions',
  wrong_type: 'wrong_type',
  not_utf8: 'malformed',
  too_large: 'unreadable',
  loop: 'unreadable',
  failed: 'unreadable',
};

function remedyOf(problem: ConfigProblem): string {
  const { kind, origin, suggestion, expected } = problem;
  const place = placeOf(problem);
  if (kind === 'unreadable') return READ_REMEDIES[problem.readFault ?? 'failed'](origin);
  if (kind === 'malformed')
    return `Correct ${place}. The settings around it were still read, so this report covers them.`;
  if (suggestion !== undefined) return `Did you mean "${suggestion}"? Correct ${place}.`;
  if (kind === 'unknown_reference') return `Create what it names, or name another one: ${place}.`;
  return expected === undefined || origin === ''
    ? `Correct ${place}.`
    : `Correct ${place}: the agent expects ${expected}.`;
}

const READ_REMEDIES: Readonly<Record<ReadFault, (file: string) => string>> = {
  missing: (file) => `Repair the link ${file}, or remove it if its settings are no longer wanted.`,
  permissions: (file) => `Let your user read it: check owner and mode of ${file} and of the folders above.`,
  wrong_type: (file) => `Move away what stands there and put a text file at ${file}.`,
  not_utf8: (file) => `Save ${file} as UTF-8 text.`,
  too_large: (file) => `Look into ${file}: something has written far more into it than settings.`,
  loop: (file) => `Replace the link ${file} by the file that it should lead to.`,
  failed: (file) => `Check ${file}: it must be a file that your user can read.`,
};
