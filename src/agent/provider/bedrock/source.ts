import { once } from '../../../host/once.ts';
import { Secret } from '../../../redact/secret.ts';
import { readStoredSecrets } from '../../../target/request/stored-secrets.ts';
import type { EffectiveCredential } from '../../../target/credentials/facts.ts';
import { bedrockUrl } from '../../../target/provider/bedrock.ts';
import type { Provider } from '../../../target/provider/facts.ts';
import { recoverNothing } from '../../auth/create-recovery.ts';
import { authOfKey } from '../../auth/login/headers.ts';
import { ModelError } from '../../model/error.ts';
import type { CredentialSource, ResolvedCredential } from '../credential.ts';
import type { ModelProviderOptions } from '../options.ts';
import type { RequestAuth } from '../provider.ts';
import { awsKeySource, keysWithin, regionOfProfile } from './credentials.ts';
import type { AwsKeys, AwsProfile } from './credentials.ts';
import { chooseRegion } from './region.ts';
import { signRequest } from './sign.ts';

const BEARER_VARIABLE = 'AWS_BEARER_TOKEN_BEDROCK';
/** A profile may ask a server of its own; what takes longer is stuck. */
const KEYS_TIMEOUT_MS = 10_000;

type AwsCredential = Extract<EffectiveCredential, { readonly kind: 'aws' }>;

/**
 * Amazon Bedrock Mantle (spec/transport.md 3.5): a bearer token where there is one, otherwise each request is signed.
 * Nothing is tried after a 401.
 */
export function bedrockSource(provider: Provider, options: ModelProviderOptions): CredentialSource {
  const { target, clock } = options;
  const profile = { name: provider.aws?.profile, env: target.environment().values };
  const chain = once(() => awsKeySource(profile));

  const signing = (region: string, keys: () => Promise<AwsKeys>): RequestAuth => ({
    mode: undefined,
    usesChatgptBackend: false,
    headers: {},
    sign: async (request) =>
      signRequest(request, {
        keys: await keysWithin(keys, KEYS_TIMEOUT_MS),
        region,
        now: new Date(clock.now()),
      }),
  });

  return {
    resolve: async () => {
      const { effective, path } = target.credentials();
      if (effective.kind !== 'aws') throw new Error('Bedrock was chosen for another credential');
      const isStored = effective.source === 'stored Bedrock credential';
      const stored = isStored ? readStoredSecrets(path, options.files) : undefined;
      const token = stored?.bedrockApiKey ?? bearerOf(effective, profile.env[BEARER_VARIABLE]);
      const region = await regionOf(effective, { profile, usesBearerToken: token !== undefined });
      if (token) return addressed(effective, authOfKey(token), region);
      return addressed(
        effective,
        signing(region, async () => keysOf(stored) ?? (await (await chain())())),
        region,
      );
    },
    recovery: () => recoverNothing({ kind: 'nobody' }),
  };
}

const addressed = (credential: AwsCredential, auth: RequestAuth, region: string): ResolvedCredential => ({
  credential,
  auth,
  baseUrl: bedrockUrl(region),
});

const bearerOf = ({ source }: AwsCredential, value: string | undefined): Secret | undefined =>
  source === BEARER_VARIABLE && value?.trim() ? new Secret(value.trim()) : undefined;

function keysOf(stored: ReturnType<typeof readStoredSecrets> | undefined): AwsKeys | undefined {
  const { bedrockAccessKeyId: id, bedrockSecretAccessKey: secret } = stored ?? {};
  return id && secret ? { accessKeyId: id.reveal(), secretAccessKey: secret.reveal() } : undefined;
}

async function regionOf(
  { region }: AwsCredential,
  { profile, usesBearerToken }: { readonly profile: AwsProfile; readonly usesBearerToken: boolean },
): Promise<string> {
  const ofProfile = region === undefined && !usesBearerToken ? await regionOfProfile(profile) : undefined;
  const choice = chooseRegion(region, { usesBearerToken, ofProfile });
  if (choice.kind === 'chosen') return choice.region;
  throw new ModelError({ kind: 'fatal', message: choice.message }, choice.message);
}
