import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readScript } from '../commands/script.ts';
import type { CommandRequest } from '../guard.ts';
import type { ApprovalPolicy } from '../policy.ts';
import { parseRules } from '../rules/parse.ts';
import { NO_RULES } from '../rules/rule-set.ts';
import type { RuleSet } from '../rules/rule-set.ts';
import { decideCommand } from './command.ts';
import type { Verdict } from './verdict.ts';

const granular = (sandbox_approval: boolean, rules: boolean): ApprovalPolicy => ({
  granular: { sandbox_approval, rules, mcp_elicitations: true },
});
const ON = true;
const OFF = false;

function rulesOf(text: string): RuleSet {
  const parsed = parseRules(text);
  return parsed.kind === 'parsed' ? parsed.rules : NO_RULES;
}

interface Given {
  readonly policy?: ApprovalPolicy;
  readonly rules?: RuleSet;
  readonly escalate?: boolean;
  readonly prefixRule?: readonly string[];
  readonly argv?: readonly string[];
}

async function decide(script: string, given: Given = {}): Promise<Verdict> {
  const argv = given.argv ?? ['/bin/bash', '-lc', script];
  const request: Pick<CommandRequest, 'argv' | 'wantsEscalation' | 'justification' | 'prefixRule'> = {
    argv,
    wantsEscalation: given.escalate ?? false,
    ...(given.escalate === true && { justification: 'needs the network' }),
    ...(given.prefixRule && { prefixRule: given.prefixRule }),
  };
  const { policy = 'on-request', rules = NO_RULES } = given;
  return decideCommand({ request, script: await readScript(argv), policy, rules });
}

/** One letter per verdict: free, sandboxed, ask, refuse. */
async function letter(script: string, given: Given): Promise<string> {
  const verdict = await decide(script, given);
  if (verdict.kind === 'run') return verdict.withoutSandbox ? 'F' : 'S';
  return verdict.kind === 'ask' ? 'A' : 'R';
}

const POLICIES: readonly ApprovalPolicy[] = [
  'untrusted',
  'on-failure',
  'on-request',
  'never',
  granular(ON, ON),
  granular(OFF, ON),
  granular(ON, OFF),
];
const RULES = rulesOf(`
prefix_rule(["allowed"])
prefix_rule(["asked"], "prompt")
prefix_rule(["banned"], "forbidden")
`);

test.each([
  // untrusted, on-failure, on-request, never, granular (sandbox and rules, rules alone, sandbox alone)
  ['ls', 'SSSSSSS'],
  ['touch x', 'ASSSSSS'],
  ['ls > x', 'ASSSSSS'],
  ['ls *', 'ASSSSSS'],
  ['cat <<EOF\nx\nEOF', 'ASSSSSS'],
  ['rm -rf x', 'AAARARA'],
  ['ls && rm -rf x', 'AAARARA'],
  ['rm -rf "$x"', 'AAARARA'],
  ['sudo rm -rf x', 'AAARARA'],
  ['allowed x', 'FFFFFFF'],
  ['allowed x && allowed y | allowed z', 'FFFFFFF'],
  ['allowed x && ls', 'SSSSSSS'],
  ['allowed x && touch y', 'ASSSSSS'],
  ['allowed x > y', 'ASSSSSS'],
  ['A=1 allowed x', 'ASSSSSS'],
  ['allowed $(touch x)', 'ASSSSSS'],
  ["allowed <<'EOF'\nx\nEOF", 'FFFFFFF'],
  ['allowed && rm -rf x', 'AAARARA'],
  ['asked x', 'AAARAAR'],
  ['allowed && asked', 'AAARAAR'],
  ['asked x > y', 'AAARAAR'],
  ['echo $(asked)', 'AAARAAR'],
  ['banned', 'RRRRRRR'],
  ['allowed; asked; banned', 'RRRRRRR'],
  ['if true; then banned; fi', 'RRRRRRR'],
  ['B=1 banned > x', 'RRRRRRR'],
  ['banned\n(', 'RRRRRRR'],
  [`${'true;'.repeat(2_000)} banned`, 'AAARAAR'],
  ['/usr/bin/banned', 'RRRRRRR'],
  ['/tmp/banned', 'RRRRRRR'],
  ['/usr/bin/allowed', 'FFFFFFF'],
  ['/tmp/allowed', 'ASSSSSS'],
  ['./allowed', 'ASSSSSS'],
])('%j under each policy: %s', async (script, expected) => {
  const letters = await Promise.all(POLICIES.map((policy) => letter(script, { policy, rules: RULES })));
  expect(letters.join('')).toBe(expected);
});

