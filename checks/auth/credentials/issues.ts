import { fail, warn } from '../../../src/doctor/check.ts';
import type { VerdictIssue } from '../../../src/doctor/check.ts';
import type { CredentialEvidence } from './evidence.ts';
import { describeEffective, describeMode, stateOfVariable } from './describe.ts';
import { fileIssue } from './file-issue.ts';

/** Everything wrong with the credentials of a home whose provider is known. */
export function credentialIssues(seen: CredentialEvidence): VerdictIssue[] {
  const found = [
    ...providerIssues(seen),
    ...storageIssues(seen),
    ...restrictionIssues(seen),
    ...ambiguityIssues(seen),
  ];
  const { effective } = seen.credentials;
  return effective.kind === 'none' && !found.some((issue) => issue.severity === 'fail')
    ? [...found, nothingFound(seen)]
    : found;
}

function providerIssues({ credentials, provider }: CredentialEvidence): VerdictIssue[] {
  const { effective } = credentials;
  if (effective.kind === 'provider_variable' && effective.state !== 'present')
    return [
      fail({
        class: 'missing',
        failure: { phase: 'credential' },
        cause: `${effective.name}, which carries the credential of provider ${provider.id}, is ${
          effective.state === 'blank' ? 'set to white space only' : 'not set'
        }`,
        measured: stateOfVariable(effective),
        expected: `${effective.name} set in the shell or in the .env file of the home`,
        remedy:
          provider.environmentKeyInstructions ??
          `Set ${effective.name} to the key of provider ${provider.id}.`,
        fields: ['provider auth env var'],
      }),
    ];
  if (effective.kind === 'stored' && effective.mode.startsWith('bedrock_'))
    return [
      fail({
        class: 'mismatch',
        failure: { phase: 'credential' },
        cause: `The stored credential is for Amazon Bedrock, but the active provider is ${provider.id}`,
        measured: describeMode(effective.mode),
        expected: `a login for provider ${provider.id}`,
        remedy: 'Set model_provider = "amazon-bedrock", or log in for the active provider.',
        fields: ['stored auth mode', 'model provider'],
      }),
    ];
  if (effective.kind !== 'aws') return [];
  if (effective.source === 'none found')
    return [
      warn({
        class: 'missing',
        failure: { phase: 'credential' },
        cause: 'No AWS credential was found for Amazon Bedrock',
        measured: 'no bearer token, access keys, profile file or role variable',
        expected:
          'AWS_BEARER_TOKEN_BEDROCK, AWS access keys or a profile; only the role of an instance cannot be seen',
        remedy: 'Set AWS_BEARER_TOKEN_BEDROCK, or configure an AWS profile with aws configure.',
        fields: ['effective credential'],
      }),
    ];
  if (effective.source === 'AWS_BEARER_TOKEN_BEDROCK' && effective.region === undefined)
    return [
      fail({
        class: 'missing',
        failure: { phase: 'configuration' },
        cause: 'The Bedrock bearer token needs a region, and none is set',
        measured: 'no region that counts for a token',
        expected: 'aws.region in config.toml',
        remedy: 'Set region under [model_providers.amazon-bedrock.aws] in config.toml.',
        fields: ['effective credential'],
      }),
    ];
  return [];
}

function storageIssues(seen: CredentialEvidence): VerdictIssue[] {
  const { effective, storage, keyring, file, path } = seen.credentials;
  if (effective.kind === 'keyring' && keyring?.unreachable !== undefined)
    return [
      fail({
        class: 'unreadable',
        failure: { phase: 'credential' },
        cause: `The login is kept in the OS keyring, which cannot be reached: ${keyring.unreachable}`,
        measured: keyring.unreachable,
        expected: 'a keyring that answers in this session',
        remedy: `Run ${seen.agent} in a desktop session, or set cli_auth_credentials_store = "file" and run ${seen.loginCommand}.`,
        fields: ['auth storage mode', 'keyring entry'],
      }),
    ];
  if (storage === 'keyring' && file.kind !== 'missing')
    return [
      warn({
        class: 'ambiguous',
        cause: 'A credential file is left over, although the keyring is the place for the login',
        measured: `${path} exists, and the agent does not read it`,
        expected: 'no credential file with keyring storage',
        remedy: `Run ${seen.loginCommand} to move the login into the keyring, or set cli_auth_credentials_store = "file" to use the file.`,
        fields: ['auth storage mode', 'auth file'],
      }),
    ];
  return storage === 'ephemeral' ? [] : fileIssue(seen);
}

