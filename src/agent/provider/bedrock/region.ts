import { DEFAULT_BEDROCK_REGION } from '../../../target/provider/bedrock.ts';

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

export type RegionChoice =
  | { readonly kind: 'chosen'; readonly region: string }
  | { readonly kind: 'impossible'; readonly message: string };

/**
 * The region that a request goes to (DECISIONS 10): the one that was named, which a bearer token needs; otherwise that of
 * the profile, or the default.
 * @param named stored with a key, configured, or in a variable (`namedRegion`)
 */
export function chooseRegion(
  named: string | undefined,
  {
    usesBearerToken,
    ofProfile,
  }: { readonly usesBearerToken: boolean; readonly ofProfile: string | undefined },
): RegionChoice {
  const region = named ?? (usesBearerToken ? undefined : ofProfile?.trim() || DEFAULT_BEDROCK_REGION);
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