test.each([
  ['touch x', 'RRARARA'],
  ['ls', 'RRARARA'],
  ['allowed', 'RRFRFRF'],
  ['asked', 'RRARARR'],
  ['banned', 'RRRRRRR'],
])('%j with a request to leave the sandbox, under each policy: %s', async (script, expected) => {
  const letters = await Promise.all(
    POLICIES.map((policy) => letter(script, { policy, rules: RULES, escalate: true })),
  );
  expect(letters.join('')).toBe(expected);
});

test('the question about a rule carries its justification (row 37)', async () => {
  const rules = rulesOf('prefix_rule(["git", "push"], "prompt", justification="pushes are public")');
  expect(await decide('git push origin', { rules })).toEqual({
    kind: 'ask',
    reason: 'A rule wants `git push` to be approved: pushes are public',
  });
  expect(await decide('git push', { rules, policy: 'never' })).toMatchObject({
    kind: 'refuse',
    message: expect.stringContaining('pushes are public'),
  });
  expect(await decide('git push', { rules, escalate: true })).toMatchObject({
    reason: expect.stringMatching(/pushes are public.*needs the network/),
  });
});

test('a forbidden command is refused with the justification of its rule (row 38)', async () => {
  const rules = rulesOf(
    'prefix_rule(["git"])\nprefix_rule(["git", "push"], "forbidden", justification="ask Anna")',
  );
  expect(await decide('git push', { rules })).toEqual({
    kind: 'refuse',
    message: 'A rule forbids `git push`: ask Anna',
  });
  expect(await decide('git log', { rules })).toEqual({ kind: 'run', withoutSandbox: true });
});

test('with only `ls` allowed, `ls && rm -rf x` asks about the whole command (row 40)', async () =>
  expect(await decide('ls && rm -rf x', { rules: rulesOf('prefix_rule(["ls"])') })).toEqual({
    kind: 'ask',
    reason: 'The command deletes without a question.',
    amendment: { prefix: ['rm', '-rf', 'x'] },
  }));

test.each<[string, Given, readonly string[] | undefined]>([
  ['make test', {}, ['make', 'test']],
  ['make test && touch x', {}, ['make', 'test']],
  ['allowed && touch x', { rules: RULES }, ['touch', 'x']],
  ['make test x', { prefixRule: ['make', 'test'] }, ['make', 'test']],
  ['make a && make b', { prefixRule: ['make'] }, ['make']],
  ['make a && touch b', { prefixRule: ['make'] }, ['make', 'a']],
  ['make test', { prefixRule: ['git'] }, ['make', 'test']],
  ['git push x', { prefixRule: ['git'] }, ['git', 'push', 'x']],
  ['python3 x.py', { prefixRule: ['python3'] }, ['python3', 'x.py']],
  ['bash -c ls', {}, ['bash', '-c', 'ls']],
  ['sudo make install', {}, undefined],
  ['python3', {}, undefined],
  ['ls *.ts', {}, undefined],
  ['ls > x', {}, ['/bin/bash', '-lc', 'ls > x']],
  [`echo $x ${'y'.repeat(600)}`, {}, undefined],
  ["tee x <<'EOF'\ny\nEOF", { prefixRule: ['tee'] }, undefined],
  ['', { argv: ['make', 'x'] }, ['make', 'x']],
])('the rule that is offered for %j, %j', async (script, given, prefix) => {
  const verdict = await decide(script, { policy: 'untrusted', ...given });
  expect(verdict).toEqual({ kind: 'ask', ...(prefix && { amendment: { prefix } }) });
});

test('without a rule that asks or forbids, a long command is like any other', async () =>
  expect(await letter('true;'.repeat(2_000), { rules: rulesOf('prefix_rule(["x"])') })).toBe('S'));

test('a rule that asks offers no rule', async () =>
  expect(await decide('asked x', { rules: RULES, prefixRule: ['asked'] })).not.toHaveProperty('amendment'));

test('`never` asks about nothing, and what a rule forbids never runs', async () => {
  const command = fc.constantFrom('allowed', 'asked', 'banned', 'ls', 'rm -rf x', 'touch y');
  const joint = fc.constantFrom(' && ', ' || ', '; ', ' | ');
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(command, joint), { minLength: 1, maxLength: 5 }),
      fc.constantFrom(...POLICIES),
      fc.boolean(),
      async (parts, policy, escalate) => {
        const script = parts.map(([each, join], index) => (index === 0 ? each : `${join}${each}`)).join('');
        const found = await letter(script, { policy, escalate, rules: RULES });
        const broken = {
          asksUnderNever: policy === 'never' && found === 'A',
          runsWhatIsBanned: script.includes('banned') && found !== 'R',
          runsFree: found === 'F' && parts.some(([each]) => each !== 'allowed'),
        };
        expect(Object.values(broken)).toEqual([false, false, false]);
      },
    ),
    { numRuns: 300 },
  );
});
