import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mergeTags } from './tags.ts';

const RESERVED = {
  thread_id: 't',
  classification: 'bug',
  cli_version: '1',
  session_source: 'cli',
  reason: 'r',
};
const NONE = { reserved: {}, client: {}, doctor: {}, snapshot: {} };
const word = fc.stringMatching(/^[a-z]{1,4}$/);
const tags = fc.dictionary(word, fc.stringMatching(/^[a-z0-9]{1,8}$/), { noNullPrototype: true });

test('reserved beats client, client beats doctor, doctor beats snapshot; nothing else is in it', () => {
  fc.assert(
    fc.property(tags, tags, tags, tags, (reserved, client, doctor, snapshot) => {
      const merged = mergeTags({ reserved, client, doctor, snapshot });
      expect(merged).toEqual({ ...snapshot, ...doctor, ...client, ...reserved });
    }),
  );
});

test.each(['client', 'doctor', 'snapshot'] as const)(
  'nobody but us says a reserved tag: not the %s',
  (source) => {
    const spoofed = {
      thread_id: 'x',
      classification: 'x',
      cli_version: 'x',
      session_source: 'x',
      reason: 'x',
    };
    expect(mergeTags({ ...NONE, reserved: RESERVED, [source]: spoofed })).toEqual(RESERVED);
    // Not even one that is not set.
    expect(mergeTags({ ...NONE, [source]: spoofed })).toEqual({});
  },
);

test('whatever is given, tags are named and short lines', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.string({ maxLength: 500, unit: 'binary' })), (client) => {
      for (const [name, value] of Object.entries(mergeTags({ ...NONE, client }))) {
        expect(name).toMatch(/^[\w.:-]{1,200}$/);
        expect(value).toMatch(/^.{1,200}$/u);
        expect(value.isWellFormed() || !client[name]?.isWellFormed()).toBe(true);
      }
    }),
  );
});

test('an empty value is not known, and hides what weaker sources say', () => {
  expect(mergeTags({ ...NONE, client: { a: ' ' }, snapshot: { a: 'old', b: '' } })).toEqual({});
});

test('a long value ends in dots', () => {
  const { a = '' } = mergeTags({ ...NONE, client: { a: 'x'.repeat(300) } });
  expect(a).toBe(`${'x'.repeat(197)}...`);
});
