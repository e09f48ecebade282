import type { Environment } from '../home.ts';
import type { ProfileId } from '../profile.ts';
import { namedRegion } from '../provider/bedrock.ts';
import type { Provider } from '../provider/facts.ts';
import type {
  AwsSource,
  CredentialFile,
  EffectiveCredential,
  LoginRestriction,
  Refusal,
  StorageMode,
} from './facts.ts';
import type { StoredCredential } from './stored.ts';

interface Situation {
  readonly provider: Provider | undefined;
  readonly env: Environment;
  readonly storage: StorageMode;
  readonly file: CredentialFile;
  readonly restriction: LoginRestriction;
  readonly awsSource: () => AwsSource;
  readonly agent: ProfileId;
}

/** Read by unattended runs only: `codex exec` takes it, interactive sessions and editors do not (codex 0.169). */
const UNATTENDED_VARIABLE = 'CODEX_API_KEY';
const ACCESS_TOKEN_VARIABLE = 'CODEX_ACCESS_TOKEN';

/**
 * The credential that a request will carry. Order, measured against codex 0.169: the provider's own variable, its
 * inline token, its command; then, for a provider that wants an OpenAI login, `CODEX_API_KEY`, `CODEX_ACCESS_TOKEN`
 * and the stored login. `OPENAI_API_KEY` in the environment is used for nothing.
 */
export function effectiveCredential(
  situation: Situation,
  { unattended }: { readonly unattended: boolean },
): EffectiveCredential {
  const { provider, env } = situation;
  if (!provider) return { kind: 'unknown' };
  if (provider.environmentKey !== undefined) {
    const value = env[provider.environmentKey];
    const state = value?.trim() ? 'present' : value ? 'blank' : 'missing';
    return { kind: 'provider_variable', name: provider.environmentKey, state };
  }
  if (provider.hasInlineToken) return { kind: 'provider_token' };
  if (provider.authCommand !== undefined) return { kind: 'provider_command' };
  if (provider.aws) return awsCredential(situation, provider);
  if (!provider.requiresOpenaiAuth) return { kind: 'not_needed' };
  return loginCredential(situation, unattended);
}

function awsCredential({ awsSource, file, env, agent }: Situation, provider: Provider): EffectiveCredential {
  const source = awsSource();
  // The region that was stored with a key goes before the configured one (measured on codex 0.169).
  const stored =
    source === 'stored Bedrock credential' && file.kind === 'stored'
      ? file.credential.bedrockRegion
      : undefined;
  const region = namedRegion({
    configured: stored ?? provider.aws?.region,
    usesBearerToken: source === 'AWS_BEARER_TOKEN_BEDROCK',
    env,
    agent,
  });
  return { kind: 'aws', source, region };
}

function loginCredential(situation: Situation, unattended: boolean): EffectiveCredential {
  const { env, storage, file, restriction } = situation;
  const variables = unattended ? [UNATTENDED_VARIABLE, ACCESS_TOKEN_VARIABLE] : [ACCESS_TOKEN_VARIABLE];
  for (const name of variables)
    if (env[name]?.trim() && methodIsAllowed(methodOfVariable(name), restriction))
      return { kind: 'environment', name };
  if (storage === 'ephemeral') return { kind: 'none' };
  if (storage === 'keyring') return { kind: 'keyring' };
  if (file.kind === 'stored')
    return refusalOf(file.credential, restriction) || file.credential.missing.length > 0
      ? { kind: 'none' }
      : { kind: 'stored', mode: file.credential.mode };
  return storage === 'auto' && file.kind === 'missing' ? { kind: 'keyring' } : { kind: 'none' };
}

/** Everything that the restriction turns away. The agent deletes a stored login that it turns away. */
export function refusals({
  env,
  file,
  storage,
  restriction,
}: Omit<Situation, 'awsSource' | 'provider' | 'agent'>): Refusal[] {
  const refused = [UNATTENDED_VARIABLE, ACCESS_TOKEN_VARIABLE]
    .filter((name) => env[name]?.trim() && !methodIsAllowed(methodOfVariable(name), restriction))
    .map((source): Refusal => ({ source, reason: 'method' }));
  const stored =
    file.kind === 'stored' && (storage === 'file' || storage === 'auto')
      ? refusalOf(file.credential, restriction)
      : undefined;
  return stored ? [...refused, { source: 'stored login', reason: stored }] : refused;
}

function refusalOf(
  credential: StoredCredential,
  restriction: LoginRestriction,
): Refusal['reason'] | undefined {
  const method = methodOfStored(credential);
  if (method === undefined) return undefined;
  if (!methodIsAllowed(method, restriction)) return 'method';
  const { workspaces } = restriction;
  if (method !== 'chatgpt' || workspaces.length === 0 || credential.accountId === undefined) return undefined;
  return workspaces.includes(credential.accountId) ? undefined : 'workspace';
}

function methodOfStored({ mode, hasTokens }: StoredCredential): 'chatgpt' | 'api' | undefined {
  if (mode === 'api_key') return 'api';
  return (mode === 'chatgpt' || mode === 'chatgpt_auth_tokens') && hasTokens ? 'chatgpt' : undefined;
}

const methodOfVariable = (name: string): 'chatgpt' | 'api' =>
  name === UNATTENDED_VARIABLE ? 'api' : 'chatgpt';

const methodIsAllowed = (method: 'chatgpt' | 'api', restriction: LoginRestriction): boolean =>
  restriction.method === undefined || restriction.method === method;
