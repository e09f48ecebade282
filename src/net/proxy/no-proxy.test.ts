import fc from 'fast-check';
import { expect, test } from 'vitest';
import { matchNoProxy } from './no-proxy.ts';

const EXAMPLE = { host: 'api.example.test', port: 18_811 };
const ADDRESS = { host: '10.1.2.3', port: 80 };

// Both columns were seen on codex 0.169 with a proxy that recorded who came by.
test.each([
  ['api.example.test', EXAMPLE, 1, 1],
  ['example.test', EXAMPLE, 1, 1],
  ['.example.test', EXAMPLE, 1, 1],
  ['test', EXAMPLE, 1, 1],
  ['ample.test', EXAMPLE, undefined, undefined],
  ['*', EXAMPLE, 1, 1],
  ['*.example.test', EXAMPLE, undefined, undefined],
  ['x, example.test', EXAMPLE, 2, 2],
  ['x example.test', EXAMPLE, undefined, undefined],
  ['http://example.test', EXAMPLE, undefined, undefined],
  ['EXAMPLE.test', EXAMPLE, 1, undefined],
  ['example.test:18811', EXAMPLE, undefined, 1],
  ['example.test:1', EXAMPLE, undefined, undefined],
  ['', EXAMPLE, undefined, undefined],
  [',,', EXAMPLE, undefined, undefined],
  ['10.1.2.3', ADDRESS, 1, 1],
  ['10.0.0.0/8', ADDRESS, 1, undefined],
  ['10.0.0.0/33', ADDRESS, undefined, undefined],
  ['11.0.0.0/8', ADDRESS, undefined, undefined],
  ['::1', { host: '[::1]', port: 80 }, 1, 1],
  ['fd00::/8', { host: '[fd00::5]', port: 80 }, 1, undefined],
])('%s for %j', (value, address, http, websocket) => {
  expect(matchNoProxy(value, address, 'http')).toBe(http);
  expect(matchNoProxy(value, address, 'websocket')).toBe(websocket);
});

test('any list is read without a throw', () => {
  fc.assert(
    fc.property(fc.string(), fc.constantFrom('http', 'websocket'), (value, client) => {
      const entry = matchNoProxy(value, ADDRESS, client);
      expect(entry === undefined || entry <= value.split(',').length).toBe(true);
    }),
  );
});
