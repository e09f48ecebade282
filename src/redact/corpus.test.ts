import { expect, test } from 'vitest';
import { redactCorpus } from '../../fixtures/redaction-corpus.ts';

/** A sample of each kind in several settings and encodings; `bench/redact.ts` takes 2,000. */
const COUNT = 400;

test('no planted secret leaves, every look-alike survives', async () => {
  const { planted, left, foundAgain, lookAlikes, changed } = await redactCorpus(COUNT);
  expect(left.map(({ kind, setting, encoding }) => ({ kind, setting, encoding }))).toEqual([]);
  expect(foundAgain).toEqual([]);
  expect(changed).toEqual([]);
  expect(planted).toHaveLength(COUNT);
  expect(new Set(planted.map(({ kind }) => kind)).size).toBeGreaterThanOrEqual(60);
  expect(lookAlikes.length).toBeGreaterThanOrEqual(300);
});
