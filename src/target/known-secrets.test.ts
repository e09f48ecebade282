import { expect, test } from 'vitest';
import { testContext } from '../../fixtures/context.ts';
import { temporaryHome } from '../../fixtures/home.ts';
import { files } from '../host/files.ts';
import { createRedactor } from '../redact/redactor.ts';
import { knownSecrets } from './known-secrets.ts';

/** What the installation keeps secret, and what it does not. No rule would find any of these in a sentence. */
const SECRET = [
  'static-7-header',
  'variable-7-header',
  'provider-7-key',
  'inline-7-token',
  'login-7-key',
  'refresh-7-token',
  'mcp-7-token',
  'mcp-7-argument',
  'proxy-7-password',
  'collector-7-key',
  'dotenv-7-password',
  'project-7-of-the-dsn',
  'query-7-secret',
  'q7Wd9f8B6c5Dx2k4pZ',
] as const;
const PLAIN = [
  'gpt-5.3-codex',
  'production',
  'postgres',
  '2025-04-01-preview',
  'alice-of-the-proxy',
] as const;

test('what is secret by its place is hidden wherever it stands, and settings are not', () => {
  const home = temporaryHome({
    '.env': 'DATABASE_PASSWORD=dotenv-7-password\n',
    'auth.json': JSON.stringify({
      OPENAI_API_KEY: 'login-7-key',
      tokens: { refresh_token: 'refresh-7-token' },
    }),
    '.credentials.json': JSON.stringify({ 'docs|1': { access_token: 'mcp-7-token' } }),
    'config.toml': `model = "gpt-5.3-codex"
model_provider = "lab"
[model_providers.lab]
name = "Lab"
base_url = "http://127.0.0.1:9/v1?client_secret=query-7-secret"
env_key = "LAB"
experimental_bearer_token = "inline-7-token"
http_headers = { Authorization = "Bearer static-7-header", x-tenant = "production" }
env_http_headers = { x-anything = "FOR_A_HEADER" }
query_params = { api-version = "2025-04-01-preview" }
[mcp_servers.docs]
command = "docs"
args = ["--api-key", "mcp-7-argument", "--verbose"]
`,
  });
  const env = {
    LAB: 'provider-7-key',
    FOR_A_HEADER: 'variable-7-header',
    POSTGRES_PASSWORD: 'postgres',
    HOSTNAME: 'worker-7d9f8b6c5d-x2k4p',
    UNNAMED: 'q7Wd9f8B6c5Dx2k4pZ',
    HTTPS_PROXY: 'http://alice-of-the-proxy:proxy-7-password@127.0.0.1:9',
    OTEL_EXPORTER_OTLP_HEADERS: 'x-tenant=production,api-key=collector%2D7-key',
    SENTRY_DSN: 'https://project-7-of-the-dsn@sentry.example/1',
  };
  const { target } = testContext({ home, env });
  const said = [...SECRET, ...PLAIN].map((text) => `it said ${text} again`).join('\n');
  const before = createRedactor({ userDirectory: '' }).text(said);
  expect(SECRET.filter((text) => !before.includes(text))).toEqual([]);
  const after = createRedactor({ userDirectory: '', knownSecrets: knownSecrets(target, files) }).text(said);
  expect(SECRET.filter((text) => after.includes(text))).toEqual([]);
  expect(PLAIN.filter((text) => !after.includes(text))).toEqual([]);
});

test('a plain word is a secret where it is sent as a credential, and nowhere else', () => {
  const home = temporaryHome({
    'auth.json': JSON.stringify({ auth_mode: 'password', OPENAI_API_KEY: 'nightingale' }),
    'config.toml': `model_provider = "lab"
[model_providers.lab]
name = "Lab"
base_url = "http://127.0.0.1:9/v1"
http_headers = { X-Auth = "swordfish", x-tenant = "production" }
env_http_headers = { x-api-key = "FOR_A_KEY", x-team = "FOR_A_TEAM" }
[model_providers.local]
name = "Local"
experimental_bearer_token = "lmstudio"
[mcp_servers.docs]
url = "http://127.0.0.1:9/mcp"
bearer_token_env_var = "FOR_DOCS"
http_headers = { Cookie = "chanterelle" }
[otel.exporter.otlp-http]
endpoint = "http://127.0.0.1:9/"
headers = { api-key = "butterfly" }
`,
  });
  const env = {
    FOR_A_KEY: 'daffodil',
    FOR_A_TEAM: 'astronomy',
    FOR_DOCS: 'marmalade',
    OTEL_EXPORTER_OTLP_LOGS_HEADERS: 'x-token=hydrangea,x-scope=everything',
    POSTGRES_PASSWORD: 'postgres',
  };
  const { target } = testContext({ home, env });
  expect(
    knownSecrets(target, files)
      .map((secret) => secret.reveal())
      .toSorted(),
  ).toEqual(['butterfly', 'chanterelle', 'daffodil', 'hydrangea', 'marmalade', 'nightingale', 'swordfish']);
});

const fault = (): never => {
  throw new Error('a fault of ours');
};

test('a source that fails costs no other, and nobody an exception', () => {
  const { target } = testContext({
    home: temporaryHome({ 'auth.json': '{"OPENAI_API_KEY":"login-7-key"}' }),
  });
  const broken = { ...target, config: fault, environment: fault, providers: fault, mcp: fault };
  expect(knownSecrets(broken, files).map((secret) => secret.reveal())).toEqual(['login-7-key']);
});

test.each<[string, Readonly<Record<string, string>>]>([
  ['nothing', {}],
  ['what cannot be read', { 'auth.json': '{"tokens":', 'config.toml': 'model = \n', '.env': '\u0000=' }],
])('%s is no fault', (_name, contents) => {
  const { target } = testContext({ home: temporaryHome(contents) });
  expect(knownSecrets(target, files)).toEqual([]);
});
