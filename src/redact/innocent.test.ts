import fc from 'fast-check';
import { expect, it } from 'vitest';
import { sampleLookAlikes } from '../../fixtures/look-alikes.ts';
import { createRedactor } from './redactor.ts';

/** What a report is made of. Nothing of it may be touched. */
const INNOCENT = [
  // versions, models, packages
  'codex-cli 0.169.0-alpha.3',
  'v24.21.0',
  '1.2.3-beta.20260101',
  'gpt-5.5-codex',
  'gpt-5-2025-08-07',
  'o4-mini',
  'claude-opus-4-1-20250805',
  'openai/gpt-oss-120b',
  '@openai/codex@0.169.0',
  '@scope/pkg@1.2.3',
  'npm:chalk@5.3.0',
  'actions/checkout@v4',
  'codex-x86_64-unknown-linux-musl',
  'user@1000.service',
  'icon@2x.png',
  // identifiers
  '019a2b3c-4d5e-7f60-8192-a3b4c5d6e7f8',
  'req_0123456789abcdef0123456789abcdef',
  'cf-ray: 8f1c2d3e4f5a6b7c-FRA',
  'x-request-id: 3f2b9c1e-0a4d-4c55-9d6e-7f8091a2b3c4',
  'resp_68af4030592c81938ec0a5fbab4a3e9f05438e46b5f69a3b',
  'thread 0199a213-81c0-7800-8aa1-bbab2a035a53',
  'call_Kh3Yj2m9',
  'rollout-2026-01-02T03-04-05-0199a213.jsonl',
  'commit 9fceb02d0ae598e95dc970b74767f19372d61af8',
  'da39a3ee5e6b4b0d3255bfef95601890afd80709',
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  'md5 d41d8cd98f00b204e9800998ecf8427e',
  'sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  'sha512-z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg==',
  // names and absence
  'OPENAI_API_KEY: not set',
  'OPENAI_API_KEY is not set',
  'set OPENAI_API_KEY or CODEX_API_KEY',
  'stored token: present',
  'access token: expired',
  'access token expired 3 days ago',
  'refresh token: missing',
  'API key: environment',
  'token: null',
  'token = ""',
  'password: required',
  'secret=<secret>',
  'const token = tokens[25]; // the next one',
  'const apiKey = await readKey(home);',
  'this.password = options.password;',
  'let secret = secrets.get(name);',
  'api_key = $OPENAI_API_KEY',
  // oxlint-disable-next-line no-template-curly-in-string -- a reference as configurations write it
  'token: ${GITHUB_TOKEN}',
  'token=%GITHUB_TOKEN%',
  'token: {{ secrets.TOKEN }}',
  'password: ********',
  'bearer_token_env_var = "GITHUB_TOKEN"',
  'env_key = "OPENAI_API_KEY"',
  'env_key_instructions = "Ask the admin"',
  'cli_auth_credentials_store = "keyring"',
  'mcp_oauth_credentials_store = "file"',
  'requires_openai_auth = true',
  'auth mode: chatgpt',
  'stored auth mode: personalAccessToken',
  'authorization: required',
  'Authorization header missing',
  'Bearer token missing',
  'the header `Authorization: Bearer <token>`, or none',
  'send `Authorization: Bearer`, then',
  '/home/.env',
  'bearer authentication',
  'basic auth',
  'WWW-Authenticate: Bearer realm="api"',
  'cookies: enabled',
  'refresh_token_expired',
  'refresh_token_url_override_present: false',
  'token_endpoint: present',
  'token: expired',
  'the --token flag takes a value',
  'pass --api-key or set the variable',
  'use --password to sign in',
  // limits and errors that speak of tokens
  'model_auto_compact_token_limit = 200000',
  'max_output_tokens: 4096',
  'tokens used: 12345',
  'total_tokens=12345',
  'unexpected token: }',
  'SyntaxError: Unexpected token < in JSON at position 0',
  'token count: 17',
  'MCP server tokenizer',
  'cache_key: models_v2',
  'primary key: id',
  'sort_key=created_at',
  'public_key: present',
  'key binding: ctrl+k',
  'expected one of: read-only, workspace-write, danger-full-access',
  'features.secret_scanning = true',
  // paths
  '/srv/mytokens/secrets/token.txt',
  '/root/.codex/auth.json',
  '~/.codex/config.toml',
  './secret/notes.md',
  String.raw`C:\Program Files\Git\bin\git.exe`,
  '/opt/homebrew/bin/codex',
  '/usr/lib/node_modules/@openai/codex',
  '/home/linuxbrew/.linuxbrew/bin',
  '/Users/Shared/x',
  'file:///etc/codex/config.toml',
  '/var/home',
  '/home',
  'task-management-service-for-approval',
  'disk-progress-indicator-element',
  'mask-image',
  'sk-SK',
  // addresses without secrets
  'https://api.openai.com/v1/responses',
  'http://localhost:8080/',
  'ws://[::1]:1234/v1?page=2',
  'https://h.example:80a/x',
  'https://registry.npmjs.org/@openai/codex',
  'git@github.com:openai/codex.git',
  'https://x.example/home/settings',
  'https://my.openai.azure.com/openai/responses?api-version=2025-04-01-preview',
  'tcp 127.0.0.1:5432',
  'image:tag@sha256:abc',
  // plain text of several kinds
  'line one\nline two\tindented',
  'naïve café 東京 🙂',
  '2026-01-02T03:04:05.678Z',
  'ECONNREFUSED',
  'a < b && c > d',
  '',
  'SELECT * FROM threads WHERE id = ?',
  '{"type":"session_meta","payload":{"id":"0199a213"}}',
  'US-ASCII',
  'SKIPPED',
  'at-least-once',
] as const;

const redactor = createRedactor({ userDirectory: '/home/ann', userName: 'ann', hostName: 'workbench' });

it.each(INNOCENT)('%s', (text) => {
  expect(redactor.text(text)).toBe(text);
  expect(redactor.value({ detail: text, list: [text] })).toEqual({ detail: text, list: [text] });
});

it('any words and numbers', () => {
  const word = fc.stringMatching(/^[a-z]{1,12}$/);
  const piece = fc.oneof(word, fc.nat().map(String), fc.uuid(), fc.constantFrom(...INNOCENT));
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const text = pieces.join(', ');
      const shared = createRedactor({ userDirectory: '/home/ann' });
      expect(shared.text(text)).toBe(text);
      expect(shared.ledger()).toEqual([]);
    }),
  );
});

it.each(sampleLookAlikes())('$kind', ({ text }) => {
  expect(redactor.find(text).cuts).toEqual([]);
  expect(redactor.json(JSON.stringify({ text }))).toBe(JSON.stringify({ text }));
});

it('all look-alikes in one text', () => {
  const text = sampleLookAlikes()
    .map((sample) => sample.text)
    .join('\n');
  expect(redactor.find(text).cuts).toEqual([]);
});
