import { expect, test } from 'vitest';
import { joinAddress, webSocketAddress } from './address.ts';

test.each([
  ['https://a/v1', {}, 'responses', 'https://a/v1/responses'],
  ['https://a/v1//', {}, 'responses', 'https://a/v1/responses'],
  ['https://a/v1/', { b: '1' }, '', 'https://a/v1?b=1'],
  [
    'https://a',
    { 'api-version': '2026', x: 'a b/c' },
    'responses',
    'https://a/responses?api-version=2026&x=a b/c',
  ],
])('%s %j %s', (baseUrl, queryParameters, path, url) => {
  expect(joinAddress(baseUrl, path, queryParameters)).toBe(url);
});

test.each([
  ['https://a/responses?api-version=1', 'wss://a/responses?api-version=1'],
  ['http://a/responses', 'ws://a/responses'],
  ['wss://a/responses', 'wss://a/responses'],
])('a WebSocket goes to the same address, parameters and all (trap 48): %s', (url, expected) => {
  expect(webSocketAddress(url)).toBe(expected);
});
