import fc from 'fast-check';
import { expect, test } from 'vitest';
import { judgeProxyValue } from './variables.ts';

const BARE_SIGN = 'its user name or password has a sign such as / # ? or \\ that is not percent-encoded';

test.each([
  ['http://proxy:3128', { state: 'usable', scheme: 'http', hasCredentials: false }],
  ['HTTP://proxy:3128/', { state: 'usable', scheme: 'http' }],
  ['http://user:hush@proxy:3128', { state: 'usable', hasCredentials: true }],
  ['socks5h://proxy', { state: 'other_scheme', problem: 'the HTTP client does not speak SOCKS' }],
  ['socks4a://proxy', { state: 'other_scheme', problem: 'neither client speaks SOCKS 4' }],
  ['http://[::1]:3128', { state: 'usable' }],
  ['', { state: 'empty' }],
  ['  ', { state: 'empty' }],
  ['proxy:3128', { state: 'no_scheme', servesHttp: true, servesWebsocket: false }],
  ['https://proxy:3128', { state: 'other_scheme', servesHttp: true, servesWebsocket: false }],
  ['ftp://proxy', { state: 'other_scheme', servesHttp: false, servesWebsocket: false }],
  ['http://', { state: 'malformed', problem: 'it names no host' }],
  ['http://proxy:99999', { state: 'malformed', problem: 'its port is above 65535' }],
  ['http://proxy:port', { state: 'malformed', problem: 'its port is not a number' }],
  ['http://user:hush@proxy:port', { state: 'malformed', hasCredentials: true }],
  ['http://user:p%zz@proxy:3128', { state: 'bad_credentials', servesHttp: true, servesWebsocket: false }],
  ['http://user:hu#sh@proxy:3128', { state: 'bad_credentials', problem: BARE_SIGN, servesHttp: false }],
  ['http://user:hu/sh@proxy:3128', { state: 'bad_credentials', problem: BARE_SIGN, servesHttp: false }],
  ['http://CORP\\user:hush@proxy:3128', { state: 'bad_credentials', problem: BARE_SIGN, servesHttp: true }],
  ['http://proxy:3128/p@th', { state: 'usable' }],
  ['http://user:p%25@proxy:3128', { state: 'usable' }],
  ['http://a b', { state: 'malformed', problem: 'white space stands in its host' }],
  [' http://proxy:3128', { state: 'malformed', problem: 'white space stands around it' }],
  ['"http://proxy:3128"', { state: 'malformed', problem: 'quotes stand around it' }],
])('%s', (value, expected) => expect(judgeProxyValue(value)).toMatchObject(expected));

test('any value is judged without a throw, and a verdict never quotes it', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z]{1,5}:\/{0,3}[^\s]{0,20}$/), (rest) => {
      const verdict = JSON.stringify(judgeProxyValue(`${rest}hush${rest}`));
      expect(verdict).not.toContain('hush');
    }),
  );
});
