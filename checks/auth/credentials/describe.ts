import type { CredentialFacts, EffectiveCredential } from '../../../src/target/credentials/facts.ts';
import type { StoredMode } from '../../../src/target/credentials/stored-mode.ts';

const MODE_WORDS: Readonly<Record<StoredMode, string>> = {
  api_key: 'stored API key',
  chatgpt: 'ChatGPT login',
  chatgpt_auth_tokens: 'ChatGPT tokens of a host program',
  agent_identity: 'agent identity',
  personal_access_token: 'personal access token',
  bedrock_api_key: 'stored Bedrock API key',
  bedrock_access_keys: 'stored AWS access keys',
  headers: 'headers of a host program',
};

export const describeMode = (mode: StoredMode): string => MODE_WORDS[mode];

/** In a few words, what a request will carry. */
export function describeEffective(
  effective: EffectiveCredential,
  { file }: Pick<CredentialFacts, 'file'>,
  providerId: string,
): string {
  switch (effective.kind) {
    case 'provider_variable':
      return `${effective.name}, for provider ${providerId}`;
    case 'provider_token':
      return `token in the configuration of provider ${providerId}`;
    case 'provider_command':
      return `token command of provider ${providerId} (not run)`;
    case 'aws':
      return `AWS: ${effective.source}`;
    case 'not_needed':
      return `none needed by provider ${providerId}`;
    case 'environment':
      return `${effective.name} of the environment`;
    case 'stored': {
      const plan = file.kind === 'stored' ? file.credential.planType : undefined;
      return `${MODE_WORDS[effective.mode]}${plan ? ` (${plan} plan)` : ''}`;
    }
    case 'keyring':
      return 'login in the OS keyring (not opened)';
    case 'none':
      return 'none';
    case 'unknown':
      return `unknown, as provider ${providerId} is`;
  }
}

export function stateOfVariable(
  variable: Extract<EffectiveCredential, { kind: 'provider_variable' }>,
): string {
  return variable.state === 'blank' ? 'only white space' : variable.state;
}
