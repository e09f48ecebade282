import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkRules } from './check.ts';
import { parseRules } from './parse.ts';
import type { RuleSet } from './rule-set.ts';

function parsed(text: string): RuleSet {
  const result = parseRules(text);
  if (result.kind === 'faulty') throw new Error(JSON.stringify(result.fault));
  return result.rules;
}

test('every kind of rule, with all that may stand around it', () => {
  const rules = parsed(`"""What this file
is for."""
# A remark.
prefix_rule(
    pattern = ["git", ["push", 'pull'],],  # and here
    decision = "prompt",
    justification = r"it\\s public",
    match = ["git push x", ["git", "pull"]],
    not_match = ["git log"],
); prefix_rule(["ls"])\r
prefix_rule(pattern=["a" \\
  ], decision="forbidden")
network_rule(host="Example.COM.", protocol="https", decision="deny", justification="no")
host_executable(name="git", paths=["/usr/bin/git", "/opt/git"])
`);
  expect(rules).toEqual({
    prefixes: [
      { pattern: [['git'], ['push', 'pull']], decision: 'prompt', justification: String.raw`it\s public` },
      { pattern: [['ls']], decision: 'allow' },
      { pattern: [['a']], decision: 'forbidden' },
    ],
    networks: [{ host: 'example.com', protocol: 'https', decision: 'deny', justification: 'no' }],
    executables: new Map([['git', ['/usr/bin/git', '/opt/git']]]),
  });
});

test.each([
  [String.raw`"\n\t\r\\\"\'"`, '\n\t\r\\"\''],
  [String.raw`"\x41\u0042\U00000043\101"`, 'ABCA'],
  [String.raw`"\q"`, String.raw`\q`],
  [String.raw`r"\n"`, String.raw`\n`],
  [String.raw`r'\''`, String.raw`\'`],
  ['"a\\\nb"', 'ab'],
  ['"""a\n"b" \\""" """', 'a\n"b" """ '],
  ["'''x'''", 'x'],
  ['"é😀"', 'é😀'],
])('the string %s', (written, text) =>
  expect(parsed(`prefix_rule(pattern=[${written}])`).prefixes[0]?.pattern).toEqual([[text]]),
);

