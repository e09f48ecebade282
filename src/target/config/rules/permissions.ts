import { stringAt, tableAt } from '../facts.ts';
import type { ConfigProblem, ConfigTable } from '../facts.ts';
import { nearest } from '../suggest.ts';
import { namedTables, problemAt } from './rule.ts';
import type { RuleInput } from './rule.ts';

const BUILT_IN_PERMISSIONS = [':read-only', ':workspace', ':danger-full-access'] as const;

/** The chosen permission profile exists, and the paths of each profile are ones that the agent accepts. */
export function permissionRules(input: RuleInput): ConfigProblem[] {
  const profiles = namedTables(input.effective, 'permissions');
  const known = [...BUILT_IN_PERMISSIONS, ...profiles.map(([name]) => name)];
  const chosen = stringAt(input.effective, 'default_permissions');
  const problems: ConfigProblem[] = [];
  if (chosen === undefined && profiles.length > 0)
    problems.push(
      problemAt(input, ['permissions'], {
        kind: 'invalid_value',
        message: 'permission profiles are defined, but `default_permissions` chooses none',
        expected: 'default_permissions = "<name>"',
        fatal: true,
      }),
    );
  if (chosen !== undefined && !known.includes(chosen))
    problems.push(missingProfile(input, ['default_permissions'], chosen, known));
  for (const [name, profile] of profiles) {
    const parent = stringAt(profile, 'extends');
    if (parent === ':danger-full-access')
      problems.push(
        problemAt(input, ['permissions', name, 'extends'], {
          kind: 'invalid_value',
          message: 'a profile cannot extend the one without limits',
          expected: 'another profile',
          fatal: true,
        }),
      );
    else if (parent !== undefined && !known.includes(parent))
      problems.push(missingProfile(input, ['permissions', name, 'extends'], parent, known));
    problems.push(...relativePaths(input, name, profile));
    if (name === chosen && parent === undefined && tableAt(profile, 'filesystem') === undefined)
      problems.push(
        problemAt(input, ['permissions', name], {
          kind: 'invalid_value',
          message: 'the profile says nothing about files, so the agent may not write any',
          expected: `a table [permissions.${name}.filesystem] or \`extends\``,
          fatal: false,
        }),
      );
  }
  return problems;
}

function missingProfile(
  input: RuleInput,
  path: readonly string[],
  name: string,
  known: readonly string[],
): ConfigProblem {
  const suggestion = nearest(name, known);
  return problemAt(input, path, {
    kind: 'unknown_reference',
    message: 'it names a permission profile that is neither built in nor defined',
    expected: 'a built-in or a defined permission profile',
    allowed: known,
    ...(suggestion !== undefined && { suggestion }),
    fatal: true,
  });
}

function relativePaths(input: RuleInput, name: string, profile: ConfigTable): ConfigProblem[] {
  return Object.keys(tableAt(profile, 'filesystem') ?? {})
    .filter((path) => path !== 'glob_scan_max_depth' && !/^(?:[/:\\]|~(?:$|[/\\])|[A-Za-z]:)/.test(path))
    .map((path) =>
      problemAt(input, ['permissions', name, 'filesystem', path], {
        kind: 'invalid_value',
        message: 'a path here must be absolute',
        expected: 'an absolute path, one below `~/`, or a name that begins with `:`',
        fatal: true,
      }),
    );
}
