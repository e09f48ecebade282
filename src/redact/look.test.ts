import fc from 'fast-check';
import { expect, test } from 'vitest';
import { samplePrivateKey, sampleSecrets } from '../../fixtures/secrets.ts';
import { createFinder } from './find.ts';
import type { Sight } from './find.ts';
import { PERSONAL_RULES, SECRET_RULES } from './rules.ts';
import { rulesForNames } from './rules/names.ts';

const rules = [
  ...SECRET_RULES,
  ...rulesForNames({ userDirectory: '/home/ann', userName: 'annika', hostName: 'workbench' }),
  ...PERSONAL_RULES,
];
const near = createFinder(rules);
/** The same rules, told nothing of where their hints stand. */
const everywhere = createFinder(rules.map((rule) => ({ ...rule, find: (text: string) => rule.find(text) })));

const secrets = [1, 2].flatMap((seed) => sampleSecrets(seed).map(({ secret }) => secret));
const hints = rules.flatMap((rule) => rule.hints);
const piece = fc.oneof(
  fc.constantFrom(...secrets, samplePrivateKey()),
  fc.constantFrom(...hints),
  fc.constantFrom(...hints.map((hint) => hint.toUpperCase())),
  fc.constantFrom(
    ' ',
    '\n',
    '=',
    ': ',
    '"',
    String.raw`\"`,
    '/',
    '@',
    '.',
    '&',
    'a',
    '7',
    'x'.repeat(300),
    'ab '.repeat(400),
  ),
  fc.constantFrom(
    '/home/ann/x',
    '/home/bob',
    'workbench',
    'ann@example.com',
    'a:b@host.example:80',
    '<openai-key:1>',
  ),
  fc.string({ unit: 'grapheme', maxLength: 8 }),
);

const shown = ({ cuts }: Sight) => cuts.map(({ rule, ...cut }) => ({ ...cut, rule: rule.id }));

test('in a long text, looking where hints stand finds what looking everywhere finds', () => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), fc.nat({ max: 2_048 }), (pieces, spaces) => {
      const text = `${' '.repeat(spaces)}${pieces.join('')}${' '.repeat(2_048)}`;
      expect(shown(near(text))).toEqual(shown(everywhere(text)));
    }),
    { numRuns: 400 },
  );
});
