import fc from 'fast-check';
import { stringify } from 'smol-toml';
import { expect, test } from 'vitest';
import { readToml } from './read.ts';

test.each<[string, string, { line?: number; column?: number; keyPath?: string; message?: RegExp }]>([
  // Place and kind as codex 0.169 names them for the same text.
  ['a key alone', 'a = 1\nb\n', { line: 2, column: 2, message: /without `=`/ }],
  ['an open header', '[a\nb=1\n', { line: 1, column: 3, message: /header/ }],
  ['open text', 'a = "x\nb=1\n', { line: 1, column: 7, keyPath: 'a', message: /quote/ }],
  ['open single quotes', "a='x\n", { line: 1, keyPath: 'a', message: /quote/ }],
  ['an open list', 'a = [1,\nb = 2\n', { line: 1, keyPath: 'a', message: /list/ }],
  ['open long text', 'a = """x\nb=1\n', { line: 1, keyPath: 'a', message: /quote/ }],
  ['two values', 'a = 1 2\n', { line: 1, keyPath: 'a', message: /follows/ }],
  ['an unquoted word', 'model = gpt\n', { line: 1, column: 9, keyPath: 'model', message: /quotes/ }],
  ['curly quotes', 'model = “gpt”\n', { line: 1, column: 9, keyPath: 'model', message: /straight/ }],
  ['an open inline table', 'a = {b=1\n', { keyPath: 'a', message: /inline table/ }],
  ['no key', '= 1\n', { line: 1, column: 1 }],
  ['no value', 'a = \n', { line: 1, column: 5, keyPath: 'a', message: /no value/ }],
  ['a comment for a value', 'a = # later\n', { line: 1, keyPath: 'a', message: /no value/ }],
  ['two equals signs', 'a == 1\n', { line: 1, column: 4, keyPath: 'a' }],
  ['a table twice', '[a]\n[a]\n', { line: 2, column: 2, keyPath: 'a', message: /second time/ }],
  ['a key twice', 'a=1\na=2\n', { line: 2, column: 1, keyPath: 'a', message: /second time/ }],
  ['a strange escape', 'a="\\q"\n', { line: 1, column: 5, keyPath: 'a', message: /backslash/ }],
  ['a leading zero', 'a=01\n', { line: 1, column: 3, keyPath: 'a', message: /begin with 0/ }],
  ['too deep', `a=${'['.repeat(3_000)}`, { line: 1, keyPath: 'a', message: /list/ }],
  ['in a table', '[tui]\nx = \n', { line: 2, keyPath: 'tui.x' }],
  ['Windows line ends', 'a = 1\r\nb = \r\n', { line: 2, keyPath: 'b', message: /no value/ }],
])('%s', (_name, text, { message = /./, ...place }) => {
  const { faults } = readToml(text);
  expect(faults).toHaveLength(1);
  expect(faults[0]).toMatchObject({ ...place, message: expect.stringMatching(message) });
});

test('several faults are all named, and what stands around them is read', () => {
  const { values, faults } = readToml(
    'a = \nmodel = "m"\nnotify = ["x",\n[tui]\nx = "y\nanimations = false\n[open\nlost = 1\n[history]\nmax_bytes = 5\n',
  );
  expect(faults.map(({ line }) => line)).toEqual([1, 3, 5, 7]);
  expect(values).toEqual({ model: 'm', tui: { animations: false }, history: { max_bytes: 5 } });
});

test('keys below a broken header do not land in the table above it', () =>
  expect(readToml('[a]\nx = 1\n[b\ny = 2\n').values).toEqual({ a: { x: 1 } }));

test('a fault repeats nothing of the line', () =>
  expect(JSON.stringify(readToml('key = sk-secret\n[t\n"sk-secret" "sk-secret"\n').faults)).not.toContain(
    'secret',
  ));

test.each([
  ['nested lists', 'a = [\n  [1, 2],\n  [3],\n]\nb = 1\n'],
  ['lists of words that look like headers', 'a = [\n[true],\n["b"]\n]\nb = 1\n'],
  ['long text with what looks like TOML', 'a = """\n[b]\nb = 2\n\\"""\n"""\nb = 1\n'],
  ['long literal text', "a = '''\nb = \"\n'''\nb = 1\n"],
  ['comments with quotes', '# it\'s "\na = 1 # "\n'],
  ['quoted keys', '"a.b" = 1\n[\'c d\'."e"]\n"=" = "#"\n'],
  ['inline tables over lines', 'a = {\n b = 1,\n c = [2],\n}\nd = 1\n'],
])('valid text has no fault: %s', (_name, text) => expect(readToml(text).faults).toEqual([]));

test('a key named __proto__ stays a key', () => {
  const { values } = readToml('[__proto__]\npolluted = 1\n[a.__proto__]\nx = 1\n');
  expect(Object.keys(values)).toEqual(['__proto__', 'a']);
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
});

const key = fc.oneof(fc.stringMatching(/^[a-z_]{1,8}$/), fc.string({ minLength: 1, maxLength: 6 }));
const table = fc.letrec<{ value: unknown; table: Record<string, unknown> }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.string(),
    fc.boolean(),
    fc.integer(),
    fc.array(fc.string(), { maxLength: 3 }),
    tie('table'),
  ),
  table: fc.dictionary(key, tie('value'), { maxKeys: 5 }),
})).table;

test('one broken line costs nothing else, wherever it stands', () =>
  fc.assert(
    fc.property(
      table,
      fc.constantFrom('stethos_open = "x', 'stethos_alone', 'stethos_empty ='),
      (values, broken) => {
        const { values: read, faults } = readToml(`${broken}\n${stringify(values)}`);
        expect(faults).toHaveLength(1);
        expect(faults[0]?.line).toBe(1);
        expect(read).toEqual(readToml(stringify(values)).values);
      },
    ),
  ));

test('no text makes it throw', () =>
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('[', ']', '{', '}', '"', "'", '=', '.', '\n', 'a', '#', '\\', ',') }),
      (text) => {
        const { faults } = readToml(text);
        expect(faults.every(({ line, column }) => line >= 1 && column >= 1)).toBe(true);
      },
    ),
  ));

test('four megabytes of faults end', () => {
  expect(readToml('a b\n'.repeat(1_000_000)).faults.length).toBeGreaterThan(0);
  expect(readToml(`a = [${'"x",'.repeat(1_000_000)}]`).faults).toEqual([]);
});
