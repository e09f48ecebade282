import { join } from 'node:path';
import { userDirectory } from '../../../target/home.ts';
import type { Environment } from '../../../target/home.ts';
import { ModelError } from '../../model/error.ts';

/** Keys that sign requests. */
export interface AwsKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface AwsProfile {
  /** `aws.profile` of the provider. */
  readonly name: string | undefined;
  readonly env: Environment;
}

/** Files of profiles; the variables are Amazon's. */
const filesOf = (env: Environment): { readonly filepath: string; readonly configFilepath: string } => {
  const folder = join(userDirectory(env), '.aws');
  return {
    filepath: env['AWS_SHARED_CREDENTIALS_FILE'] || join(folder, 'credentials'),
    configFilepath: env['AWS_CONFIG_FILE'] || join(folder, 'config'),
  };
};

const profileName = ({ name, env }: AwsProfile): string | undefined =>
  name?.trim() || env['AWS_PROFILE']?.trim() || undefined;

/** `region` of the profile in effect. */
export async function regionOfProfile(profile: AwsProfile): Promise<string | undefined> {
  const { loadSharedConfigFiles } = await import('@smithy/core/config');
  const { configFile, credentialsFile } = await loadSharedConfigFiles(filesOf(profile.env));
  const name = profileName(profile) ?? 'default';
  return configFile[name]?.['region'] ?? credentialsFile[name]?.['region'];
}

/**
 * Where the keys come from: the variables, unless a profile is configured; otherwise Amazon's own chain of profiles,
 * processes, web identities, containers and instances. What that chain opens are connections of Amazon's client: they
 * do not go through the proxies and certificates of `src/net`.
 */
export async function awsKeySource(profile: AwsProfile): Promise<() => Promise<AwsKeys>> {
  const { env, name } = profile;
  const keys = name?.trim() ? undefined : keysOfEnvironment(env);
  if (keys) return async () => keys;
  const { defaultProvider } = await import('@aws-sdk/credential-provider-node');
  const chosen = profileName(profile);
  // Remembers the keys until shortly before they end.
  return defaultProvider({ ...filesOf(env), ...(chosen !== undefined && { profile: chosen }) });
}

function keysOfEnvironment(env: Environment): AwsKeys | undefined {
  const accessKeyId = env['AWS_ACCESS_KEY_ID']?.trim();
  const secretAccessKey = env['AWS_SECRET_ACCESS_KEY']?.trim();
  const sessionToken = env['AWS_SESSION_TOKEN']?.trim();
  if (!accessKeyId || !secretAccessKey) return undefined;
  return { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) };
}

/**
 * Asks for keys within a limit.
 * @throws ModelError `stream` when nobody answers or the asking fails (trying again may help), `fatal` when there are none
 */
export async function keysWithin(source: () => Promise<AwsKeys>, timeoutMs: number): Promise<AwsKeys> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(transient(`no AWS credential was found within ${timeoutMs} ms`)),
      timeoutMs,
    );
  });
  try {
    return await Promise.race([source(), limit]);
  } catch (error) {
    throw error instanceof ModelError ? error : asModelError(error);
  } finally {
    clearTimeout(timer);
  }
}

/** The client's own words may quote a profile or the output of a program, so they are not told. */
function asModelError(error: unknown): ModelError {
  if (error instanceof Error && error.name === 'CredentialsProviderError') {
    const message =
      'No AWS credential was found for Amazon Bedrock. Set AWS_BEARER_TOKEN_BEDROCK, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or a profile.';
    return new ModelError({ kind: 'fatal', message }, message);
  }
  return transient('asking for an AWS credential failed');
}

function transient(problem: string): ModelError {
  const message = `Amazon Bedrock: ${problem}.`;
  return new ModelError({ kind: 'stream', message }, message);
}
