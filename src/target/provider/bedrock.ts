import type { Environment } from '../home.ts';
import type { ProfileId } from '../profile.ts';

/** Where Amazon's tools go when nobody names a region. */
export const DEFAULT_BEDROCK_REGION = 'us-east-1';

/** Where Bedrock serves the Responses API in a region (spec/transport.md 3.5). */
export const bedrockUrl = (region: string): string => `https://bedrock-mantle.${region}.api.aws/openai/v1`;

/**
 * The region that somebody named: stored with a key, configured, or in a variable. A bearer token belongs to a region, so
 * that the embedded core takes none from a variable that was set for other tools (DECISIONS 10); codex does.
 * @returns undefined where nobody did: with a bearer token no request goes out then, otherwise the profile decides
 */
export function namedRegion({
  configured,
  usesBearerToken,
  env,
  agent,
}: {
  /** Stored with a key, or `aws.region` of the provider. */
  readonly configured: string | undefined;
  readonly usesBearerToken: boolean;
  readonly env: Environment;
  readonly agent: ProfileId;
}): string | undefined {
  const readsVariables = !usesBearerToken || agent === 'codex';
  const variables = readsVariables ? [env['AWS_REGION'], env['AWS_DEFAULT_REGION']] : [];
  return [configured, ...variables].map((region) => region?.trim()).find((region) => region);
}
