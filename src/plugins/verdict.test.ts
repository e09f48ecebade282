import fc from 'fast-check';
import { expect, test } from 'vitest';
import { conclude, fail, idle, skip } from '../doctor/check.ts';
import { readVerdict } from './verdict.ts';

const FINE = { kind: 'judged', summary: 'fine', details: {}, issues: [], notes: [] };
const ISSUE = fail({
  class: 'missing',
  cause: 'it is not there',
  measured: 'nothing',
  expected: 'a file',
  remedy: 'Make it.',
  fields: ['file'],
  command: 'touch file',
  failure: { code: 'ENOENT', phase: 'process' },
});

const throughJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

test.each([
  ['judged', conclude({ summary: 'fine', details: { a: 1, b: null, c: ['x'], d: false, e: '' } })],
  ['bad', conclude({ summary: '', issues: [ISSUE], causedBy: 'config.load' })],
  ['noted', conclude({ summary: 'fine', notes: [{ kind: 'update', text: '2.0 is there' }] })],
  ['idle', idle({ summary: 'nothing runs' })],
  ['skipped', skip({ because: '--no-exec', summary: 'not asked' })],
])('what our own functions make is a verdict: %s', (_, verdict) => {
  expect(readVerdict(throughJson(verdict))).toEqual(verdict);
});

const withIssue = (more: object): object => ({ ...FINE, issues: [{ ...ISSUE, ...more }] });
const nested = (more: object): object => withIssue({ failure: { ...ISSUE.failure, ...more } });

test.each<[string, unknown, RegExp]>([
  ['no object', 'ok', /expected object/],
  ['a status', { ...FINE, status: 'ok' }, /Unrecognized key: "status"/],
  ['another kind', { ...FINE, kind: 'ok' }, /^its judge gave no verdict: kind: Invalid option/],
  ['a kind of the runner', { ...FINE, kind: 'incomplete' }, /kind: Invalid option/],
  ['idle with issues', { ...withIssue({}), kind: 'idle' }, /neither idle nor skipped/],
  ['skipped without a reason', { ...FINE, kind: 'skipped' }, /says why/],
  ['a reason that nothing has', { ...FINE, skippedBecause: 'config.load' }, /says why/],
  ['no summary', { ...FINE, summary: '' }, /summary: Too small/],
  ['a long summary', { ...FINE, summary: 'x'.repeat(5_000) }, /summary: Too big/],
  ['an unknown class', nested({ class: 'gremlins' }), /issues\[0\]\.failure\.class: Invalid option/],
  ['an unknown phase', nested({ phase: 'later' }), /issues\[0\]\.failure\.phase: Invalid option/],
  ['an unknown severity', withIssue({ severity: 'fatal' }), /issues\[0\]\.severity: Invalid option/],
  ['docs of its own', withIssue({ docs: 'javascript:1' }), /Unrecognized key: "docs"/],
  ['a note that is a cause', { ...FINE, notes: [{ kind: 'cause', text: 'x' }] }, /notes\[0\]\.kind/],
  ['nested details', { ...FINE, details: { deep: { deeper: true } } }, /details: a detail is/],
  ['a list of numbers', { ...FINE, details: { list: [1] } }, /details: a detail is/],
  ['a list for details', { ...FINE, details: [] }, /details: a detail is/],
  ['a prototype', { ...FINE, details: JSON.parse('{"__proto__":"x"}') as unknown }, /details: a detail is/],
  [
    'many details',
    { ...FINE, details: Object.fromEntries(Array.from({ length: 201 }, (_, index) => [`d${index}`, 1])) },
    /details: a detail is/,
  ],
  ['a cause that is no id', { ...FINE, causedBy: '\u001B[2J' }, /causedBy: no id/],
])('no verdict: %s', (_, value, words) => {
  expect(() => readVerdict(value)).toThrow(words);
});

test('whatever comes is a verdict or a TypeError, and a verdict is plain data', () => {
  const almost = fc.record(
    {
      kind: fc.constantFrom('judged', 'idle', 'skipped', 'incomplete'),
      summary: fc.string({ unit: 'binary' }),
      details: fc.dictionary(fc.string(), fc.jsonValue()),
      issues: fc.array(fc.oneof(fc.constant(throughJson(ISSUE)), fc.jsonValue()), { maxLength: 3 }),
      notes: fc.constant([]),
      skippedBecause: fc.string(),
    },
    { requiredKeys: ['kind', 'summary', 'details', 'issues', 'notes'] },
  );
  fc.assert(
    fc.property(fc.oneof(almost, fc.jsonValue()), (value) => {
      expect([{ verdict: value }, { isRefused: true }]).toContainEqual(outcomeOf(value));
    }),
  );
});

/** Anything else that is thrown comes through. */
function outcomeOf(value: unknown): object {
  try {
    return { verdict: throughJson(readVerdict(value)) };
  } catch (error) {
    if (error instanceof TypeError && error.message.startsWith('its judge gave no verdict: '))
      return { isRefused: true };
    throw error;
  }
}
