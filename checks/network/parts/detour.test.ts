import { expect, test } from 'vitest';
import { loadProxies } from '../../../src/net/proxy/decision.ts';
import { detourOf, isFaultOfDetour, withDetour } from './detour.ts';
import type { FailedAttempt } from './failed-attempt.ts';

const PROXY = 'http://proxy:3128';

const failed = (
  failureClass: FailedAttempt['failure']['class'],
  phase: FailedAttempt['failure']['phase'],
  hop: FailedAttempt['hop'] = 'endpoint',
): FailedAttempt => ({
  failure: { class: failureClass, phase, message: 'failed' },
  hop,
  trace: { totalMs: 1 },
  durationMs: 1,
});
const DNS = failed('dns', 'resolve');
const DROPPED = failed('timeout', 'connect');
const RESET = failed('reset', 'http');
const PROXY_DOWN = failed('refused', 'connect', 'proxy');
const PROXY_HANDSHAKE = failed('closed', 'tls', 'proxy');
const PROXY_LOGIN = failed('proxy_auth', 'proxy', 'proxy');

// environment · address · failure · whether network.env reports the fault, and the first words of the remedy
test.each<[string, Record<string, string>, string, FailedAttempt, boolean, RegExp]>([
  ['no proxy', {}, 'https://api.example', DNS, false, /^Call\.$/],
  ['a proxy that counts', { HTTPS_PROXY: PROXY }, 'https://api.example', DNS, false, /^Call\.$/],
  [
    'a proxy in quotes',
    { HTTPS_PROXY: `"${PROXY}"` },
    'https://api.example',
    DNS,
    true,
    /past the proxy that HTTPS_PROXY/,
  ],
  [
    'the same, dropped',
    { HTTPS_PROXY: `"${PROXY}"` },
    'https://api.example',
    DROPPED,
    true,
    /past the proxy/,
  ],
  ['the same, answered', { HTTPS_PROXY: `"${PROXY}"` }, 'https://api.example', RESET, false, /^Call\.$/],
  ['a proxy for http alone', { HTTP_PROXY: PROXY }, 'https://api.example', DNS, true, /HTTP_PROXY names/],
  [
    'an empty one before another',
    { HTTPS_PROXY: '', https_proxy: PROXY },
    'https://api.example',
    DNS,
    true,
    /HTTPS_PROXY/,
  ],
  ['one of the other scheme in quotes', { HTTPS_PROXY: '"x"' }, 'http://api.example', DNS, false, /^Call\.$/],
  [
    'an exception',
    { HTTPS_PROXY: PROXY, NO_PROXY: 'a,example' },
    'https://api.example',
    DNS,
    false,
    /^Entry 2 of NO_PROXY.*Or else: Call\.$/,
  ],
  [
    'an exception for HTTP alone',
    { HTTPS_PROXY: PROXY, NO_PROXY: 'EXAMPLE' },
    'https://api.example',
    DNS,
    true,
    /network\.env says of NO_PROXY/,
  ],
  [
    'this machine through a proxy',
    { HTTP_PROXY: PROXY },
    'http://localhost:1',
    PROXY_DOWN,
    true,
    /network\.env says of HTTP_PROXY/,
  ],
  [
    'an https proxy that is none',
    { HTTPS_PROXY: 'https://proxy:3128' },
    'https://api.example',
    PROXY_HANDSHAKE,
    true,
    /HTTPS_PROXY/,
  ],
  [
    'an https proxy that is down',
    { HTTPS_PROXY: 'https://proxy:3128' },
    'https://api.example',
    PROXY_DOWN,
    false,
    /^Call\.$/,
  ],
  [
    'a stray % in a password',
    { HTTPS_PROXY: 'http://a:b%zz@proxy:3128' },
    'https://api.example',
    PROXY_LOGIN,
    true,
    /HTTPS_PROXY/,
  ],
  [
    'a bare \\ in a user name',
    { HTTPS_PROXY: 'http://CORP\\a:b@proxy:3128' },
    'https://api.example',
    failed('dns', 'resolve', 'proxy'),
    true,
    /HTTPS_PROXY/,
  ],
  [
    'a proxy without scheme that is down',
    { HTTPS_PROXY: 'proxy:3128' },
    'https://api.example',
    PROXY_DOWN,
    false,
    /^Call\.$/,
  ],
])('%s', (_name, values, address, attempt, isFault, remedy) => {
  const http = new URL(address);
  const detour = detourOf(loadProxies({ values, originOf: () => 'shell' }, []), {
    http,
    websocket: new URL(address.replace(/^http/, 'ws')),
    isLoopback: http.hostname === 'localhost',
  });
  expect(detour !== undefined && isFaultOfDetour(attempt, detour)).toBe(isFault);
  expect(detour ? withDetour('Call.', attempt, detour) : 'Call.').toMatch(remedy);
});
