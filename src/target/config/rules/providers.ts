import { describe, isPlainWord } from '../describe.ts';
import { stringAt } from '../facts.ts';
import type { ConfigProblem, ConfigTable } from '../facts.ts';
import { BUILT_IN_PROVIDERS, CHANGEABLE_KEYS } from '../schema/providers.ts';
import { nearest } from '../suggest.ts';
import { namedTables, problemAt, refusalsUnder } from './rule.ts';
import type { RuleInput } from './rule.ts';

/** Credentials that a provider must not name beside an `auth` command. */
const NOT_WITH_AUTH = ['env_key', 'experimental_bearer_token'];

/** Ids of earlier versions, with what took their place. */
const REMOVED_PROVIDERS: ReadonlyMap<string, string> = new Map([['ollama-chat', 'ollama']]);

/** What says whom a provider is and with what credential it is asked: of a built-in one, nobody changes it. */
const IDENTITY_KEYS = ['name', 'env_key', 'experimental_bearer_token', 'auth', 'requires_openai_auth'];

/** The active provider exists, and each defined one is one that the agent accepts. */
export function providerRules(input: RuleInput): ConfigProblem[] {
  return [
    ...activeProvider(input),
    ...namedTables(input.effective, 'model_providers').flatMap(([id, table]) =>
      oneProvider(input, id, table),
    ),
  ];
}

function activeProvider(input: RuleInput): ConfigProblem[] {
  const active = stringAt(input.effective, 'model_provider');
  const known = [...BUILT_IN_PROVIDERS, ...namedTables(input.effective, 'model_providers').map(([id]) => id)];
  if (active === undefined || known.includes(active)) return [];
  const suggestion = REMOVED_PROVIDERS.get(active) ?? nearest(active, known);
  const shown = isPlainWord(active) ? active : undefined;
  return [
    problemAt(input, ['model_provider'], {
      kind: 'unknown_reference',
      message: `it names ${shown === undefined ? 'a provider that is' : `the provider "${shown}", which is`} neither built in nor defined`,
      found: describe(active),
      expected: `a table [model_providers.${shown ?? '<id>'}], or a built-in provider`,
      allowed: known,
      ...(suggestion !== undefined && { suggestion }),
      fatal: true,
    }),
  ];
}

function oneProvider(input: RuleInput, id: string, table: ConfigTable): ConfigProblem[] {
  const path = ['model_providers', id];
  const refuse = refusalsUnder(input, path);
  if (BUILT_IN_PROVIDERS.some((known) => known === id)) {
    const isChangeable = input.home.profile.id === 'codex' ? changeableByCodex(id) : extensible(id);
    return Object.entries(table)
      .filter(([key, value]) => !isChangeable(key) && value !== false)
      .map(([key]) =>
        refuse(
          [key],
          `${id} is built in and \`${key}\` cannot be changed`,
          id === 'openai' ? '`openai_base_url`, or a provider of another name' : 'a provider of another name',
        ),
      );
  }
  const problems: ConfigProblem[] = [];
  if ((stringAt(table, 'name') ?? '').trim() === '')
    problems.push(refuse([], 'the provider has no `name`', 'name = "…"'));
  if (Object.hasOwn(table, 'aws'))
    problems.push(refuse(['aws'], '`aws` works with the amazon-bedrock providers only', 'no `aws` table'));
  if (Object.hasOwn(table, 'auth')) {
    const clash = NOT_WITH_AUTH.filter((key) => Object.hasOwn(table, key));
    if (table['requires_openai_auth'] === true) clash.push('requires_openai_auth');
    for (const key of clash)
      problems.push(refuse([key], `\`${key}\` cannot stand beside \`auth\``, 'one way to authenticate'));
  }
  return problems;
}

const changeableByCodex = (id: string): ((key: string) => boolean) => {
  const keys = CHANGEABLE_KEYS.get(id) ?? ['wire_api'];
  return (key) => keys.includes(key);
};

/** The embedded core lets a built-in provider be extended in all but whom it is (DECISIONS 8); Amazon has no WebSocket. */
const extensible = (id: string): ((key: string) => boolean) => {
  const isAmazon = id.startsWith('amazon-');
  const fixed = [...IDENTITY_KEYS, ...(isAmazon ? ['supports_websockets'] : ['base_url', 'aws'])];
  return (key) => !fixed.includes(key);
};
