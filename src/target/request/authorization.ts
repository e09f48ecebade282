import type { Files } from '../../host/files.ts';
import type { Secret } from '../../redact/secret.ts';
import { stringAt, tableAt } from '../config/facts.ts';
import type { EffectiveCredential } from '../credentials/facts.ts';
import type { StoredMode } from '../credentials/stored-mode.ts';
import type { Environment } from '../home.ts';
import type { Target } from '../target.ts';
import { bearer, secretOf, unattached } from './bearer.ts';
import { providerSettings } from './provider-settings.ts';
import { missingAuthorization, storedAuthorization } from './stored-authorization.ts';
import { readStoredSecrets } from './stored-secrets.ts';
import { runTokenCommand, TOKEN_COMMAND_TIMEOUT_MS } from './token-command.ts';

/** How a request is signed, in the words of `codex doctor`; `provider` is a credential of the provider's own. */
export type AuthMode = StoredMode | 'provider' | 'aws' | 'none';

/**
 * The credential as a request carries it. The only place where secrets leave the files: each is wrapped, so that it
 * can be sent and not shown.
 */
export type Authorization =
  | {
      readonly kind: 'attached';
      readonly mode: AuthMode;
      /** Where it stands: a file, a variable, a configuration key. */
      readonly source: string;
      /** `Authorization` and its companions, such as `ChatGPT-Account-ID`. */
      readonly headers: Readonly<Record<string, Secret>>;
    }
  | {
      readonly kind: 'unattached';
      readonly mode: AuthMode;
      readonly source?: string;
      readonly reason: UnattachedReason;
      /** How a command failed; nothing that it printed. */
      readonly problem?: string;
    };

export type UnattachedReason =
  /** No credential is set up. */
  | 'none'
  /** The provider wants none. */
  | 'not_needed'
  /** Parts are missing, or a variable is unset or blank; `auth.credentials` says which. */
  | 'incomplete'
  /** The access token has expired and the agent will renew it before it asks; we never do. */
  | 'expired'
  /** In the keyring of the operating system, which is not opened. */
  | 'keyring'
  /** A command prints it; run under `--deep` only. */
  | 'command'
  /** The command was run and gave no token. */
  | 'command_failed'
  /** Every request is signed on its own (AWS SigV4). */
  | 'signing'
  /** Would have to register a task first. */
  | 'agent_identity'
  /** It holds characters that no header may have. */
  | 'illegal_value'
  /** The configuration names a provider that does not exist. */
  | 'unknown_provider';

export interface AuthorizationOptions {
  readonly files: Files;
  /** Milliseconds since the epoch. */
  readonly nowMs: number;
  /** Run the command that prints a token, when the provider has one. */
  readonly runCommand: boolean;
}

type AuthorizationSources = Pick<
  Target,
  'config' | 'credentials' | 'cwd' | 'environment' | 'home' | 'providers'
>;

const API_KEY_VARIABLE = 'CODEX_API_KEY';
const BEDROCK_VARIABLE = 'AWS_BEARER_TOKEN_BEDROCK';
/** Begins a personal access token; anything else in `CODEX_ACCESS_TOKEN` is an agent identity. */
const PERSONAL_TOKEN_PREFIX = 'at-';

/**
 * The credential that `target.credentials().effective` names, read again with its secrets. Nothing is refreshed,
 * registered or asked for elsewhere: a personal access token therefore lacks the account that the agent looks up first.
 */
export async function authorizationOf(
  target: AuthorizationSources,
  options: AuthorizationOptions,
): Promise<Authorization> {
  const credential = target.credentials().effective;
  const env = target.environment().values;
  switch (credential.kind) {
    case 'provider_variable':
      return credential.state === 'present'
        ? bearer({ mode: 'provider', source: credential.name, token: secretOf(env[credential.name]) })
        : unattached('provider', 'incomplete', credential.name);
    case 'provider_token':
      return inlineToken(target);
    case 'provider_command':
      return tokenOfCommand(target, options);
    case 'aws':
      return awsAuthorization(target, credential, options);
    case 'not_needed':
      return unattached('none', 'not_needed');
    case 'environment':
      return variableAuthorization(credential.name, env);
    case 'stored':
      return storedAuthorization(target.credentials(), credential.mode, options);
    case 'keyring':
      return unattached('none', 'keyring');
    case 'none':
      return missingAuthorization(target.credentials());
    case 'unknown':
      return unattached('none', 'unknown_provider');
  }
}

function inlineToken({ config, providers }: AuthorizationSources): Authorization {
  const { activeId } = providers();
  const token = stringAt(providerSettings(config().effective, activeId), 'experimental_bearer_token');
  const source = `model_providers.${activeId}.experimental_bearer_token`;
  return bearer({ mode: 'provider', source, token: secretOf(token) });
}

async function tokenOfCommand(
  { config, cwd, environment, home, providers }: AuthorizationSources,
  { files, runCommand }: AuthorizationOptions,
): Promise<Authorization> {
  const { activeId } = providers();
  const source = `model_providers.${activeId}.auth`;
  if (!runCommand) return unattached('provider', 'command', source);
  const outcome = await runTokenCommand({
    settings: tableAt(providerSettings(config().effective, activeId), 'auth') ?? {},
    environment: environment().values,
    configFolder: home.path,
    cwd,
    files,
    longestWaitMs: TOKEN_COMMAND_TIMEOUT_MS,
  });
  return outcome.kind === 'printed'
    ? bearer({ mode: 'provider', source, token: outcome.token })
    : { ...unattached('provider', 'command_failed', source), problem: outcome.problem };
}

function awsAuthorization(
  target: AuthorizationSources,
  { source, region }: Extract<EffectiveCredential, { readonly kind: 'aws' }>,
  { files }: AuthorizationOptions,
): Authorization {
  if (source === 'none found') return unattached('aws', 'none');
  if (source === BEDROCK_VARIABLE) {
    // Without a region the agent ends here.
    if (region === undefined) return unattached('aws', 'incomplete', source);
    return bearer({
      mode: 'aws',
      source,
      token: secretOf(target.environment().values[BEDROCK_VARIABLE]?.trim()),
    });
  }
  const { file, path } = target.credentials();
  const isStoredKey =
    source === 'stored Bedrock credential' &&
    file.kind === 'stored' &&
    file.credential.mode === 'bedrock_api_key';
  return isStoredKey
    ? bearer({
        mode: 'bedrock_api_key',
        source: path,
        token: readStoredSecrets(path, files).bedrockApiKey,
      })
    : unattached('aws', 'signing', source);
}

function variableAuthorization(name: string, env: Environment): Authorization {
  const value = env[name]?.trim() ?? '';
  if (name === API_KEY_VARIABLE) return bearer({ mode: 'api_key', source: name, token: secretOf(value) });
  return value.startsWith(PERSONAL_TOKEN_PREFIX)
    ? bearer({ mode: 'personal_access_token', source: name, token: secretOf(value) })
    : unattached('agent_identity', 'agent_identity', name);
}
