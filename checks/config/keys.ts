import { conclude, defineCheck, idle, warn } from '../../src/doctor/check.ts';
import type { VerdictIssue } from '../../src/doctor/check.ts';
import type { ConfigProblem, ConfigProblemKind } from '../../src/target/config/facts.ts';
import { setKeys } from './parts/effective.ts';
import { placeOf, subjectOf } from './parts/place.ts';

/** Keys that stand in a file and do not do what their author thinks. */
const KINDS: readonly ConfigProblemKind[] = ['unknown_key', 'ignored_key', 'deprecated_key', 'shadowed_key'];
/** Nobody repairs more at once; the rest is counted. */
const MAX_ISSUES = 20;
/** Lists in the details end here; a hostile file sets a million keys. */
const MAX_LISTED = 100;

export default defineCheck({
  id: 'config.keys',
  section: 'Configuration',
  category: 'config',
  title: 'Every configured key has an effect',
  budgetMs: 2_000,
  probe({ target }) {
    const { layers, problems, flags } = target.config();
    return {
      keys: setKeys(layers),
      problems: problems.filter(({ kind }) => KINDS.includes(kind)),
      legacyFlags: flags.flatMap(({ name, writtenAs }) =>
        writtenAs === undefined ? [] : [`${writtenAs} -> ${name}`],
      ),
      idleFlags: flags.filter(({ stage }) => stage === 'removed').map(({ name }) => name),
    };
  },
  judge({ keys, problems, legacyFlags, idleFlags }) {
    if (keys.length === 0 && problems.length === 0) return idle({ summary: 'no key is configured' });
    const shadowed = keys.filter(({ layers }) => layers.length > 1);
    return conclude({
      summary: `${keys.length} ${keys.length === 1 ? 'key' : 'keys'} set${shadowed.length > 0 ? `, ${shadowed.length} of them in several layers` : ''}`,
      details: {
        'keys set': keys.length,
        'effective values': keys
          .slice(0, MAX_LISTED)
          .map(
            ({ keyPath, layers, value }) =>
              `${keyPath} = ${value === undefined ? '' : `${value}, from `}${layers.at(-1)}`,
          ),
        'shadowed keys': shadowed
          .slice(0, MAX_LISTED)
          .map(
            ({ keyPath, layers }) =>
              `${keyPath}: ${layers.at(-1)} over ${layers.slice(0, -1).toReversed().join(', ')}`,
          ),
        'unknown keys': problems
          .filter(({ kind }) => kind === 'unknown_key')
          .slice(0, MAX_LISTED)
          .map(({ keyPath }) => keyPath ?? ''),
        'legacy feature flag': legacyFlags,
        'feature flags without effect': idleFlags,
        ...(problems.length > MAX_ISSUES && { 'further problems': problems.length - MAX_ISSUES }),
      },
      issues: problems.slice(0, MAX_ISSUES).map(issueOf),
    });
  },
});

function issueOf(problem: ConfigProblem): VerdictIssue {
  const { kind, message, keyPath } = problem;
  return warn({
    class: kind === 'shadowed_key' || keyPath === 'approval_policy' ? 'invalid_value' : 'unknown_key',
    cause: `${subjectOf(problem)}: ${message}`,
    measured: problem.found ?? keyPath ?? message,
    expected: expectedOf(problem),
    remedy: remedyOf(problem),
    fields: kind === 'unknown_key' ? ['unknown keys'] : ['effective values'],
  });
}

function expectedOf({ kind, suggestion, allowed }: ConfigProblem): string {
  if (suggestion !== undefined) return `\`${suggestion}\``;
  if (allowed && allowed.length > 0) return `one of ${allowed.join(', ')}`;
  return kind === 'ignored_key' ? 'the key in the user’s own config.toml' : 'a key that the agent reads';
}

function remedyOf(problem: ConfigProblem): string {
  const place = placeOf(problem);
  const { kind, suggestion } = problem;
  switch (kind) {
    case 'unknown_key':
      return suggestion === undefined
        ? `Remove it, or correct its name: ${place}.`
        : `Did you mean \`${suggestion}\`? Correct the name: ${place}.`;
    case 'ignored_key':
      return `Move it to your own config.toml if you want it: ${place}.`;
    case 'deprecated_key':
      return suggestion === undefined ? `Remove it: ${place}.` : `Use \`${suggestion}\` instead: ${place}.`;
    case 'shadowed_key':
      return `Choose an allowed value, or ask your administrator: ${place}.`;
    case 'unreadable':
    case 'malformed':
    case 'invalid_value':
    case 'unknown_reference':
      return `Correct ${place}.`;
  }
}
