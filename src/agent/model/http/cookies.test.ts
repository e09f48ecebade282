import { expect, test } from 'vitest';
import { createCookieJar } from './cookies.ts';
import type { CookieJar } from './cookies.ts';

const CHATGPT = new URL('https://chatgpt.com/backend-api/codex/responses');

function jarAt(clock = { nowMs: 0 }): CookieJar {
  return createCookieJar({ now: () => clock.nowMs });
}

function kept(line: string, from = CHATGPT, to = from): string | undefined {
  const jar = jarAt();
  jar.keep(from, { 'set-cookie': [line] });
  return jar.cookieFor(to);
}

test.each([
  '__cf_bm',
  '__cflb',
  '__cfruid',
  '__cfseq',
  '__cfwaitingroom',
  '_cfuvid',
  'cf_clearance',
  'cf_ob_info',
  'cf_use_ob',
  'cf_chl_rc_i',
])('%s of Cloudflare is sent back', (name) => {
  expect(kept(`${name}=value; Path=/; HttpOnly; Secure`)).toBe(`${name}=value`);
});

test.each(['__Secure-next-auth.session-token', 'oai-did', 'cf_other', 'x__cf_bm', ''])(
  'the cookie "%s" of an account is never kept',
  (name) => {
    expect(kept(`${name}=value`)).toBeUndefined();
  },
);

test.each([
  ['https://chatgpt.com/', true],
  ['https://ab.chatgpt.com/', true],
  ['https://chat.openai.com/', true],
  ['https://chatgpt-staging.com/', true],
  ['https://x.chatgpt-staging.com/', true],
  ['http://chatgpt.com/', false],
  ['https://a.chat.openai.com/', false],
  ['https://api.openai.com/', false],
  ['https://evilchatgpt.com/', false],
  ['https://chatgpt.com.evil.test/', false],
])('%s gets cookies: %s', (address, isServed) => {
  expect(kept('__cf_bm=v', new URL(address))).toBe(isServed ? '__cf_bm=v' : undefined);
});

test('a cookie goes to its own host, or to the domain that it names', () => {
  const below = new URL('https://ab.chatgpt.com/');
  expect(kept('__cf_bm=v', CHATGPT, below)).toBeUndefined();
  expect(kept('__cf_bm=v; Domain=.chatgpt.com', CHATGPT, below)).toBe('__cf_bm=v');
  expect(kept('__cf_bm=v; Domain=other.com', CHATGPT)).toBeUndefined();
  expect(kept('__cf_bm=v; Domain=com', CHATGPT)).toBeUndefined();
});

test('the newest value counts, several go together, and ends are kept', () => {
  const clock = { nowMs: 0 };
  const jar = jarAt(clock);
  jar.keep(CHATGPT, { 'set-cookie': ['__cf_bm=old', '_cfuvid=u; Max-Age=10', 'cf_clearance=c; Max-Age=0'] });
  jar.keep(CHATGPT, { 'set-cookie': '__cf_bm=new; Expires=Thu, 01 Jan 1970 00:01:00 GMT' });
  expect(jar.cookieFor(CHATGPT)).toBe('__cf_bm=new; _cfuvid=u');
  clock.nowMs = 10_000;
  expect(jar.cookieFor(CHATGPT)).toBe('__cf_bm=new');
  clock.nowMs = 60_000;
  expect(jar.cookieFor(CHATGPT)).toBeUndefined();
});
