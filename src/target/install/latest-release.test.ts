import fc from 'fast-check';
import { expect, test } from 'vitest';
import { codex } from '../profile.ts';
import type { ReleaseFeeds } from '../profile.ts';
import type { InstallMethod } from './facts.ts';
import { releaseQuestion } from './latest-release.ts';

const feeds: ReleaseFeeds = codex.releases ?? expect.fail('codex publishes its releases');

test.each<['npm' | 'brew', unknown, string | undefined]>([
  ['npm', { tag_name: 'rust-v0.170.0' }, '0.170.0'],
  ['npm', { tag_name: 'rust-v0.171.0-alpha.2' }, '0.171.0-alpha.2'],
  ['npm', { tag_name: 'v0.170.0' }, undefined],
  ['npm', { tag_name: 'rust-vnext' }, undefined],
  ['npm', { version: '0.170.0' }, undefined],
  ['brew', { version: '0.170.0' }, '0.170.0'],
  ['brew', { version: 170 }, undefined],
  ['brew', null, undefined],
])('%s: %j is version %s', (method, answer, version) =>
  expect(releaseQuestion(feeds, method).read(answer)).toBe(version),
);

test('each feed is asked at its own address', () => {
  expect(releaseQuestion(feeds, 'npm').url).toBe('https://api.github.com/repos/openai/codex/releases/latest');
  expect(releaseQuestion(feeds, 'brew').url).toBe('https://formulae.brew.sh/api/cask/codex.json');
});

test('any answer can be read, and gives a version or nothing', () =>
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom<InstallMethod>('npm', 'brew', 'other'), (answer, method) => {
      const version = releaseQuestion(feeds, method).read(answer);
      expect(version ?? '0.0.0').toMatch(/^v?\d+\.\d+\.\d+/);
    }),
  ));
