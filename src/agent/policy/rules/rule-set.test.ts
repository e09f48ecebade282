import fc from 'fast-check';
import { expect, test } from 'vitest';
import { evaluate, joinRuleSets, NO_RULES } from './rule-set.ts';
import type { PrefixRule, RuleDecision, RuleSet } from './rule-set.ts';
import { splitWords } from './split-words.ts';

const of = (...prefixes: readonly PrefixRule[]): RuleSet => ({ ...NO_RULES, prefixes });
const rule = (words: string, decision: RuleDecision): PrefixRule => ({
  pattern: words.split(' ').map((word) => word.split('|')),
  decision,
});
const decide = (rules: RuleSet, command: string): RuleDecision | undefined =>
  evaluate(rules, command.split(' '), { resolveExecutables: true }).strictest?.decision;

test('rules allow `git` and forbid `git push`: forbidden wins (row 38)', () => {
  const rules = of(rule('git', 'allow'), rule('git push', 'forbidden'));
  expect(decide(rules, 'git push')).toBe('forbidden');
  expect(decide(rules, 'git log')).toBe('allow');
  expect(decide(rules, 'gitk')).toBeUndefined();
});

const DECISIONS = ['allow', 'prompt', 'forbidden'] as const;
const word = fc.constantFrom('a', 'b', 'c');
const anyRule = fc.record({
  pattern: fc.array(fc.uniqueArray(word, { minLength: 1 }), { minLength: 1, maxLength: 3 }),
  decision: fc.constantFrom(...DECISIONS),
});

test('the strictest rule wins, whatever the order and the file (trap 29)', () =>
  fc.assert(
    fc.property(
      fc
        .array(anyRule, { maxLength: 8 })
        .chain((rules) =>
          fc.tuple(
            fc.constant(rules),
            fc.shuffledSubarray(rules, { minLength: rules.length }),
            fc.nat(rules.length),
          ),
        ),
      fc.array(word, { minLength: 1, maxLength: 4 }),
      ([rules, shuffled, cut], argv) => {
        const matching = rules.filter(
          ({ pattern }) =>
            pattern.length <= argv.length &&
            pattern.every((words, index) => words.some((each) => each === argv[index])),
        );
        const expected = DECISIONS.findLast((decision) =>
          matching.some((each) => each.decision === decision),
        );
        const files = [of(...shuffled.slice(0, cut)), of(...shuffled.slice(cut))];
        for (const set of [of(...rules), joinRuleSets(files), joinRuleSets(files.toReversed())])
          expect(evaluate(set, argv, { resolveExecutables: false }).strictest?.decision).toBe(expected);
      },
    ),
    { numRuns: 500 },
  ));

test('a path stands for the name that rules use, unless only certain paths may', () => {
  const rules: RuleSet = {
    ...of(rule('git', 'allow'), rule('/opt/gh', 'prompt'), rule('gh', 'allow')),
    executables: new Map([['git', ['/usr/bin/git']]]),
  };
  expect(decide(rules, '/usr/bin/git log')).toBe('allow');
  expect(decide(rules, '/tmp/git log')).toBeUndefined();
  expect(decide(rules, './git log')).toBeUndefined();
  expect(decide(rules, '/opt/gh x')).toBe('prompt');
  expect(decide(rules, '/usr/bin/gh x')).toBe('allow');
});

test.each([
  ['git push', ['git', 'push']],
  [`  a 'b c' "d \\" e" f\\ g `, ['a', 'b c', 'd " e', 'f g']],
  [`a'b'"c"`, ['abc']],
  [`'' ""`, ['', '']],
  ['git # b', ['git']],
  ['', []],
  ["a 'b", undefined],
  ['a "b', undefined],
  ['a \\', undefined],
])('the example %j', (text, words) => expect(splitWords(text)).toEqual(words));
