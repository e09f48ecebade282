import { fail } from '../../../src/doctor/check.ts';
import type { VerdictIssue } from '../../../src/doctor/check.ts';
import type { LiveEvidence } from './evidence.ts';
import type { Opinion } from './opinion.ts';
import { codesOf } from './refusal.ts';

type Refused = Extract<Opinion, { kind: 'refused' }>;

/** Nothing says that the provider wants a credential, and it does: the agent meets the same answer. */
export function unmetNeedIssue(refused: Refused, provider: LiveEvidence['provider']): VerdictIssue {
  const { class: failureClass, ...facts } = refused.failure;
  return fail({
    ...wordsOf(provider),
    class: failureClass,
    failure: facts,
    measured: [`HTTP ${refused.answer.status}`, ...codesOf(refused)].join(', '),
    expected: 'an answer that is neither 401 nor 403',
    fields: ['status'],
  });
}

function wordsOf({ id, origin, hasHeaders, unsetVariables }: LiveEvidence['provider']): {
  readonly cause: string;
  readonly remedy: string;
} {
  const table = `model_providers.${id}`;
  const [unset] = unsetVariables;
  if (unset !== undefined)
    return {
      cause: `The provider wants a credential, and ${unset}, which should carry it, is not set`,
      remedy: `Set ${unset}: a header of ${table}.env_http_headers is left out without it.`,
    };
  if (hasHeaders)
    return {
      cause: 'The provider does not accept the headers of the configuration as a credential',
      remedy: `Correct the one in http_headers or env_http_headers of ${table}, or name the variable of its key with env_key.`,
    };
  return {
    cause: 'The provider wants a credential, and the configuration gives it none',
    remedy:
      origin === 'built-in'
        ? `The agent sends none to ${id}. Configure a provider of your own with this address and an env_key, and name it in model_provider.`
        : `Name the variable that holds its key with env_key in ${table}, and set that variable.`,
  };
}
