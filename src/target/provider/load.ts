import { isTable, stringAt, tableAt } from '../config/facts.ts';
import type { ConfigFacts, ConfigTable, ConfigValue } from '../config/facts.ts';
import type { Environment } from '../home.ts';
import { BEDROCK_NAME, builtInProviders } from './built-in.ts';
import { DEFAULT_LIMITS, DEFAULT_WEBSOCKET_TIMEOUT_MS, MAX_RETRIES } from './facts.ts';
import type { Provider, ProviderFacts } from './facts.ts';

/** Where older clients of the API look for its address. */
export const ADDRESS_VARIABLE = 'OPENAI_BASE_URL';

interface LoadOptions {
  /** `OPENAI_BASE_URL` stands in for an unset `openai_base_url`: the embedded core reads it, codex does not any more. */
  readonly readsAddressVariable: boolean;
}

/**
 * The providers that the configuration names. The keys that decide where a credential goes never come from a project's
 * own file: `config` has left them out.
 */
export function loadProviders(
  config: ConfigFacts,
  env: Environment,
  { readsAddressVariable }: LoadOptions,
): ProviderFacts {
  const settings = config.effective;
  const fromVariable = readsAddressVariable ? addressAt(env[ADDRESS_VARIABLE], ADDRESS_VARIABLE) : undefined;
  const openaiAddress = addressAt(stringAt(settings, 'openai_base_url'), 'openai_base_url') ?? fromVariable;
  const builtIn = builtInProviders(env, openaiAddress);
  const tables = tableAt(settings, 'model_providers') ?? {};
  const activeId = stringAt(settings, 'model_provider') ?? 'openai';
  const table = Object.hasOwn(tables, activeId) ? tables[activeId] : undefined;
  return {
    activeId,
    active: merge(activeId, builtIn.get(activeId), isTable(table) ? table : undefined),
    knownIds: [...new Set([...builtIn.keys(), ...Object.keys(tables)])].toSorted(),
  };
}

/** A blank one counts as unset; of any other the agent cuts nothing, not even white space at its end. */
const addressAt = (
  baseUrl: string | undefined,
  baseUrlSource: string,
): { readonly baseUrl: string; readonly baseUrlSource: string } | undefined =>
  baseUrl?.trim() ? { baseUrl, baseUrlSource } : undefined;

function merge(id: string, base: Provider | undefined, table: ConfigTable | undefined): Provider | undefined {
  if (!table) return base;
  const auth = tableAt(table, 'auth');
  const aws = tableAt(table, 'aws');
  // A built-in provider may be extended, but whom it talks to and with what credential is not the table's to say.
  const own = base ? {} : table;
  // The cloud providers are the exception: their address may be set (measured on codex 0.169).
  const baseUrl = stringAt(base?.aws ? table : own, 'base_url');
  return {
    id,
    name: base?.name ?? stringAt(table, 'name') ?? id,
    origin: base ? 'built-in' : 'configured',
    baseUrl: baseUrl ?? base?.baseUrl,
    baseUrlSource: baseUrl === undefined ? base?.baseUrlSource : `model_providers.${id}.base_url`,
    queryParameters: textEntries(table['query_params']),
    requiresOpenaiAuth: base?.requiresOpenaiAuth ?? table['requires_openai_auth'] === true,
    supportsWebsockets: isBoolean(table['supports_websockets'])
      ? table['supports_websockets']
      : (base?.supportsWebsockets ?? false),
    websocketConnectTimeoutMs:
      milliseconds(table['websocket_connect_timeout_ms']) ?? DEFAULT_WEBSOCKET_TIMEOUT_MS,
    requestMaxRetries: retries(table['request_max_retries']) ?? DEFAULT_LIMITS.requestMaxRetries,
    streamMaxRetries: retries(table['stream_max_retries']) ?? DEFAULT_LIMITS.streamMaxRetries,
    streamIdleTimeoutMs: milliseconds(table['stream_idle_timeout_ms']) ?? DEFAULT_LIMITS.streamIdleTimeoutMs,
    environmentKey: stringAt(own, 'env_key'),
    environmentKeyInstructions: stringAt(own, 'env_key_instructions'),
    hasInlineToken: stringAt(own, 'experimental_bearer_token') !== undefined,
    authCommand: base || !auth ? undefined : stringAt(auth, 'command'),
    aws:
      base && !base.aws
        ? undefined
        : aws || base?.aws || stringAt(table, 'name') === BEDROCK_NAME
          ? { region: stringAt(aws ?? {}, 'region')?.trim(), profile: stringAt(aws ?? {}, 'profile') }
          : undefined,
    headerNames: Object.keys(textEntries(table['http_headers'])),
    headerVariables: { ...base?.headerVariables, ...textEntries(table['env_http_headers']) },
  };
}

function textEntries(value: ConfigValue | undefined): Record<string, string> {
  if (!isTable(value)) return {};
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, text]) => (typeof text === 'string' ? [[key, text]] : [])),
  );
}

const isBoolean = (value: ConfigValue | undefined): value is boolean => typeof value === 'boolean';

function retries(value: ConfigValue | undefined): number | undefined {
  const number = typeof value === 'bigint' ? Number(value) : value;
  return typeof number === 'number' && number >= 0 ? Math.min(number, MAX_RETRIES) : undefined;
}

function milliseconds(value: ConfigValue | undefined): number | undefined {
  const number = typeof value === 'bigint' ? Number(value) : value;
  return typeof number === 'number' && number > 0 ? number : undefined;
}
