import { expect, test } from 'vitest';
import type { FeedbackArguments } from './options.ts';
import { bundlePath, kindsWanted, refuseContradictions, tagsOf, wishOf } from './read-arguments.ts';

const args = (given: Partial<FeedbackArguments>): FeedbackArguments => ({
  classification: undefined,
  message: undefined,
  tag: [],
  target: 'auto',
  home: undefined,
  thread: undefined,
  'include-logs': false,
  include: [],
  exclude: [],
  attach: [],
  trace: undefined,
  dsn: undefined,
  out: undefined,
  unredacted: false,
  yes: false,
  'allow-findings': false,
  retry: false,
  preview: false,
  show: undefined,
  format: 'text',
  ...given,
});

test.each<[Partial<FeedbackArguments>, string]>([
  [{ out: 'a.zip', dsn: 'http://k@h/1' }, 'keeps everything on this machine'],
  [{ unredacted: true }, 'never sent'],
  [{ show: 'logs', preview: true }, 'nothing else'],
  [{ show: 'logs', format: 'json' }, 'nothing else'],
  [{ preview: true, yes: true }, 'stop before'],
  [{ show: 'logs', out: 'a.zip' }, 'stop before'],
  [{ retry: true, message: 'x' }, 'nothing new'],
  [{ retry: true, attach: ['x'] }, 'nothing new'],
  [{ retry: true, preview: true }, 'nothing new'],
  [{ retry: true, 'include-logs': true }, 'nothing new'],
])('%j contradicts itself', (given, words) => expect(() => refuseContradictions(args(given))).toThrow(words));

test('tags are names and values', () => {
  expect(tagsOf(args({ tag: ['a=1', 'b=x=y', 'c='] }))).toEqual({ a: '1', b: 'x=y', c: '' });
  for (const tag of ['a', '=1', 'a b=1']) expect(() => tagsOf(args({ tag: [tag] }))).toThrow('name=value');
});

const ALL = ['logs', 'thread-index', 'doctor', 'connectivity', 'rollouts'];

test.each<[Partial<FeedbackArguments>, boolean, string[]]>([
  [{}, false, []],
  [{}, true, ALL],
  [{ include: ['logs'] }, false, ['logs']],
  [{ include: ['logs'] }, true, ['logs']],
  [{ include: ['a name'] }, false, ALL],
  [{ exclude: ['doctor', 'rollouts'] }, true, ['logs', 'thread-index', 'connectivity']],
  [{ attach: ['f'] }, false, ['files']],
  [{ attach: ['f'], exclude: ['files'] }, false, []],
  [{ trace: 't' }, true, [...ALL, 'trace']],
])('%j with logs %j gathers %j', (given, attachesLogs, kinds) =>
  expect([...kindsWanted(args(given), attachesLogs)].toSorted()).toEqual(kinds.toSorted()),
);

test('of what was gathered, names and numbers choose; files that were named are always meant', () => {
  expect(wishOf(args({ include: ['logs'], exclude: ['doctor', '3'] }))).toEqual({
    include: [],
    exclude: ['3'],
  });
  expect(wishOf(args({ include: ['logs', '2'], attach: ['f'] }))).toEqual({
    include: ['logs', '2', 'files'],
    exclude: [],
  });
});

test.each([
  ['a.zip', false, 'a.zip'],
  ['a.zip', true, 'a.unredacted.zip'],
  ['a', true, 'a.unredacted.zip'],
  ['a.unredacted.zip', true, 'a.unredacted.zip'],
])('%s, unredacted %j, is written to %s', (path, unredacted, expected) =>
  expect(bundlePath(path, { unredacted })).toBe(expected),
);
