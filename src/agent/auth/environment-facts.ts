import type { AuthEnvironmentFacts } from '../../telemetry/facts/attempt.ts';
import type { Environment } from '../../target/home.ts';
import type { Provider } from '../../target/provider/facts.ts';

/**
 * A variable of white space counts as not present, also where the program uses it as it stands (trap 30).
 * @param unattended `CODEX_API_KEY` is honoured
 */
export function authEnvironmentFacts(
  env: Environment,
  provider: Pick<Provider, 'environmentKey'>,
  { unattended }: { readonly unattended: boolean },
): AuthEnvironmentFacts {
  const isPresent = (name: string): boolean => Boolean(env[name]?.trim());
  const { environmentKey } = provider;
  return {
    openaiApiKeyPresent: isPresent('OPENAI_API_KEY'),
    codexApiKeyPresent: isPresent('CODEX_API_KEY'),
    codexApiKeyEnabled: unattended,
    providerKeyName: environmentKey === undefined ? undefined : 'configured',
    providerKeyPresent: environmentKey === undefined ? undefined : isPresent(environmentKey),
    refreshTokenUrlOverridePresent: isPresent('CODEX_REFRESH_TOKEN_URL_OVERRIDE'),
  };
}
