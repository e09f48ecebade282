import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FAULTY_SETTINGS, SOUND_SETTINGS } from '../../fixtures/settings-texts.ts';
import { readSettingsText } from './file-text.ts';
import { faultText } from './words.ts';

const read = (text: string): ReturnType<typeof readSettingsText> =>
  readSettingsText(text, { kind: 'project', shown: 'stethos.toml' });
const told = (text: string): readonly string[] => read(text).faults.map(faultText);

test.each(SOUND_SETTINGS)('%j can be followed', (text) => expect(told(text)).toEqual([]));

test.each(FAULTY_SETTINGS)('%j', (text, words) => expect(told(text)).toEqual([words]));

test('every value knows its line', () => {
  const text = `[doctor]
fail_on = "warn"

only = [
  "state.*",
]
[[waiver]]
check = "a.b"
reason = "x"
expires = 2026-12-31
[[check]]
id = "acme.vpn"
[[waiver]]
check = "a.c"
class = "exit"
reason = "y"
expires = "2027-01-01"
`;
  const { values, waivers, checks } = read(text);
  expect(Object.fromEntries(values)).toEqual({
    'doctor.fail_on': { value: 'warn', source: { kind: 'project', where: 'stethos.toml, line 2' } },
    'doctor.only': { value: ['state.*'], source: { kind: 'project', where: 'stethos.toml, line 4' } },
  });
  expect(waivers).toEqual([
    { check: 'a.b', reason: 'x', expires: '2026-12-31', source: 'stethos.toml, line 7' },
    {
      check: 'a.c',
      failureClass: 'exit',
      reason: 'y',
      expires: '2027-01-01',
      source: 'stethos.toml, line 13',
    },
  ]);
  expect(checks).toEqual([
    { table: { id: 'acme.vpn' }, source: { kind: 'project', where: 'stethos.toml, line 11' } },
  ]);
});

test('all faults are told, in the order of the file, and nothing of such a file is followed', () => {
  const { faults, values, waivers } = read(
    '[doctor]\nfail_on = "wran"\ntimeout = \n[[waiver]]\ncheck = "a.b"\nreason = "x"\nexpires = 2026-12-31\n[histroy]\n',
  );
  expect(faults.map(({ line, column }) => [line, column])).toEqual([
    [2, 1],
    [3, 11],
    [8, 2],
  ]);
  expect([values.size, waivers]).toEqual([0, []]);
});

test('a file of nothing but faults is told of in part, and how many follow', () => {
  const { faults } = read(Array.from({ length: 20_000 }, (_, index) => `k${index} = 1\n`).join(''));
  expect(faults).toHaveLength(101);
  expect(faults.at(-1)?.problem).toBe('19900 more faults follow');
});

test('names that objects know by themselves are keys like any other', () => {
  for (const name of ['__proto__', 'constructor', 'toString']) {
    expect(told(`${name} = 1\n`)).toHaveLength(1);
    expect(told(`[doctor]\n${name} = 1\n`)).toHaveLength(1);
    expect(told(`[[waiver]]\n${name} = 1\n`).length).toBeGreaterThan(1);
  }
});

const word = fc.constantFrom(
  'doctor',
  'waiver',
  'check',
  'expires',
  'fail_on',
  '=',
  '[',
  ']',
  '[[',
  ']]',
  '"',
  '\n',
  '.',
  '2026-12-31',
  '{',
  '}',
  ',',
  '1',
  'true',
  '#',
  '\u001b',
  '__proto__',
);

test('whatever a text is, there is an answer, and never a value beside a fault', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.array(word, { maxLength: 30 }).map((words) => words.join('')),
      ),
      (text) => {
        const { faults, values, waivers, checks } = read(text);
        for (const fault of faults) expect(fault.line ?? 1).toBeGreaterThan(0);
        expect(faults.length > 0 && values.size + waivers.length + checks.length > 0).toBe(false);
      },
    ),
  );
});
