import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { temporaryHome } from '../../../../fixtures/home.ts';
import { files } from '../../../host/files.ts';
import { isOverBroad } from './amendment.ts';
import { loadRules } from './load.ts';
import { evaluate, NO_RULES } from './rule-set.ts';
import { createRuleStore } from './store.ts';
import type { RuleStore } from './store.ts';

const LINE = 'prefix_rule(pattern=["make", "test"], decision="allow")';
const decisionOf = (store: RuleStore, ...argv: string[]): string | undefined =>
  evaluate(store.current(), argv, { resolveExecutables: true }).strictest?.decision;
const textOf = (home: string): string => readFileSync(join(home, 'rules/default.rules'), 'utf8');

test('an amendment holds at once and in the next session, and is written once (row 39, trap 30)', async () => {
  const home = temporaryHome();
  const store = createRuleStore({ rules: NO_RULES, home });
  expect(decisionOf(store, 'make', 'test')).toBeUndefined();
  const writing = store.amend({ prefix: ['make', 'test'] });
  expect(decisionOf(store, 'make', 'test', 'x')).toBe('allow');
  expect(await writing).toEqual({ kind: 'written' });
  expect(await store.amend({ prefix: ['make', 'test'] })).toEqual({ kind: 'present' });
  expect(textOf(home)).toBe(`${LINE}\n`);
  const next = createRuleStore({ rules: loadRules([home], files).rules, home });
  expect(decisionOf(next, 'make', 'test')).toBe('allow');
});

test('a last line without its end is repaired, whatever stands in the file stays', async () => {
  const home = temporaryHome({ 'rules/default.rules': '# mine\r\nprefix_rule(pattern=["a"])' });
  await createRuleStore({ rules: NO_RULES, home }).amend({ prefix: ['make', 'test'] });
  expect(textOf(home)).toBe(`# mine\r\nprefix_rule(pattern=["a"])\n${LINE}\n`);
});

test('any words come back as they were', async () => {
  const home = temporaryHome();
  const store = createRuleStore({ rules: NO_RULES, home });
  const prefix = ['a "b"', String.raw`\n`, 'line\nbreak', '😀\u2028', "it's"];
  expect(await store.amend({ prefix })).toEqual({ kind: 'written' });
  const { rules, faults } = loadRules([home], files);
  expect(faults).toEqual([]);
  expect(rules.prefixes).toEqual([{ pattern: prefix.map((word) => [word]), decision: 'allow' }]);
});

test('several processes amend one file at once: every line is there, none twice', async () => {
  const home = temporaryHome();
  const module = new URL('store.ts', import.meta.url).href;
  const program = `
    const { createRuleStore } = await import(${JSON.stringify(module)});
    const rules = { prefixes: [], networks: [], executables: new Map() };
    const store = createRuleStore({ rules, home: ${JSON.stringify(home)} });
    process.stdin.once('data', async () => {
      const words = Array.from({ length: 10 }, (_, index) => ['run', String(index)]);
      const results = await Promise.all(words.map((prefix) => store.amend({ prefix })));
      process.stdout.write(JSON.stringify(results.map(({ kind }) => kind)));
      process.stdin.destroy();
    });
    process.stdout.write('ready\\n');
  `;
  const children = Array.from({ length: 3 }, () =>
    spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: ['pipe', 'pipe', 'inherit'] }),
  );
  const outputs = children.map(() => '');
  for (const [index, child] of children.entries())
    child.stdout.on('data', (chunk: Buffer) => (outputs[index] += chunk.toString()));
  await Promise.all(children.map((child) => once(child.stdout, 'data')));
  const exits = children.map((child) => once(child, 'exit'));
  for (const child of children) child.stdin.write('go');
  await Promise.all(exits);
  const kinds = outputs.flatMap((output) => JSON.parse(output.replace('ready\n', '')) as string[]);
  expect(kinds.filter((kind) => kind === 'written')).toHaveLength(10);
  expect(kinds.filter((kind) => kind === 'present')).toHaveLength(20);
  const lines = textOf(home).trimEnd().split('\n');
  expect(new Set(lines).size).toBe(10);
  expect(lines).toHaveLength(10);
});

