import { expect, test } from 'vitest';
import { temporaryHome } from '../../../fixtures/home.ts';
import { files } from '../../host/files.ts';
import { loadEnvironment } from '../../target/environment/environment.ts';
import { codex } from '../../target/profile.ts';
import { loadProxies } from './decision.ts';
import type { ProxyDecision } from './decision.ts';

function decide(env: Record<string, string>, scheme: string, dotenv = ''): ProxyDecision {
  const home = { profile: codex, path: temporaryHome({ '.env': dotenv }), source: '--home' };
  return loadProxies(loadEnvironment({ home, env, files }), codex.caVariables).decide(
    new URL(`${scheme}://example.test/v1`),
  );
}

const PROXY = 'http://proxy:3128';
const proxied = (variable: string): ProxyDecision => ({ kind: 'proxied', variable });
const refused = (variable: string): ProxyDecision => ({
  kind: 'refused',
  variable,
  problem: expect.any(String),
});
const direct: ProxyDecision = { kind: 'direct' };

// Every row was seen on codex 0.169 with a proxy that recorded who came by; trap 41 among them.
test.each<[Record<string, string>, string, ProxyDecision]>([
  [{}, 'https', direct],
  [{ HTTPS_PROXY: PROXY }, 'https', proxied('HTTPS_PROXY')],
  [{ HTTPS_PROXY: PROXY }, 'http', direct],
  [{ https_proxy: PROXY }, 'https', proxied('https_proxy')],
  [{ HTTP_PROXY: PROXY }, 'https', direct],
  [{ HTTP_PROXY: PROXY }, 'wss', proxied('HTTP_PROXY')],
  [{ HTTP_PROXY: PROXY }, 'ws', proxied('HTTP_PROXY')],
  [{ ALL_PROXY: PROXY }, 'https', proxied('ALL_PROXY')],
  [{ HTTPS_PROXY: '', https_proxy: PROXY }, 'https', direct],
  [{ HTTPS_PROXY: '', https_proxy: PROXY }, 'wss', direct],
  [{ HTTPS_PROXY: '', HTTP_PROXY: PROXY, ALL_PROXY: PROXY }, 'wss', proxied('HTTP_PROXY')],
  [{ HTTPS_PROXY: '', HTTP_PROXY: PROXY, ALL_PROXY: PROXY }, 'https', proxied('ALL_PROXY')],
  [{ HTTP_PROXY: 'ftp://x', ALL_PROXY: PROXY }, 'http', proxied('ALL_PROXY')],
  [{ HTTP_PROXY: 'ftp://x', ALL_PROXY: PROXY }, 'ws', refused('HTTP_PROXY')],
  [{ HTTPS_PROXY: 'proxy:3128' }, 'https', proxied('HTTPS_PROXY')],
  [{ HTTPS_PROXY: 'proxy:3128' }, 'wss', refused('HTTPS_PROXY')],
  [
    { HTTPS_PROXY: PROXY, NO_PROXY: 'x,example.test' },
    'https',
    { kind: 'bypassed', variable: 'NO_PROXY', entry: 2 },
  ],
  [{ ALL_PROXY: PROXY, CODEX_SANDBOX: 'seatbelt' }, 'https', direct],
  [{ ALL_PROXY: PROXY, CODEX_SANDBOX: 'seatbelt' }, 'wss', proxied('ALL_PROXY')],
  [{ ALL_PROXY: 'socks5://proxy' }, 'https', proxied('ALL_PROXY')],
  [{ ALL_PROXY: 'socks5://proxy', SSL_CERT_FILE: '/ca.pem' }, 'https', refused('ALL_PROXY')],
  [{ ALL_PROXY: 'socks5://proxy', SSL_CERT_FILE: '/ca.pem' }, 'wss', proxied('ALL_PROXY')],
  [{ ALL_PROXY: 'socks5://proxy', SSL_CERT_FILE: '' }, 'https', proxied('ALL_PROXY')],
  [{ ALL_PROXY: 'http://u:p%zz@proxy' }, 'https', proxied('ALL_PROXY')],
  [{ ALL_PROXY: 'http://u:p%zz@proxy' }, 'wss', refused('ALL_PROXY')],
  [{ HTTPS_PROXY: PROXY, NO_PROXY: '', no_proxy: '*' }, 'https', proxied('HTTPS_PROXY')],
  [
    { HTTPS_PROXY: PROXY, NO_PROXY: 'example.test:443' },
    'wss',
    { kind: 'bypassed', variable: 'NO_PROXY', entry: 1 },
  ],
])('%j for %s', (env, scheme, expected) => expect(decide(env, scheme)).toEqual(expected));

test('the .env file of the home counts', () =>
  expect(decide({}, 'https', `HTTPS_PROXY=${PROXY}`)).toEqual(proxied('HTTPS_PROXY')));
