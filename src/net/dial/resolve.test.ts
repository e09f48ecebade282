import { expect, test } from 'vitest';
import type { Lookup } from './lookup.ts';
import { resolve } from './resolve.ts';
import type { Resolution } from './resolve.ts';

const NEVER = new Promise<never>(() => undefined);

/** A resolver that answers each family from here; an error's code for a failure. */
function answering(families: { 4: readonly string[] | string; 6: readonly string[] | string }): Lookup {
  return async (_host, family) => {
    const answer = families[family];
    if (typeof answer === 'string') throw Object.assign(new Error('hush'), { code: answer });
    return answer;
  };
}

const { signal } = new AbortController();
const of = (lookup: Lookup, host = 'example.test'): Promise<Resolution> => resolve(host, { lookup, signal });
const addressesOf = ({ addresses }: Resolution): string[] => addresses.map(({ address }) => address);

test.each([
  ['127.0.0.1', 4],
  ['::1', 6],
])('%s needs no look-up', async (host, family) =>
  expect(await of(() => NEVER, host)).toEqual({ addresses: [{ address: host, family }] }),
);

test('IPv6 comes first, and the families take turns', async () => {
  const found = await of(answering({ 4: ['127.0.0.1', '127.0.0.2', '127.0.0.3'], 6: ['::1', '::2'] }));
  expect(addressesOf(found)).toEqual(['::1', '127.0.0.1', '::2', '127.0.0.2', '127.0.0.3']);
  expect(found.late).toBeUndefined();
});

test('one family that fails is no failure, and its code is kept', async () => {
  const found = await of(answering({ 4: ['127.0.0.1'], 6: 'ENOTFOUND' }));
  expect(addressesOf(found)).toEqual(['127.0.0.1']);
  expect(found.trace).toMatchObject({
    host: 'example.test',
    ipv4: { addresses: ['127.0.0.1'] },
    ipv6: { addresses: [], code: 'ENOTFOUND' },
  });
  expect(found.trace?.ipv4).not.toHaveProperty('code');
});

test('no address at all is an answer too', async () =>
  expect((await of(answering({ 4: [], 6: 'EAI_AGAIN' }))).trace).toMatchObject({
    ipv4: { code: 'ENODATA' },
    ipv6: { code: 'EAI_AGAIN' },
  }));

test.each([4, 6] as const)('a look-up that hangs does not hold up the IPv%i one', async (family) => {
  const found = await of((_host, asked) => (asked === family ? Promise.resolve(['127.0.0.1']) : NEVER));
  expect(addressesOf(found)).toEqual(['127.0.0.1']);
  expect(found.trace?.[family === 4 ? 'ipv6' : 'ipv4']).toMatchObject({ addresses: [], code: 'pending' });
});

test('what the slower family finds is told when it has answered', async () => {
  const slow = Promise.withResolvers<string[]>();
  const found = await of((_host, family) => (family === 4 ? Promise.resolve(['127.0.0.1']) : slow.promise));
  slow.resolve(['::1']);
  expect(addressesOf((await found.late) ?? found)).toEqual(['::1', '127.0.0.1']);
});

test('an abort ends the look-up of both', async () => {
  const controller = new AbortController();
  const found = resolve('example.test', { lookup: () => NEVER, signal: controller.signal });
  controller.abort();
  expect(await found).toMatchObject({
    addresses: [],
    trace: { ipv4: { code: 'pending' }, ipv6: { code: 'pending' } },
  });
});
