import { isTable, tableAt } from '../config/facts.ts';
import type { ConfigFacts, ConfigTable, ConfigValue } from '../config/facts.ts';
import type { McpFacts, McpRefusal, McpServer, McpTransport } from './facts.ts';

/** Keys by the transport that takes them, as codex 0.169 accepts and ignores them. */
const SHARED_KEYS = [
  'enabled',
  'required',
  'name',
  'startup_timeout_sec',
  'startup_timeout_ms',
  'startup_readiness',
  'tool_timeout_sec',
  'enabled_tools',
  'disabled_tools',
  'tools',
  'default_tools_approval_mode',
  'supports_parallel_tool_calls',
  'tool_input_schema_max_bytes',
  'environment_id',
  'scopes',
];
const STDIO_KEYS = ['command', 'args', 'env', 'env_vars', 'cwd'];
const HTTP_KEYS = [
  'url',
  'bearer_token_env_var',
  'http_headers',
  'env_http_headers',
  'http_headers_helper',
  'auth',
  'oauth',
  'oauth_resource',
];
/** Once accepted over HTTP; now refused everywhere in favour of a variable. */
const REFUSED_KEY = 'bearer_token';
const KNOWN_KEYS = new Set([...SHARED_KEYS, ...STDIO_KEYS, ...HTTP_KEYS, REFUSED_KEY]);

/** The servers of the effective configuration, sorted by name. */
export function loadMcpServers(config: ConfigFacts): McpFacts {
  const tables = tableAt(config.effective, 'mcp_servers') ?? {};
  const names = Object.keys(tables).toSorted();
  return { servers: names.map((name) => serverOf(name, tables[name])) };
}

function serverOf(name: string, value: ConfigValue | undefined): McpServer {
  if (!isTable(value))
    return {
      name,
      enabled: true,
      required: false,
      transport: { kind: 'none' },
      refusals: [{ kind: 'not_a_table' }],
      unknownKeys: [],
    };
  const isStdio = value['command'] !== undefined;
  const isHttp = value['url'] !== undefined;
  const foreign = isStdio ? [...HTTP_KEYS, REFUSED_KEY] : [...STDIO_KEYS, REFUSED_KEY];
  const refusals: McpRefusal[] =
    isStdio && isHttp
      ? [{ kind: 'two_transports' }]
      : isStdio || isHttp
        ? Object.keys(value)
            .filter((key) => foreign.includes(key))
            .map((key) => ({ kind: 'unsupported_key', key }))
        : [{ kind: 'no_transport' }];
  return {
    name,
    enabled: value['enabled'] !== false,
    required: value['required'] === true,
    transport: isStdio ? stdio(value) : isHttp ? http(value) : { kind: 'none' },
    refusals: [...refusals, ...wrongTypes(value)],
    unknownKeys: Object.keys(value)
      .filter((key) => !KNOWN_KEYS.has(key))
      .toSorted(),
  };
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
  };
}

const TEXT_KEYS = ['command', 'url', 'cwd', 'bearer_token_env_var'];
const TEXT_TABLE_KEYS = ['env', 'http_headers', 'env_http_headers'];

const wrong = (key: string, expected: string): McpRefusal => ({ kind: 'wrong_type', key, expected });

function wrongTypes(table: ConfigTable): McpRefusal[] {
  const isWrong = (key: string, test: (value: ConfigValue) => boolean): boolean => {
    const value = table[key];
    return value !== undefined && !test(value);
  };
  return [
    ...TEXT_KEYS.filter((key) => isWrong(key, isText)).map((key) => wrong(key, 'a text')),
    ...(isWrong('args', (value) => Array.isArray(value) && value.every(isText))
      ? [wrong('args', 'a list of texts')]
      : []),
    ...(isWrong(
      'env_vars',
      (value) => Array.isArray(value) && value.every((item) => isText(item) || isTable(item)),
    )
      ? [wrong('env_vars', 'a list of names or of tables with a name')]
      : []),
    ...TEXT_TABLE_KEYS.filter((key) =>
      isWrong(key, (value) => isTable(value) && Object.values(value).every(isText)),
    ).map((key) => wrong(key, 'a table of texts')),
    ...['enabled', 'required']
      .filter((key) => isWrong(key, (value) => typeof value === 'boolean'))
      .map((key) => wrong(key, 'true or false')),
  ];
}

const isText = (value: ConfigValue): value is string => typeof value === 'string';
const text = (value: ConfigValue | undefined): string | undefined =>
  typeof value === 'string' ? value : undefined;
const list = (value: ConfigValue | undefined): readonly ConfigValue[] => (Array.isArray(value) ? value : []);
const texts = (value: ConfigValue | undefined): string[] => list(value).filter(isText);

function textEntries(value: ConfigValue | undefined): Record<string, string> {
  if (!isTable(value)) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => isText(entry[1])),
  );
}
