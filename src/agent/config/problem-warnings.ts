import type { ConfigProblem } from '../../target/config/facts.ts';
import type { ConfigWarning } from './config.ts';

/** What the user is told about problems that do not keep the agent from starting: keys that nobody reads in one warning. */
export function problemWarnings(problems: readonly ConfigProblem[]): ConfigWarning[] {
  const harmless = problems.filter(({ fatal }) => !fatal);
  const unread = harmless.filter(({ kind }) => kind === 'unknown_key');
  const others = harmless.filter(({ kind }) => kind !== 'unknown_key');
  const warnings = others.map((problem): ConfigWarning => ({
    kind: problem.kind === 'deprecated_key' ? 'deprecation' : 'warning',
    message: describeProblem(problem),
  }));
  if (unread.length > 0)
    warnings.unshift({
      kind: 'warning',
      message: `Settings that the agent does not know, and passes over: ${unread.map((each) => `${placed(each)}${instead(each)}`).join('; ')}.`,
    });
  return warnings;
}

/** A problem that the agent does not start on, with its place. */
export const describeProblem = (problem: ConfigProblem): string =>
  `${placed(problem)}: ${problem.message}${instead(problem)}.`;

function placed({ origin, line, keyPath }: ConfigProblem): string {
  const place = line === undefined ? origin : `${origin}:${line}`;
  return keyPath === undefined ? place : `\`${keyPath}\` (${place})`;
}

const instead = ({ suggestion }: ConfigProblem): string =>
  suggestion === undefined ? '' : `, use \`${suggestion}\``;
