/** Regions in which Bedrock serves the Responses API (spec/transport.md 3.5). */
const SUPPORTED = [
  'us-east-1',
  'us-east-2',
  'us-west-2',
  'ap-southeast-3',
  'ap-south-1',
  'ap-northeast-1',
  'eu-central-1',
  'eu-west-1',
  'eu-west-2',
  'eu-south-1',
  'eu-north-1',
  'sa-east-1',
] as const;

/** Where Amazon's tools go when nobody names a region. */
const DEFAULT_REGION = 'us-east-1';

export type RegionChoice =
  | { readonly kind: 'chosen'; readonly region: string }
  | { readonly kind: 'impossible'; readonly message: string };

/**
 * The region that a request goes to (DECISIONS 10): `aws.region`, which a bearer token needs; otherwise the region of
 * the environment, of the profile, or the default.
 */
export function chooseRegion(options: {
  /** Stored with a key, or `aws.region` of the provider. */
  readonly configured: string | undefined;
  readonly usesBearerToken: boolean;
  /** `AWS_REGION`, `AWS_DEFAULT_REGION`, `region` of the profile: strongest first. */
  readonly fallbacks: readonly (string | undefined)[];
}): RegionChoice {
  const { configured, usesBearerToken, fallbacks } = options;
  const named = [configured, ...(usesBearerToken ? [] : fallbacks)].map((region) => region?.trim());
  const region = named.find((one) => one) ?? (usesBearerToken ? undefined : DEFAULT_REGION);
  if (region === undefined)
    return {
      kind: 'impossible',
      message:
        'AWS_BEARER_TOKEN_BEDROCK is set, and no region with it. Set `region` in [model_providers.amazon-bedrock.aws].',
    };
  return SUPPORTED.some((one) => one === region)
    ? { kind: 'chosen', region }
    : {
        kind: 'impossible',
        message: `Amazon Bedrock does not serve this API in the configured region. Set \`region\` in [model_providers.amazon-bedrock.aws] to one of ${SUPPORTED.join(', ')}.`,
      };
}
