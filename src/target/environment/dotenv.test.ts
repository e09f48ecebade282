import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseDotenv } from './dotenv.ts';

const parse = (text: string, shell: Record<string, string> = {}): unknown => {
  const { entries, rejectedLines } = parseDotenv(text, (name) => shell[name]);
  return { ...Object.fromEntries(entries.map(({ name, value }) => [name, value])), rejectedLines };
};

test.each([
  ['plain', 'A=1\nB=2\n', { A: '1', B: '2', rejectedLines: [] }],
  ['CRLF', 'A=1\r\nB="2"\r\n', { A: '1', B: '2', rejectedLines: [] }],
  ['no final line end', 'A=1', { A: '1', rejectedLines: [] }],
  ['export and comment', '# c\n\nexport A=1 # why\n', { A: '1', rejectedLines: [] }],
  ['a hash inside a value is not a comment', 'A=1#2\n', { A: '1#2', rejectedLines: [] }],
  ['empty', 'A=\nB=  # nothing\n', { A: '', B: '', rejectedLines: [] }],
  ['an unquoted space', 'A=a b\nB=2\n', { B: '2', rejectedLines: [1] }],
  ['trailing space', 'A=1  \n', { A: '1', rejectedLines: [] }],
  ['no assignment', 'BAD LINE\nA: 1\nA-B=1\nC=3\n', { C: '3', rejectedLines: [1, 2, 3] }],
  ['byte-order mark', '\u{feff}A=1\nB=2\n', { B: '2', rejectedLines: [1] }],
  ['double quotes', 'A="a b\\n\\"c\\""\n', { A: 'a b\n"c"', rejectedLines: [] }],
  ['single quotes', "A='a \\n $B'\n", { A: 'a \\n $B', rejectedLines: [] }],
  ['a quote over lines', 'A="1\n2"\nbad\n', { A: '1\n2', rejectedLines: [3] }],
  ['a quote that is never closed', 'A=1\nB="2\nC=3\n', { A: '1', rejectedLines: [2] }],
  ['substitution', 'A=1\nB="q${A}q"\nC=$A$D\n', { A: '1', B: 'q1q', C: '1', rejectedLines: [] }],
  ['an unknown escape', 'A=\\x\nB=2\n', { B: '2', rejectedLines: [1] }],
])('%s', (_name, text, expected) => expect(parse(text)).toEqual(expected));

test('the shell wins over the file when a variable is replaced', () =>
  expect(parse('A=file\nB=$A\n', { A: 'shell' })).toMatchObject({ A: 'file', B: 'shell' }));

test('any text is read without a throw, and names are always well formed', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      for (const { name } of parseDotenv(text, () => undefined).entries)
        expect(name).toMatch(/^[A-Za-z_][A-Za-z0-9_.]*$/);
    }),
  );
});

test('a value without quotes, escapes, spaces and variables is kept as it stands', () => {
  const plain = fc.stringMatching(/^[A-Za-z0-9_:/.@,#-]{0,40}$/).filter((value) => !value.startsWith('#'));
  fc.assert(
    fc.property(plain, (value) => {
      expect(parse(`A=${value}\n`)).toMatchObject({ A: value });
    }),
  );
});
