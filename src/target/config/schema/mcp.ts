import { choice, each, list, map, port, table, texts } from './shape.ts';
import type { Shape } from './shape.ts';

const approvalMode = ['auto', 'prompt', 'writes', 'approve'];
const omitToolsFrom = list(['code_mode', 'deferred', 'direct']);
const serverTool = table({ approval_mode: approvalMode, output_token_limit: 'positive' });
const app = {
  ...each('enabled destructive_enabled open_world_enabled', 'boolean'),
  approvals_reviewer: ['user', 'auto_review', 'guardian_subagent'],
  default_tools_approval_mode: approvalMode,
};
const apps = map(
  table({
    ...app,
    default_tools_enabled: 'boolean',
    links: map(map('anything')),
    omit_tools_from: omitToolsFrom,
    tools: map(table({ approval_mode: approvalMode, enabled: 'boolean' })),
  }),
);

/** Tools from outside: MCP servers, apps and plugins. */
export const mcpKeys: Readonly<Record<string, Shape>> = {
  ...each('mcp_oauth_callback_url', 'text'),
  mcp_oauth_callback_port: port,
  mcp_oauth_credentials_store: ['auto', 'file', 'keyring'],
  mcp_optional_startup_grace_ms: 'natural',
  mcp_enterprise_managed_auth: table({ idp: map('anything') }, { required: ['idp'] }),
  mcp_servers: map(
    table({
      ...each('command cwd environment_id url name', 'text'),
      ...each('bearer_token bearer_token_env_var http_headers_helper oauth_resource', 'text'),
      ...each('enabled required supports_parallel_tool_calls', 'boolean'),
      ...each('args enabled_tools disabled_tools scopes', texts),
      ...each('env http_headers env_http_headers', map('text')),
      ...each('startup_timeout_sec tool_timeout_sec', 'number'),
      auth: ['oauth', 'chatgpt', 'ema_auth'],
      default_tools_approval_mode: approvalMode,
      env_vars: list(
        choice('text', table({ name: 'text', source: ['local', 'remote'] }, { required: ['name'] })),
      ),
      oauth: table({
        ...each('authorization_server_issuer callback_url client_id client_secret', 'text'),
        callback_port: port,
        token_endpoint_auth_method: ['client_secret_basic', 'client_secret_post'],
      }),
      omit_tools_from: omitToolsFrom,
      startup_readiness: ['connection', 'catalog'],
      startup_timeout_ms: 'natural',
      tool_input_schema_max_bytes: 'positive',
      tools: map(serverTool),
    }),
  ),
  apps: { ...apps, kind: 'table', keys: { _default: table(app) }, others: apps.of },
  plugins: table(
    { _default: table({ enabled: 'boolean' }) },
    {
      others: table({
        ...each('auto_provision enabled', 'boolean'),
        ...each('release_id remote_plugin_id', 'text'),
        apps,
        mcp_servers: map(
          table({
            default_tools_approval_mode: approvalMode,
            disabled_tools: texts,
            enabled: 'boolean',
            enabled_tools: texts,
            tools: map(serverTool),
          }),
        ),
      }),
    },
  ),
  marketplaces: map(
    table({
      ...each('last_revision last_updated ref source', 'text'),
      source_type: ['git', 'local'],
      sparse_paths: texts,
    }),
  ),
};

/** Keys that only one kind of MCP server takes; the agent refuses them with the other. */
export const STDIO_ONLY = ['args', 'cwd', 'env', 'env_vars'] as const;
export const HTTP_ONLY = [
  'auth',
  'bearer_token_env_var',
  'env_http_headers',
  'http_headers',
  'http_headers_helper',
  'oauth',
  'oauth_resource',
] as const;