test.each<[string, { line: number; column: number; message: RegExp }]>([
  ['foo(1)', { line: 1, column: 5, message: /has no meaning/ }],
  ['\n\nfoo("a")', { line: 3, column: 1, message: /no rule `foo`/ }],
  ['x = "a"', { line: 1, column: 3, message: /`\(`/ }],
  ['prefix_rule', { line: 1, column: 12, message: /the end/ }],
  ['def f():\n  pass', { line: 1, column: 5, message: /`f`/ }],
  ['  prefix_rule(pattern=["a"])', { line: 1, column: 3, message: /indented/ }],
  ['prefix_rule(pattern=["a"]\n', { line: 2, column: 1, message: /the end/ }],
  ['prefix_rule(pattern=["a" "b"])', { line: 1, column: 26, message: /a text/ }],
  ['prefix_rule(pattern=["a"] + ["b"])', { line: 1, column: 27, message: /"\+"/ }],
  ['prefix_rule(pattern=[x])', { line: 1, column: 22, message: /`x`/ }],
  ['prefix_rule(pattern=("a","b"))', { line: 1, column: 21, message: /`\(`/ }],
  [
    'prefix_rule(pattern=["a"]) prefix_rule(pattern=["a"])',
    { line: 1, column: 28, message: /end of the line/ },
  ],
  ['prefix_rule(pattern=["a])', { line: 1, column: 22, message: /no end/ }],
  ['prefix_rule(pattern=["""a])', { line: 1, column: 22, message: /no end/ }],
  [String.raw`prefix_rule(pattern=["\x4"])`, { line: 1, column: 22, message: /hexadecimal/ }],
  [String.raw`prefix_rule(pattern=["\ud800"])`, { line: 1, column: 22, message: /no character/ }],
  ['prefix_rule()', { line: 1, column: 1, message: /lacks `pattern`/ }],
  ['prefix_rule(pattern=[])', { line: 1, column: 21, message: /empty/ }],
  ['prefix_rule(pattern=["a", []])', { line: 1, column: 27, message: /empty list/ }],
  ['prefix_rule(pattern="a")', { line: 1, column: 21, message: /a list/ }],
  ['prefix_rule(pattern=[["a", ["b"]]])', { line: 1, column: 28, message: /a text/ }],
  ['prefix_rule(pattern=["a"], decision="deny")', { line: 1, column: 37, message: /"deny"/ }],
  ['prefix_rule(pattern=["a"], justification=" ")', { line: 1, column: 42, message: /empty/ }],
  ['prefix_rule(pattern=["a"], x="1")', { line: 1, column: 30, message: /no argument `x`/ }],
  ['prefix_rule(pattern=["a"], pattern=["b"])', { line: 1, column: 28, message: /twice/ }],
  ['prefix_rule(["a"], pattern=["b"])', { line: 1, column: 28, message: /twice/ }],
  ['prefix_rule(pattern=["a"], "prompt")', { line: 1, column: 28, message: /named argument/ }],
  ['prefix_rule(pattern=["a"],\n  match=["b"])', { line: 2, column: 10, message: /does not match/ }],
  ['prefix_rule(pattern=["a"], not_match=[["a", "b"]])', { line: 1, column: 39, message: /must not/ }],
  ['prefix_rule(pattern=["a"], match=["a \'b"])', { line: 1, column: 35, message: /quote/ }],
  ['prefix_rule(pattern=["a"], match=[""])', { line: 1, column: 35, message: /empty/ }],
  [
    'network_rule(host="*.x", protocol="https", decision="deny")',
    { line: 1, column: 19, message: /one host/ },
  ],
  ['network_rule(host="x", protocol="ftp", decision="deny")', { line: 1, column: 33, message: /"ftp"/ }],
  ['network_rule(host="x", protocol="https")', { line: 1, column: 1, message: /lacks `decision`/ }],
  ['host_executable(name="a/b", paths=[])', { line: 1, column: 22, message: /without a path/ }],
  ['host_executable(name="a", paths=["a"])', { line: 1, column: 34, message: /absolute/ }],
  ['host_executable(name="a", paths=["/b"])', { line: 1, column: 34, message: /`a`/ }],
  [`prefix_rule(pattern=${'['.repeat(50)}`, { line: 1, column: 37, message: /deeply/ }],
])('refused, with its place: %j', (text, { line, column, message }) =>
  expect(parseRules(text)).toEqual({
    kind: 'faulty',
    fault: { line, column, message: expect.stringMatching(message) },
  }),
);

test('whatever a file holds, the parser answers', () => {
  const pieces = 'prefix_rule( pattern= ["a" ] ) , " \'\'\' \\ # ; x ='.split(' ');
  const piece = fc.constantFrom(...pieces, '\n', '\r\n', ' ');
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(piece).map((some) => some.join('')),
      ),
      (text) => {
        expect(['parsed', 'faulty']).toContain(parseRules(text).kind);
      },
    ),
    { numRuns: 1000 },
  );
});

test('any words that are written as JSON come back', () =>
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'grapheme' }), { minLength: 1 }), (words) => {
      const text = `prefix_rule(pattern=${JSON.stringify(words)}, decision="allow")`;
      expect(parsed(text).prefixes[0]?.pattern).toEqual(words.map((word) => [word]));
    }),
    { numRuns: 500 },
  ));

test('the answer of `execpolicy check`', () => {
  const rules =
    parsed(`prefix_rule(pattern=["git", ["push", "pull"]], decision="prompt", justification="public")
prefix_rule(pattern=["git"])
host_executable(name="git", paths=["/usr/bin/git"])`);
  const check = (argv: readonly string[], { resolveExecutables = false } = {}): unknown =>
    checkRules([rules], argv, { resolveExecutables });
  expect(JSON.stringify(check(['git', 'push', 'x']))).toBe(
    '{"matchedRules":[{"prefixRuleMatch":{"matchedPrefix":["git","push"],"decision":"prompt","justification":"public"}},{"prefixRuleMatch":{"matchedPrefix":["git"],"decision":"allow"}}],"decision":"prompt"}',
  );
  expect(check(['ls'])).toEqual({ matchedRules: [] });
  expect(check(['/usr/bin/git'])).toEqual({ matchedRules: [] });
  expect(check(['/usr/bin/git'], { resolveExecutables: true })).toEqual({
    matchedRules: [
      { prefixRuleMatch: { matchedPrefix: ['git'], decision: 'allow', resolvedProgram: '/usr/bin/git' } },
    ],
    decision: 'allow',
  });
  expect(check(['/tmp/git'], { resolveExecutables: true })).toEqual({ matchedRules: [] });
});
