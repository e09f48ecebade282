import { each, map, table, texts } from './shape.ts';
import type { Shape } from './shape.ts';

const awsCommand = table({ command: 'text', args: texts, timeout_ms: 'positive' }, { required: ['command'] });

/** Where the model is reached. */
export const providerKeys: Readonly<Record<string, Shape>> = {
  model_providers: map(
    table({
      ...each('name base_url model_catalog_url env_key env_key_instructions', 'text'),
      ...each('experimental_bearer_token project_id location', 'text'),
      ...each('requires_openai_auth supports_websockets supports_standalone_web_search', 'boolean'),
      ...each('request_max_retries stream_max_retries stream_idle_timeout_ms', 'natural'),
      websocket_connect_timeout_ms: 'natural',
      credential_file: 'path',
      wire_api: ['responses'],
      auth: table(
        { command: 'text', args: texts, cwd: 'path', timeout_ms: 'positive', refresh_interval_ms: 'natural' },
        { required: ['command'] },
      ),
      aws: table({
        profile: 'text',
        region: 'text',
        credential_export: awsCommand,
        auth_refresh: awsCommand,
      }),
      capabilities: table({
        ...each('cyber_access_programs external_web_access', 'boolean'),
        remote_compaction: ['unsupported', 'v2'],
      }),
      // An OAuth client or a credential export; the agent checks the combination itself.
      gateway_oauth: map('anything'),
      http_headers: map('text'),
      env_http_headers: map('text'),
      query_params: map('text'),
    }),
  ),
};

/** Ids that the agent brings along and that cannot be defined anew. */
export const BUILT_IN_PROVIDERS = [
  'openai',
  'ollama',
  'lmstudio',
  'amazon-bedrock',
  'amazon-bedrock-runtime',
  'gcp',
] as const;

/** What a configuration may change about those built-in providers that can be changed at all. */
const CLOUD_KEYS = ['base_url', 'auth', 'http_headers', 'wire_api'];
export const CHANGEABLE_KEYS: ReadonlyMap<string, readonly string[]> = new Map([
  ['amazon-bedrock', [...CLOUD_KEYS, 'aws']],
  ['amazon-bedrock-runtime', [...CLOUD_KEYS, 'aws']],
  ['gcp', [...CLOUD_KEYS, 'project_id', 'location', 'credential_file']],
]);
