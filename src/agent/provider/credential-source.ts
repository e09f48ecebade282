import { stringAt, tableAt, valueAt } from '../../target/config/facts.ts';
import type { ConfigTable } from '../../target/config/facts.ts';
import type { EffectiveCredential } from '../../target/credentials/facts.ts';
import { loginCommandOf } from '../../target/home.ts';
import type { Provider } from '../../target/provider/facts.ts';
import { providerSettings } from '../../target/request/provider-settings.ts';
import { runTokenCommand } from '../../target/request/token-command.ts';
import { isOpaque } from '../../redact/opaque.ts';
import { Secret } from '../../redact/secret.ts';
import { createCommandToken, DEFAULT_REFRESH_INTERVAL_MS } from '../auth/command-token.ts';
import { recoverCommand, recoverLogin, recoverNothing } from '../auth/create-recovery.ts';
import { authOfKey, authOfLogin, authOfNobody } from '../auth/login/headers.ts';
import { createLoginSession } from '../auth/session.ts';
import { ModelError } from '../model/error.ts';
import { bedrockSource } from './bedrock/source.ts';
import type { CredentialSource } from './credential.ts';
import type { ModelProviderOptions } from './options.ts';
import type { RequestAuth } from './provider.ts';

/**
 * How the active provider is authorised, in the agent's order: its variable, its inline token, its command, Amazon's own
 * ways, and then whoever is signed in (spec/transport.md 3.2).
 */
export function credentialSourceOf(
  provider: Provider,
  credential: EffectiveCredential,
  options: ModelProviderOptions,
): CredentialSource {
  const { target } = options;
  switch (credential.kind) {
    case 'provider_variable':
      return fixed(credential, () => authOfVariable(provider, target.environment().values[credential.name]));
    case 'provider_token':
      return fixed(credential, () => {
        const token = stringAt(settingsOf(provider, options), 'experimental_bearer_token');
        return token?.trim() ? authOfKey(new Secret(token)) : authOfNobody();
      });
    case 'provider_command':
      return commandSource(provider, credential, options);
    case 'aws':
      return bedrockSource(provider, options);
    case 'not_needed':
    case 'unknown':
      return fixed(credential, authOfNobody);
    case 'environment':
    case 'stored':
    case 'keyring':
    case 'none':
      return loginSource(options);
  }
}

/** Nothing to renew: the credential stands where the user wrote it. */
function fixed(credential: EffectiveCredential, auth: () => RequestAuth): CredentialSource {
  return {
    resolve: async () => ({ credential, auth: auth() }),
    recovery: () => recoverNothing({ kind: 'login', login: 'none' }),
  };
}

function authOfVariable(provider: Provider, value: string | undefined): RequestAuth {
  if (value?.trim()) return authOfKey(new Secret(value));
  const variable = nameOf(provider.environmentKey ?? '');
  const instructions = provider.environmentKeyInstructions;
  throw new ModelError(
    { kind: 'credential_variable_missing', variable, ...(instructions !== undefined && { instructions }) },
    `The environment variable ${variable} is not set; the provider "${provider.id}" takes its key from it.${instructions === undefined ? '' : ` ${instructions}`}`,
  );
}

/** Users paste the key itself where the name of its variable belongs (trap 37). */
const nameOf = (variable: string): string =>
  /^[A-Za-z_]\w*$/.test(variable) && !isOpaque(variable) ? variable : 'that `env_key` names';

function commandSource(
  provider: Provider,
  credential: EffectiveCredential,
  options: ModelProviderOptions,
): CredentialSource {
  const { target, files, clock } = options;
  const settings = tableAt(settingsOf(provider, options), 'auth') ?? {};
  const command = createCommandToken({
    clock,
    refreshIntervalMs: intervalOf(settings),
    run: () =>
      runTokenCommand({
        settings,
        environment: target.environment().values,
        configFolder: target.home.path,
        cwd: target.cwd,
        files,
        allowsProjectPrograms: true,
      }),
  });
  return {
    resolve: async () => {
      const token = await command.token();
      return { credential, auth: token ? authOfKey(token) : authOfNobody() };
    },
    recovery: () => recoverCommand(command),
  };
}

function loginSource(options: ModelProviderOptions): CredentialSource {
  const { target, network, clock, client, unattended, files } = options;
  const session = createLoginSession({ sources: { ...target, files }, network, clock, client, unattended });
  const loginCommand = loginCommandOf(target.home);
  if (!options.renewsLogins)
    return {
      resolve: async () => {
        const { login, credential } = session.cached();
        return { credential, auth: authOfLogin(login) };
      },
      recovery: () => recoverNothing({ kind: 'login', login: 'none' }),
    };
  return {
    resolve: async () => {
      const { login, credential } = await session.current();
      return { credential, auth: authOfLogin(login) };
    },
    recovery: () => recoverLogin(session, loginCommand),
  };
}

const settingsOf = (provider: Provider, { target }: ModelProviderOptions): ConfigTable =>
  providerSettings(target.config().effective, provider.id);

function intervalOf(settings: ConfigTable): number {
  const value = valueAt(settings, 'refresh_interval_ms');
  const number = typeof value === 'bigint' ? Number(value) : value;
  return typeof number === 'number' && number >= 0 ? number : DEFAULT_REFRESH_INTERVAL_MS;
}
