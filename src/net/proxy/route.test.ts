import { inspect } from 'node:util';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { NetworkEnvironment } from '../environment.ts';
import { codex } from '../../target/profile.ts';
import { loadProxies } from './decision.ts';
import type { Route } from './route.ts';

const environment = (values: Record<string, string>): NetworkEnvironment => ({
  values,
  originOf: () => undefined,
});

const route = (value: string, scheme = 'https', more: Record<string, string> = {}): Route =>
  loadProxies(environment({ ALL_PROXY: value, ...more }), codex.caVariables).routeFor(
    new URL(`${scheme}://example.test/v1`),
  );

// The HTTP client was seen to speak HTTP to every SOCKS address, and the WebSocket client SOCKS (codex 0.169).
test.each([
  ['http://proxy', 'https', { scheme: 'http', host: 'proxy', port: 80 }],
  ['http://proxy:3128', 'wss', { scheme: 'http', host: 'proxy', port: 3128 }],
  ['https://proxy', 'https', { scheme: 'https', host: 'proxy', port: 443 }],
  ['proxy:3128', 'http', { scheme: 'http', host: 'proxy', port: 3128 }],
  ['http://[::1]:3128', 'https', { scheme: 'http', host: '::1', port: 3128 }],
  ['socks5://proxy', 'https', { scheme: 'http', host: 'proxy', port: 80 }],
  ['socks4a://proxy:9', 'https', { scheme: 'http', host: 'proxy', port: 9 }],
  ['socks5://proxy', 'wss', { scheme: 'socks5', host: 'proxy', port: 1080 }],
  ['socks5h://[::1]', 'ws', { scheme: 'socks5h', host: '::1', port: 1080 }],
])('%s for %s', (value, scheme, proxy) =>
  expect(route(value, scheme)).toEqual({ kind: 'proxy', proxy: { variable: 'ALL_PROXY', ...proxy } }),
);

test.each([
  ['ftp://proxy', 'wss', 'its scheme is none that a proxy can have'],
  ['https://proxy', 'wss', 'the WebSocket client takes no https proxy'],
  ['proxy:3128', 'wss', 'it has no scheme such as http://'],
  ['http://u:100%@proxy', 'wss', 'its user name or password has a % that is not written as %25'],
])('%s for %s is unusable', (value, scheme, problem) =>
  expect(route(value, scheme)).toEqual({ kind: 'unusable', variable: 'ALL_PROXY', problem }),
);

test.each([
  ['http://proxy', { NO_PROXY: '*' }],
  ['ftp://proxy', {}],
  ['http://proxy', { CODEX_SANDBOX: 'seatbelt' }],
])('past %s with %j', (value, more) => expect(route(value, 'https', more)).toEqual({ kind: 'direct' }));

test.each([
  ['user:hush', 'user', 'hush'],
  ['us%40er:a%3Ab', 'us@er', 'a:b'],
  ['user:100%', 'user', '100%'],
  ['user:p%zzw', 'user', 'p%zzw'],
  ['user:%ff%C3%A9', 'user', '\uFFFDé'],
  ['user', 'user', ''],
  [':hush', '', 'hush'],
])('credentials %s', (userinfo, username, password) => {
  const found = route(`http://${userinfo}@proxy`);
  const credentials = found.kind === 'proxy' ? found.proxy.credentials : undefined;
  expect([credentials?.username.reveal(), credentials?.password.reveal()]).toEqual([username, password]);
});

test('any value makes a route or none, and a route never shows its credentials', () => {
  fc.assert(
    fc.property(fc.string(), fc.constantFrom('http', 'https', 'ws', 'wss'), (tail, scheme) => {
      for (const value of [tail, `http://u${tail}:canary${tail}@proxy`, `socks5://canary@${tail}`]) {
        const found = route(value, scheme);
        expect(['direct', 'proxy', 'unusable']).toContain(found.kind);
        const { host = '', ...rest } = found.kind === 'proxy' ? found.proxy : {};
        // Behind a slash or an `@` of the tail the canary is no credential any more, but the name of a host.
        expect(host.includes('canary') || !(JSON.stringify(rest) + inspect(rest)).includes('canary')).toBe(
          true,
        );
      }
    }),
  );
});