function restrictionIssues({ credentials, agent, loginCommand }: CredentialEvidence): VerdictIssue[] {
  const { refused, restriction, effective } = credentials;
  const severity = effective.kind === 'none' ? fail : warn;
  return refused.map(({ source, reason }) => {
    const key = reason === 'method' ? 'forced_login_method' : 'forced_chatgpt_workspace_id';
    const demanded = reason === 'method' ? `login method ${restriction.method}` : 'a listed workspace';
    const isLogin = source === 'stored login';
    return severity({
      class: 'mismatch',
      failure: { phase: 'credential' },
      cause: `${isLogin ? 'The stored login' : source} is refused by ${key}`,
      measured:
        isLogin && reason === 'workspace' ? 'a login of another workspace' : `${source} of another kind`,
      expected: demanded,
      remedy: isLogin
        ? `Run ${loginCommand} with ${demanded}, or correct ${key}; at its next start ${agent} deletes the login it refuses.`
        : `Unset ${source}, or correct ${key}.`,
      fields: isLogin ? ['stored auth mode'] : ['auth env vars present'],
    });
  });
}

function ambiguityIssues({ credentials, provider }: CredentialEvidence): VerdictIssue[] {
  const { variables, effective } = credentials;
  if (variables.length < 2 || !provider.requiresOpenaiAuth) return [];
  const names = variables.map(({ name }) => name);
  const used = describeEffective(effective, credentials, provider.id);
  const idleNames = names.filter((name) => effective.kind !== 'environment' || name !== effective.name);
  return [
    warn({
      class: 'ambiguous',
      cause: `${names.length} credential variables are set at once`,
      measured: names.join(', '),
      expected: 'at most one',
      remedy: `Unset those that are not meant: in effect is ${used}, so ${idleNames.join(' and ')} can go.`,
      fields: ['auth env vars present', 'effective credential'],
    }),
  ];
}

function nothingFound({ agent, command, loginCommand, credentials }: CredentialEvidence): VerdictIssue {
  const { variables, storage, path } = credentials;
  const common = {
    class: 'missing',
    failure: { phase: 'credential' },
    fields: ['effective credential'],
  } as const;
  if (variables.some(({ name }) => name === 'OPENAI_API_KEY'))
    return fail({
      ...common,
      cause: `OPENAI_API_KEY is set, but ${agent} does not use it for requests`,
      measured: 'OPENAI_API_KEY in the environment and no login',
      expected: `a login, or CODEX_API_KEY for ${command} exec`,
      remedy: `Store the key with ${loginCommand} --with-api-key, or name it CODEX_API_KEY for unattended runs.`,
      command: `printenv OPENAI_API_KEY | ${loginCommand} --with-api-key`,
    });
  return fail({
    ...common,
    cause:
      storage === 'ephemeral'
        ? 'There is no credential: the storage mode is ephemeral, so no login outlives the program that made it'
        : 'There is no credential',
    measured: storage === 'ephemeral' ? 'ephemeral storage and no variable' : `no ${path} and no variable`,
    expected: `a login, or CODEX_API_KEY for ${command} exec`,
    remedy:
      storage === 'ephemeral'
        ? `Set cli_auth_credentials_store = "file" and run ${loginCommand}, or set CODEX_API_KEY.`
        : `Run ${loginCommand}, or set CODEX_API_KEY for unattended runs.`,
    command: loginCommand,
  });
}
