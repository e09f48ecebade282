import { join } from 'node:path';
import type { Files } from '../../host/files.ts';
import { stringAt, valueAt } from '../config/facts.ts';
import type { ConfigFacts } from '../config/facts.ts';
import type { AgentEnvironment } from '../environment/environment.ts';
import type { Home } from '../home.ts';
import type { ProviderFacts } from '../provider/facts.ts';
import { readCredentialFile } from './auth-file.ts';
import { findAwsSource } from './aws.ts';
import { effectiveCredential, refusals } from './effective.ts';
import { STORAGE_MODES } from './facts.ts';
import type { CredentialFacts, CredentialFile, LoginRestriction } from './facts.ts';
import { findKeyring } from './keyring.ts';

export interface CredentialSources {
  readonly home: Home;
  readonly config: ConfigFacts;
  readonly environment: AgentEnvironment;
  readonly providers: ProviderFacts;
  readonly files: Files;
}

/** Where a home keeps its login. */
export const credentialPath = ({ path }: Home): string => join(path, 'auth.json');

/** Finds every credential of a home and says which one a request will carry. Reads only; nothing is refreshed. */
export const loadCredentials = (sources: CredentialSources): CredentialFacts =>
  credentialsWith(readCredentialFile(credentialPath(sources.home), sources.files), sources);

/** The same over a credential file that was read already: what it says and its secrets are then of one reading. */
export function credentialsWith(
  file: CredentialFile,
  { home, config, environment, providers, files }: CredentialSources,
): CredentialFacts {
  const env = environment.values;
  const path = credentialPath(home);
  const named = stringAt(config.effective, 'cli_auth_credentials_store');
  const storage = STORAGE_MODES.find((mode) => mode === named) ?? 'file';
  const restriction = restrictionOf(config);
  const situation = {
    provider: providers.active,
    env,
    storage,
    file,
    restriction,
    awsSource: () => findAwsSource(env, file, files),
    agent: home.profile.id,
  };
  return {
    storage,
    path,
    file,
    keyring:
      storage === 'keyring' || storage === 'auto'
        ? findKeyring({ homePath: home.path, env, platform: process.platform }, files)
        : undefined,
    variables: home.profile.credentialVariables
      .filter((name) => env[name]?.trim())
      .map((name) => ({ name, origin: environment.originOf(name) ?? 'shell' })),
    restriction,
    refused: refusals(situation),
    effective: effectiveCredential(situation, { unattended: true }),
    interactive: effectiveCredential(situation, { unattended: false }),
  };
}

function restrictionOf({ effective }: ConfigFacts): LoginRestriction {
  const method = stringAt(effective, 'forced_login_method');
  const workspaces = valueAt(effective, 'forced_chatgpt_workspace_id');
  const list = Array.isArray(workspaces) ? workspaces : [workspaces];
  return {
    method: method === 'chatgpt' || method === 'api' ? method : undefined,
    workspaces: list.filter((id): id is string => typeof id === 'string' && id.trim() !== ''),
  };
}
