import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sampleSecrets } from '../../fixtures/secrets.ts';
import { createRedactor } from './redactor.ts';

const options = { userDirectory: '/home/ann' };
const secrets = sampleSecrets().map(({ secret }) => secret);

/** Texts as they stand in reports: innocent ones, and secrets at the beginning, in the middle and at the end of others. */
const text = fc.oneof(
  fc.constantFrom(
    'ok',
    '/home/ann/.codex/config.toml',
    'mail ann@example.com',
    'token',
    'https://u:p@example.com/a?b=c',
    '',
    '\n',
    'a b',
  ),
  fc.constantFrom(...secrets),
  fc.constantFrom(...secrets).map((secret) => `before ${secret} after`),
  fc.constantFrom(...secrets).map((secret) => `password: ${secret}`),
  fc.string({ unit: 'grapheme-ascii', maxLength: 40 }),
);

test('a structure is redacted as its texts are one by one, although most rules never see them', () => {
  fc.assert(
    fc.property(fc.array(text, { maxLength: 12 }), (texts) => {
      const oneByOne = createRedactor(options);
      // Under numbered names, so that no name and no neighbour says more about a text than the text itself.
      const structure = Object.fromEntries(texts.map((content, index) => [`n${index}`, content]));
      const expected = Object.fromEntries(
        texts.map((content, index) => [`n${index}`, oneByOne.text(content)]),
      );
      expect(createRedactor(options).value(structure)).toEqual(expected);
    }),
    { numRuns: 300 },
  );
});
