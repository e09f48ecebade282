import { join } from 'node:path';
import { isTable, stringAt, tableAt, valueAt } from '../facts.ts';
import type { ConfigProblem, ConfigTable, ConfigValue } from '../facts.ts';
import { namedTables, problemAt } from './rule.ts';
import type { RuleInput } from './rule.ts';

/** Rules for single keys that the schema cannot say: retired values, and what depends on other files or tables. */
export function keyRules(input: RuleInput): ConfigProblem[] {
  return [
    ...legacyProfile(input),
    ...removedKeys(input),
    ...emptyValues(input),
    ...retiredValues(input),
    ...agentRoles(input),
    ...hookHandlers(input),
  ];
}

/** Named settings now live in files of their own; the old key stops the agent and the old tables do nothing. */
function legacyProfile(input: RuleInput): ConfigProblem[] {
  const tables = namedTables(input.effective, 'profiles').map(([name]) => name);
  const chosen = stringAt(input.effective, 'profile');
  const problems: ConfigProblem[] = [];
  if (chosen !== undefined) {
    const file = join(input.home.path, `${chosen}.config.toml`);
    const plain = /^[\w.-]+$/.test(chosen);
    const exists = tables.includes(chosen) || (plain && input.files.look(file).kind === 'found');
    problems.push(
      problemAt(input, ['profile'], {
        kind: 'invalid_value',
        message: exists
          ? 'the agent no longer accepts this key and does not start'
          : 'it names a profile that does not exist, and the agent no longer accepts this key',
        expected: plain
          ? `no \`profile\` key; the settings in ${file}, chosen by --profile ${chosen}`
          : 'no `profile` key',
        fatal: true,
      }),
    );
  }
  if (tables.length > 0)
    problems.push(
      problemAt(input, ['profiles', tables[0] ?? ''], {
        kind: 'deprecated_key',
        message: 'the agent no longer uses profiles from this file',
        suggestion: `<name>.config.toml beside it, chosen by --profile <name>`,
        fatal: false,
      }),
    );
  return problems;
}

function removedKeys(input: RuleInput): ConfigProblem[] {
  return valueAt(input.effective, 'experimental_thread_store_endpoint') === undefined
    ? []
    : [
        problemAt(input, ['experimental_thread_store_endpoint'], {
          kind: 'invalid_value',
          message: 'the agent no longer accepts this key and does not start',
          expected: 'no such key',
          fatal: true,
        }),
      ];
}

function emptyValues(input: RuleInput): ConfigProblem[] {
  const problems = ['model_reasoning_effort', 'plan_mode_reasoning_effort']
    .filter((key) => stringAt(input.effective, key)?.trim() === '')
    .map((key) =>
      problemAt(input, [key], {
        kind: 'invalid_value',
        message: 'this must not be empty',
        found: 'empty text',
        expected: 'a reasoning effort such as "medium"',
        fatal: true,
      }),
    );
  if (valueAt(input.effective, 'tui.mouse_scroll_speed') === 0)
    problems.push(
      problemAt(input, ['tui', 'mouse_scroll_speed'], {
        kind: 'invalid_value',
        message: 'this must be above 0',
        found: 'the number 0',
        expected: 'a number above 0',
        fatal: true,
      }),
    );
  return problems;
}

function retiredValues(input: RuleInput): ConfigProblem[] {
  return stringAt(input.effective, 'approval_policy') === 'on-failure'
    ? [
        problemAt(input, ['approval_policy'], {
          kind: 'deprecated_key',
          // The embedded core still has it (spec/agent-core.md 3.1).
          message:
            input.home.profile.id === 'stethos'
              ? 'the value "on-failure" is deprecated'
              : 'the value "on-failure" is retired; the agent works as with "on-request"',
          suggestion: 'on-request',
          fatal: false,
        }),
      ]
    : [];
}

/** A role without a description is passed over, unless its own file brings one. */
function agentRoles(input: RuleInput): ConfigProblem[] {
  return namedTables(input.effective, 'agents')
    .filter(
      ([, role]) =>
        isTable(role) && !Object.hasOwn(role, 'description') && !Object.hasOwn(role, 'config_file'),
    )
    .map(([name]) =>
      problemAt(input, ['agents', name], {
        kind: 'invalid_value',
        message: 'the role has no `description`, so the agent passes over it',
        expected: 'description = "…"',
        fatal: false,
      }),
    );
}

/** What each kind of handler cannot do without. */
const HANDLER_KEYS: ReadonlyMap<ConfigValue | undefined, readonly string[]> = new Map([
  ['command', ['command']],
  ['mcp_tool', ['server', 'tool']],
]);

function hookHandlers(input: RuleInput): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  for (const [event, groups] of Object.entries(tableAt(input.effective, 'hooks') ?? {}))
    for (const [groupIndex, group] of elements(groups))
      for (const [index, handler] of elements(group['hooks']))
        for (const key of HANDLER_KEYS.get(handler['type']) ?? [])
          if (!Object.hasOwn(handler, key))
            problems.push(
              problemAt(input, ['hooks', event, groupIndex, 'hooks', index], {
                kind: 'invalid_value',
                message: `the hook has no \`${key}\``,
                expected: `a key \`${key}\``,
                fatal: true,
              }),
            );
  return problems;
}

const elements = (value: ConfigValue | undefined): (readonly [number, ConfigTable])[] =>
  Array.isArray(value)
    ? value.flatMap((element: ConfigValue, index) => (isTable(element) ? [[index, element] as const] : []))
    : [];