test('a file that cannot be written leaves the rule in memory and says so', async () => {
  const home = temporaryHome();
  mkdirSync(join(home, 'rules/default.rules'), { recursive: true });
  const store = createRuleStore({ rules: NO_RULES, home });
  expect(await store.amend({ prefix: ['make'] })).toMatchObject({
    kind: 'not_written',
    message: expect.stringContaining('EISDIR'),
  });
  expect(decisionOf(store, 'make')).toBe('allow');
  expect(await store.amend({ prefix: [] })).toMatchObject({ kind: 'not_written' });
  expect(await store.amend({ prefix: ['\ud800'] })).toMatchObject({ kind: 'not_written' });
});

test('a process that never lets go is not waited for without end', async () => {
  const home = temporaryHome({ 'rules/x': '' });
  const holder = new Database(join(home, 'rules/.default.rules.lock'));
  holder.exec('BEGIN EXCLUSIVE');
  const store = createRuleStore({ rules: NO_RULES, home, lockTimeoutMs: 30 });
  expect(await store.amend({ prefix: ['make'] })).toMatchObject({
    kind: 'not_written',
    message: expect.stringContaining('locked'),
  });
  holder.close();
  expect(await store.amend({ prefix: ['make'] })).toEqual({ kind: 'written' });
});

test.each([
  ['', true],
  ['git', true],
  ['bash', true],
  ['/bin/bash -lc', true],
  ['zsh -c', true],
  ['python3', true],
  ['python3.12 -c', true],
  ['python3 -', true],
  ['node -e', true],
  ['node --eval', true],
  ['sudo', true],
  ['env', true],
  ['perl -e', true],
  ['xargs', true],
  ['git push', false],
  ['python3 build.py', false],
  ['npm test', false],
  ['make', false],
  ['sudo apt', true],
  ['busybox sh', true],
  ['systemd-run x', true],
  ['awk', true],
  ['env A=1 ls', true],
  ['git -c a=b', true],
])('too broad to be offered: %j: %s', (prefix, expected) =>
  expect(isOverBroad(prefix === '' ? [] : prefix.split(' '))).toBe(expected),
);

test('rules are read over the folders, by name; other files are passed over', () => {
  const home = temporaryHome({
    'low/rules/b.rules': 'prefix_rule(pattern=["2"])',
    'low/rules/a.rules': 'prefix_rule(pattern=["1"])',
    'low/rules/c.rules.bak': 'garbage(',
    'low/rules/d.rules/x': '',
    'high/rules/a.rules': 'host_executable(name="git", paths=["/x/git"])\nprefix_rule(pattern=["3"])',
  });
  const { rules, faults } = loadRules([join(home, 'low'), join(home, 'none'), join(home, 'high')], files);
  expect(faults).toEqual([]);
  expect(rules.prefixes.map(({ pattern }) => pattern[0]?.[0])).toEqual(['1', '2', '3']);
});

test('one fault, and no rule holds', () => {
  const home = temporaryHome({
    'rules/a.rules': 'prefix_rule(pattern=["1"])',
    'rules/b.rules': 'prefix_rule(\n  pattern=[1])',
  });
  writeFileSync(join(home, 'rules/c.rules'), Buffer.from([0xff, 0xfe]));
  expect(loadRules([home], files)).toEqual({
    rules: NO_RULES,
    faults: [
      { path: join(home, 'rules/b.rules'), line: 2, column: 12, message: expect.stringContaining('"1"') },
      { path: join(home, 'rules/c.rules'), message: 'the file is not UTF-8 text' },
    ],
  });
  const blocked = temporaryHome({ rules: '' });
  expect(loadRules([blocked], files).faults).toMatchObject([{ path: join(blocked, 'rules') }]);
});
