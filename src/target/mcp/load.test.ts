import { expect, test } from 'vitest';
import { testContext } from '../../../fixtures/context.ts';
import { temporaryHome } from '../../../fixtures/home.ts';
import type { McpFacts } from './facts.ts';

const load = (config: string): McpFacts =>
  testContext({ home: temporaryHome({ 'config.toml': config }) }).target.mcp();

// Measured with servers that never answer, as the time after which codex 0.169 gave up.
test.each<[string, number]>([
  ['', 30_000],
  ['startup_timeout_sec = 4', 4_000],
  ['startup_timeout_sec = 1.25', 1_250],
  ['startup_timeout_sec = 0', 0],
  ['startup_timeout_ms = 1500', 1_500],
  ['startup_timeout_sec = 2\nstartup_timeout_ms = 4000', 2_000],
])('start-up limit of a server with: %s', (keys, expected) => {
  const [server] = load(`[mcp_servers.one]\ncommand = "x"\n${keys}`).servers;
  expect(server?.startupTimeoutMs).toBe(expected);
});

test.each<[string, string]>([
  ['', 'auto'],
  ['mcp_oauth_credentials_store = "file"', 'file'],
  ['mcp_oauth_credentials_store = "keyring"', 'keyring'],
])('the store of logins with: %s', (config, expected) => {
  expect(load(config).oauthStore).toBe(expected);
});

test.each<[string, string | undefined]>([
  ['', undefined],
  ['auth = "oauth"', undefined],
  ['auth = "chatgpt"', 'chatgpt'],
  ['auth = "ema_auth"', 'ema_auth'],
  ['http_headers_helper = "print-headers"', 'http_headers_helper'],
])('a credential that only the agent has with: %s', (keys, agentCredential) => {
  const [server] = load(`[mcp_servers.one]\nurl = "https://x.example"\n${keys}`).servers;
  expect(server?.transport).toMatchObject({ kind: 'streamable_http', agentCredential });
});
