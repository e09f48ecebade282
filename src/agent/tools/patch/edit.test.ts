import { applyPatch, structuredPatch } from 'diff';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { editText } from './edit.ts';
import { parsePatch } from './parse.ts';

/** What becomes of a text under the lines of an update. */
function edit(text: string, ...lines: string[]): string | readonly string[] {
  const parsed = parsePatch(['*** Begin Patch', '*** Update File: f', ...lines, '*** End Patch'].join('\n'));
  const hunk = parsed.kind === 'parsed' ? parsed.hunks[0] : undefined;
  if (hunk?.kind !== 'update') throw new Error('the test wrote no update');
  const edited = editText(text, hunk.chunks);
  if (edited.kind === 'edited') return edited.text;
  return edited.kind === 'no_context' ? [`context: ${edited.context}`] : edited.lines;
}

describe('where a chunk applies', () => {
  test.each([
    ['exactly', 'a\nb\nc\n', ['-b', '+B'], 'a\nB\nc\n'],
    ['at the first place of several', 'x\ny\nx\n', ['-x', '+X'], 'X\ny\nx\n'],
    ['behind the context', 'x\nf\nx\n', ['@@ f', '-x', '+X'], 'x\nf\nX\n'],
    ['behind the chunk before it', 'x\nx\n', ['-x', '+1', '@@', '-x', '+2'], '1\n2\n'],
    ['but for trailing blanks', 'a  \nb\n', [' a', '-b', '+B'], 'a  \nB\n'],
    ['but for surrounding blanks', '\t a\nb\n', [' a', '-b', '+B'], '\t a\nB\n'],
    [
      'but for typography',
      'say “no” – never\nb\n',
      ['@@ say "no" - never', '-b', '+B'],
      'say “no” – never\nB\n',
    ],
    ['exactly before a lenient place', ' b\nb\n', ['-b', '+B'], ' b\nB\n'],
    ['at the end of the file', 'a\nb\na\nb\n', [' a', '-b', '+B', '*** End of File'], 'a\nb\na\nB\n'],
    ['without an empty line that is no line', 'a\nb\n', [' a', '-b', '+B', ''], 'a\nB\n'],
    [
      'without an empty line that is none, which comes with what follows it',
      'a\n',
      [' a', '', '+b'],
      'a\n\nb\n',
    ],
    ['without an empty line that is none and is to go', 'a\n', ['-a', '-', '+b'], 'b\n'],
    ['insertions go to the end, whatever the context', 'f\nz\n', ['@@ f', '+x'], 'f\nz\nx\n'],
    ['insertions keep their order', 'a\n', ['+1', '@@', '+2'], 'a\n1\n2\n'],
    ['an insertion does not move the place of the next chunk', 'a\nb\n', ['+1', '@@', '-a'], 'b\n1\n'],
    ['an empty file', '', ['+x'], 'x\n'],
    ['nothing is left', 'a\n', ['-a'], ''],
    ['empty lines at the end stay', 'a\n\n\n', ['+x'], 'a\n\n\nx\n'],
    ['the last line gets an end', 'a\nb', ['-a', '+A'], 'A\nb\n'],
  ])('%s', (_case, text, lines, expected) => {
    expect(edit(text, ...lines)).toBe(expected);
  });

  test.each([
    ['a context that is not there', 'a\n', ['@@ f', '-a'], ['context: f']],
    ['lines that are not there', 'a\nb\n', [' a', '-x', '+y'], ['a', 'x']],
    ['lines before the chunk before', 'a\nb\n', ['-b', '@@', '-a'], ['a']],
    ['lines that are not the last ones', 'a\nb\n', ['-a', '*** End of File'], ['a']],
    ['lines before the context, at the end', 'a\nf\n', ['@@ f', '-f', '*** End of File'], ['f']],
    ['an empty line that is not there', 'a\n', [' ', '+x'], ['']],
  ])('nowhere: %s', (_case, text, lines, expected) => {
    expect(edit(text, ...lines)).toEqual(expected);
  });
});

describe('what stays as it is', () => {
  test.each([
    [
      'line ends of Windows, also of new lines',
      'a\r\nb\r\nc',
      [' a', '-b', '+B', '+x'],
      'a\r\nB\r\nx\r\nc\r\n',
    ],
    ['mixed line ends; the first decides for new ones', 'a\r\nb\nc\n', ['-b', '+B'], 'a\r\nB\r\nc\n'],
    ['the byte order mark', '\uFEFFa\nb\n', ['-a', '+A'], '\uFEFFA\nb\n'],
    ['lone returns and other separators', 'a\rb\u2028c\nd\n', ['-d', '+D'], 'a\rb\u2028c\nD\n'],
    ['kept lines that the patch spells otherwise', ' a\t\nb\n', [' a', '-b', '+b'], ' a\t\nb\n'],
  ])('%s', (_case, text, lines, expected) => {
    expect(edit(text, ...lines)).toBe(expected);
  });
});

const unix = (texts: readonly string[]): string => texts.map((text) => `${text}\n`).join('');

test('whatever the edits of a text, a patch of their difference gives the edited text', () => {
  const line = fc.stringMatching(/^[ab{}*+\-@ ]{0,4}$/);
  const lines = fc.array(line, { maxLength: 30 });
  const ending = fc.constantFrom('\n', '\r\n');
  fc.assert(
    fc.property(lines, lines, fc.array(fc.nat(), { maxLength: 4 }), ending, (before, inserted, cuts, end) => {
      // Edits near each other and far apart: pieces of the old text around pieces of the new.
      const after = [...before];
      cuts.forEach((cut, index) =>
        after.splice(cut % (after.length + 1), index, ...inserted.slice(index * 2, index * 3)),
      );
      const oldText = before.map((text) => text + end).join('');
      const newText = after.map((text) => text + end).join('');
      fc.pre(oldText !== newText && before.length > 0);
      const { hunks } = structuredPatch('f', 'f', unix(before), unix(after), '', '', {
        context: 30,
      });
      const body = hunks.flatMap((hunk) => ['@@', ...hunk.lines.filter((text) => !text.startsWith('\\'))]);
      expect(edit(oldText, ...body)).toBe(newText);
    }),
  );
  // The library that wrote the difference reads it the same way.
  expect(applyPatch('a\n', '@@ -1 +1 @@\n-a\n+b\n')).toBe(edit('a\n', '-a', '+b'));
});
