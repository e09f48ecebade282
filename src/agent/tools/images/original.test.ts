import { expect, test } from 'vitest';
import type { ModelInfo } from '../../model/info.ts';
import { mayUseOriginal, ORIGINAL_RESOLUTION_FEATURE, seesOriginals } from './original.ts';

test.each([
  ['gpt-5.3-codex', true],
  ['gpt-5.3-codex-spark', true],
  ['gpt-5.10', true],
  ['gpt-5.10-codex', true],
  ['gpt-5.4-mini', true],
  ['gpt-6', true],
  ['openai/gpt-5.3-codex', true],
  ['openai.gpt-5.4', true],
  ['gpt-5.3', false],
  ['gpt-5.3-mini', false],
  ['gpt-5.2-codex', false],
  ['gpt-5.1-codex-max', false],
  ['gpt-5-codex', false],
  ['gpt-5', false],
  ['gpt-4.9', false],
  ['gpt-4o', false],
  ['gpt-6o', false],
  ['my-gpt-6', false],
  ['codex-mini', false],
  ['', false],
])('trap 19: %s is compared by its numbers', (slug, expected) => {
  expect(seesOriginals(slug)).toBe(expected);
});

test.each([
  [{ slug: 'gpt-5.3-codex', feature: true }, true],
  [{ slug: 'gpt-5.3-codex', feature: false }, false],
  [{ slug: 'gpt-5.2-codex', feature: true }, false],
])('both conditions are needed: %o', ({ slug, feature }, expected) => {
  const model = { slug } as ModelInfo;
  const isFeatureOn = (name: string): boolean => feature && name === ORIGINAL_RESOLUTION_FEATURE;
  expect(mayUseOriginal({ model, isFeatureOn })).toBe(expected);
});
