import { expect, test } from 'vitest';
import { Secret } from '../../redact/secret.ts';
import { requestOf } from './request.ts';
import type { HttpTransport } from './request.ts';

const ENVIRONMENT = { TOKEN: 'one', EMPTY: '', BROKEN: 'line\nbreak', OTHER: 'two' };

const transport = (more: Partial<HttpTransport>): HttpTransport => ({
  kind: 'streamable_http',
  url: 'https://host.example/mcp',
  bearerTokenVariable: undefined,
  headers: {},
  headerVariables: {},
  agentCredential: undefined,
  ...more,
});

function sent(more: Partial<HttpTransport>, oauth?: string): object {
  const request = requestOf(
    transport(more),
    ENVIRONMENT,
    oauth === undefined ? undefined : new Secret(oauth),
  );
  if (request.kind !== 'ready') return request;
  const headers = Object.entries(request.headers).map(([name, value]) => [
    name,
    value instanceof Secret ? value.reveal() : 'not secret',
  ]);
  return { url: request.url, headers: Object.fromEntries(headers), credential: request.credential };
}

const basic = `Basic ${Buffer.from('us@er:pa$s').toString('base64')}`;

// Recorded from codex 0.169.
test.each<[string, Partial<HttpTransport>, string | undefined, object]>([
  ['nothing', {}, undefined, { headers: {}, credential: undefined }],
  [
    'a bearer token',
    { bearerTokenVariable: 'TOKEN' },
    undefined,
    { headers: { authorization: 'Bearer one' }, credential: 'bearer_token_env_var' },
  ],
  ['a bearer token that is not set', { bearerTokenVariable: 'UNSET' }, undefined, { headers: {} }],
  ['an empty one', { bearerTokenVariable: 'EMPTY' }, undefined, { headers: {} }],
  [
    'a bearer token over a configured header',
    { bearerTokenVariable: 'TOKEN', headers: { Authorization: 'Basic x' } },
    undefined,
    { headers: { authorization: 'Bearer one' }, credential: 'bearer_token_env_var' },
  ],
  [
    'a variable over a text',
    { headers: { 'X-A': 'text', 'X-B': 'b' }, headerVariables: { 'x-a': 'OTHER', 'X-C': 'UNSET' } },
    undefined,
    { headers: { 'x-a': 'two', 'x-b': 'b' }, credential: undefined },
  ],
  [
    'headers that cannot be sent',
    { headers: { 'X A': 'x', 'X-B': 'a\nb', 'X-C': 'ü' }, headerVariables: { 'X-D': 'BROKEN' } },
    undefined,
    { headers: { 'x-c': Buffer.from('ü').toString('latin1') } },
  ],
  ['a login', {}, 'stored', { headers: { authorization: 'Bearer stored' }, credential: 'oauth' }],
  [
    'a header over a login',
    { headers: { authorization: 'Basic x' } },
    'stored',
    { headers: { authorization: 'Basic x' }, credential: 'http_headers' },
  ],
  [
    'user info',
    { url: 'https://us%40er:pa%24s@host.example/mcp?q=1' },
    undefined,
    { url: 'https://host.example/mcp?q=1', headers: { authorization: basic }, credential: 'url' },
  ],
  [
    'a bearer token over user info',
    { url: 'https://us%40er:pa%24s@host.example/mcp', bearerTokenVariable: 'TOKEN' },
    undefined,
    { url: 'https://host.example/mcp', headers: { authorization: 'Bearer one' } },
  ],
  [
    'a token that cannot be sent',
    { bearerTokenVariable: 'BROKEN' },
    undefined,
    { kind: 'illegal_token', variable: 'BROKEN' },
  ],
])('%s', (_name, more, oauth, expected) => {
  expect(sent(more, oauth)).toMatchObject(expected);
});

test('nothing of it can be shown by accident', () => {
  const request = requestOf(transport({ headers: { 'X-A': 'hush' } }), ENVIRONMENT, new Secret('hush'));
  expect(JSON.stringify(request)).not.toContain('hush');
});
