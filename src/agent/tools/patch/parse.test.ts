import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parsePartialPatch, parsePatch } from './parse.ts';

const patch = (...lines: string[]): string => ['*** Begin Patch', ...lines, '*** End Patch'].join('\n');

const ADD = { kind: 'add', path: 'a.txt', text: 'one\n' };

describe('what is a patch', () => {
  test('adds, deletes, updates and moves', () => {
    const text = patch(
      '*** Add File: a.txt',
      '+one',
      '*** Delete File: b.txt',
      '*** Update File: c.txt',
      '*** Move to: d/e.txt',
      '@@ function f() {',
      ' kept',
      '-gone',
      '+come',
      '',
      '@@',
      '+last',
      '*** End of File',
    );
    expect(parsePatch(text)).toEqual({
      kind: 'parsed',
      hunks: [
        ADD,
        { kind: 'delete', path: 'b.txt' },
        {
          kind: 'update',
          path: 'c.txt',
          movedTo: 'd/e.txt',
          chunks: [
            {
              context: 'function f() {',
              lines: [
                { kind: 'keep', text: 'kept' },
                { kind: 'remove', text: 'gone' },
                { kind: 'add', text: 'come' },
                { kind: 'keep', text: '' },
              ],
              atEnd: false,
            },
            { lines: [{ kind: 'add', text: 'last' }], atEnd: true },
          ],
        },
      ],
    });
  });

  test.each([
    ['blanks around the markers', '\n  *** Begin Patch \n *** Add File: a.txt  \n+one\n\t*** End Patch\n\n'],
    ['line ends of Windows', '*** Begin Patch\r\n*** Add File: a.txt\r\n+one\r\n*** End Patch\r\n'],
    ['row 25: a quoted here-document', `<<'EOF'\n${patch('*** Add File: a.txt', '+one')}\nEOF\n`],
    ['a here-document in double quotes', `<<"EOF"\n${patch('*** Add File: a.txt', '+one')}\nEOF`],
    ['a bare here-document', `<<EOF\n${patch('*** Add File: a.txt', '+one')}\nEOF`],
    ['the name of an environment', patch('*** Environment ID: local', '*** Add File: a.txt', '+one')],
  ])('%s', (_case, text) => {
    expect(parsePatch(text)).toEqual({ kind: 'parsed', hunks: [ADD] });
  });

  test('the first chunk of an update needs no marker, and an added file may be empty', () => {
    expect(parsePatch(patch('*** Update File: a', '-x', '*** Add File: b'))).toEqual({
      kind: 'parsed',
      hunks: [
        { kind: 'update', path: 'a', chunks: [{ lines: [{ kind: 'remove', text: 'x' }], atEnd: false }] },
        { kind: 'add', path: 'b', text: '' },
      ],
    });
  });
});

describe('what is none', () => {
  test.each([
    ['no first marker', '*** Add File: a\n+x\n*** End Patch', /first line/],
    ['no last marker', '*** Begin Patch\n*** Add File: a\n+x', /last line/],
    ['one marker alone', '*** Begin Patch', /last line/],
    ['nothing', '', /first line/],
    ['another here-document', `<<'END'\n${patch('*** Delete File: a')}\nEND`, /first line/],
    ['a here-document of two lines', '<<EOF\nEOF', /first line/],
    ['an unknown header', patch('*** Rename File: a'), /line 2: "\*\*\* Rename File: a" is no header/],
    ['a header without a path', patch('*** Add File: '), /line 2: .*no header/],
    ['an added line without a plus', patch('*** Add File: a', '+x', 'y'), /line 4: "y" is no header/],
    [
      'an empty update',
      patch('*** Delete File: b', '*** Update File: a'),
      /line 3: the update of "a" is empty/,
    ],
    ['an update that only moves', patch('*** Update File: a', '*** Move to: b'), /line 2: .*empty/],
    ['a chunk without lines', patch('*** Update File: a', '@@'), /line 4: this chunk .* no lines/],
    ['the end of a file alone', patch('*** Update File: a', '@@', '*** End of File'), /line 4: .*no lines/],
    ['a line without a sign', patch('*** Update File: a', '@@', 'xyz'), /line 4: "xyz" cannot stand/],
    ['a sign and then none', patch('*** Update File: a', '-x', 'xyz'), /line 4: "xyz" cannot stand/],
    ['a marker behind a marker', patch('*** Update File: a', '@@ f', '@@ g', '-x'), /line 4: "@@ g"/],
    [
      'a second chunk without one',
      patch('*** Update File: a', '-x', '*** End of File', '-y'),
      /line 5: .*"@@"/,
    ],
    ['an environment without a name', patch('*** Environment ID: ', '*** Delete File: a'), /line 2: .*empty/],
    ['two environments', patch('*** Environment ID: a', '*** Environment ID: b'), /line 3: .*no header/],
  ])('%s', (_case, text, message) => {
    expect(parsePatch(text)).toEqual({ kind: 'invalid', message: expect.stringMatching(message) as string });
  });
});

describe('a patch that still arrives', () => {
  const whole = patch(
    '*** Add File: a.txt',
    '+one',
    '*** Update File: b',
    '@@',
    '-x',
    '+y',
    '*** Delete File: c',
  );

  test('every beginning of a patch tells a beginning of its hunks', () => {
    const hunks = parsePatch(whole);
    for (let length = 0; length <= whole.length; length += 1) {
      const seen = parsePartialPatch(whole.slice(0, length));
      expect(seen.length).toBeLessThanOrEqual(3);
      seen.forEach((hunk, index) => {
        const expected = hunks.kind === 'parsed' ? hunks.hunks[index] : undefined;
        expect(hunk).toMatchObject({ kind: expected?.kind, path: expected?.path });
      });
    }
    expect({ kind: 'parsed', hunks: parsePartialPatch(`${whole}\n`) }).toEqual(hunks);
  });

  test('a line counts when it is whole, also inside of a here-document', () => {
    expect(parsePartialPatch("<<'EOF'\n*** Begin Patch\n*** Add File: a.txt\n+one\n+tw")).toEqual([ADD]);
    expect(parsePartialPatch('something else\nentirely\n')).toEqual([]);
  });
});

test('whatever stands between the markers, it is hunks or a sentence', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      '*** Add File: a',
      '*** Update File: b',
      '*** Move to: c',
      '*** Delete File: d',
      '@@',
      '@@ f',
    ),
    fc.constantFrom('*** End of File', '*** Environment ID: e', '+x', '-x', ' x', '', ' ', '***'),
    fc.string(),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const text = patch(...pieces);
      const parsed = parsePatch(text);
      const lines = parsed.kind === 'invalid' ? /line (\d+)/.exec(parsed.message)?.[1] : '1';
      expect(Number(lines)).toBeLessThanOrEqual(text.split(/\r?\n/).length);
      expect(parsePartialPatch(`${text}\n`)).toBeInstanceOf(Array);
    }),
  );
});
