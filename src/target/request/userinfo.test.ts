import { expect, test } from 'vitest';
import { withoutUserinfo } from './userinfo.ts';

test.each([
  ['https://own/v1', 'https://own/v1', undefined],
  ['https://ann:pass@own/v1?a=1', 'https://own/v1?a=1', 'ann:pass'],
  ['https://ann@own/v1', 'https://own/v1', 'ann:'],
  ['https://a%40b:p%C3%BC@own/v1', 'https://own/v1', 'a@b:pü'],
  ['https://a:100%@own/v1', 'https://own/v1', 'a:100%'],
  ['no address', 'no address', undefined],
])('%s', (address, url, pair) => {
  const found = withoutUserinfo(address);
  expect(found.url).toBe(url);
  expect(found.authorization?.reveal()).toBe(
    pair === undefined ? undefined : `Basic ${Buffer.from(pair).toString('base64')}`,
  );
});
