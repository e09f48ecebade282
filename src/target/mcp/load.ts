import { isTable, stringAt, tableAt } from '../config/facts.ts';
import type { ConfigFacts, ConfigTable, ConfigValue } from '../config/facts.ts';
import type { AgentCredential, McpFacts, McpServer, McpTransport, OauthStore } from './facts.ts';

/** Measured on codex 0.169 with a server that never answers. */
const DEFAULT_STARTUP_TIMEOUT_MS = 30_000;

/** Long enough for a slow tool; that of codex 0.169 was not measured. */
const DEFAULT_TOOL_TIMEOUT_S = 120;

const STORES: readonly OauthStore[] = ['auto', 'file', 'keyring'];
const AGENT_CREDENTIALS: readonly AgentCredential[] = ['chatgpt', 'ema_auth'];

/** The servers of the effective configuration, sorted by name. Keys that do not fit are for `config` to report. */
export function loadMcpServers(config: ConfigFacts): McpFacts {
  const tables = tableAt(config.effective, 'mcp_servers') ?? {};
  const names = Object.keys(tables).toSorted();
  const store = stringAt(config.effective, 'mcp_oauth_credentials_store');
  return {
    servers: names.map((name) => serverOf(name, tables[name])),
    oauthStore: STORES.find((known) => known === store) ?? 'auto',
  };
}

function serverOf(name: string, value: ConfigValue | undefined): McpServer {
  const table = isTable(value) ? value : {};
  return {
    name,
    enabled: table['enabled'] !== false,
    required: table['required'] === true,
    startupTimeoutMs: startupTimeoutOf(table),
    enabledTools: table['enabled_tools'] === undefined ? undefined : texts(table['enabled_tools']),
    disabledTools: texts(table['disabled_tools']),
    toolTimeoutMs: (number(table['tool_timeout_sec']) ?? DEFAULT_TOOL_TIMEOUT_S) * 1_000,
    supportsParallelToolCalls: table['supports_parallel_tool_calls'] === true,
    approvalMode: text(table['default_tools_approval_mode']),
    toolApprovalModes: approvalModes(table['tools']),
    transport:
      table['command'] !== undefined
        ? stdio(table)
        : table['url'] !== undefined
          ? http(table)
          : { kind: 'none' },
  };
}

/** With both keys the one in seconds, which may be a fraction, counts (measured on codex 0.169). */
function startupTimeoutOf(table: ConfigTable): number {
  const seconds = number(table['startup_timeout_sec']);
  return seconds === undefined
    ? (number(table['startup_timeout_ms']) ?? DEFAULT_STARTUP_TIMEOUT_MS)
    : seconds * 1_000;
}

function approvalModes(value: ConfigValue | undefined): Record<string, string> {
  return Object.fromEntries(
    Object.entries(isTable(value) ? value : {}).flatMap(([tool, settings]) => {
      const mode = isTable(settings) ? text(settings['approval_mode']) : undefined;
      return mode === undefined ? [] : [[tool, mode]];
    }),
  );
}

function stdio(table: ConfigTable): McpTransport {
  return {
    kind: 'stdio',
    command: text(table['command']) ?? '',
    args: texts(table['args']),
    cwd: text(table['cwd']),
    environment: textEntries(table['env']),
    variables: list(table['env_vars']).flatMap((entry) => {
      if (typeof entry === 'string') return [{ name: entry, source: 'local' }];
      const name = isTable(entry) ? text(entry['name']) : undefined;
      return name === undefined || !isTable(entry)
        ? []
        : [{ name, source: text(entry['source']) ?? 'local' }];
    }),
  };
}

function http(table: ConfigTable): McpTransport {
  return {
    kind: 'streamable_http',
    url: text(table['url']) ?? '',
    bearerTokenVariable: text(table['bearer_token_env_var']),
    headers: textEntries(table['http_headers']),
    headerVariables: textEntries(table['env_http_headers']),
    agentCredential:
      table['http_headers_helper'] === undefined
        ? AGENT_CREDENTIALS.find((known) => known === table['auth'])
        : 'http_headers_helper',
  };
}

const isText = (value: ConfigValue): value is string => typeof value === 'string';
const text = (value: ConfigValue | undefined): string | undefined =>
  typeof value === 'string' ? value : undefined;
/** Whole numbers beyond what a JavaScript number holds exactly arrive as `bigint`. */
const number = (value: ConfigValue | undefined): number | undefined =>
  typeof value === 'number' || typeof value === 'bigint' ? Number(value) : undefined;
const list = (value: ConfigValue | undefined): readonly ConfigValue[] => (Array.isArray(value) ? value : []);
const texts = (value: ConfigValue | undefined): string[] => list(value).filter(isText);

function textEntries(value: ConfigValue | undefined): Record<string, string> {
  if (!isTable(value)) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => isText(entry[1])),
  );
}
