import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createHiding } from './hide.ts';

const SECRET = 'k3y+/wörd&x';

describe('what somebody repeats is hidden', () => {
  test.each<[string, string, string, string]>([
    ['as it is', SECRET, `cannot use ${SECRET}!`, 'cannot use <hidden>!'],
    ['in capitals', 'abcdef1', 'ABCDEF1', '<hidden>'],
    ['without the white space around it', ' abcdef1\n', 'abcdef1', '<hidden>'],
    ['in an address', SECRET, `?key=${encodeURIComponent(SECRET)}&v=1`, '?key=<hidden>&v=1'],
    ['in JSON', 'say "abc"', JSON.stringify({ key: 'say "abc"' }), '{"key":"<hidden>"}'],
    ['on a page', SECRET, 'k3y+/wörd&amp;x', '<hidden>'],
    ['in base64', 'abcdefghi', Buffer.from('abcdefghi').toString('base64'), '<hidden>'],
    ['byte for byte, as servers read headers', SECRET, 'k3y+/wÃ¶rd&x', '<hidden>'],
    ['of bytes that somebody puts together', 'k3y+/wÃ¶rd&x', SECRET, '<hidden>'],
    ['with escape sequences inside', 'abcdef1', 'abc\u001b[1mdef1', '<hidden>'],
    ['with escape sequences written out', 'abcdef1', String.raw`abc\u001b[1mdef1`, '<hidden>'],
    ['behind the scheme of a header', 'Bearer abcdef1', 'Bearer: abcdef1', 'Bearer: <hidden>'],
    ['behind a name', '--token=abcdef1', 'token abcdef1', 'token <hidden>'],
    ['in a header that is an argument', 'Authorization: Token abcdef1', 'abcdef1', '<hidden>'],
    ['behind a word that is no scheme', 'two abcdef1', 'two abcdef1, abcdef1', '<hidden>, <hidden>'],
    ['of a pair', `Basic ${btoa('harald:abcdef1')}`, 'harald, abcdef1', '<hidden>, <hidden>'],
    [
      'of an address',
      'https://harald:abcde%2Bf@h/?a=secret1',
      'harald abcde+f secret1',
      '<hidden> <hidden> <hidden>',
    ],
    ['a line of several', 'abcdef1\nghijkl2', 'ghijkl2', '<hidden>'],
    ['without its padding', 'abcdef1==', 'abcdef1', '<hidden>'],
    ['cut at the end', 'abcdefghijk', 'wrong token abcdefg', 'wrong token <hidden>'],
    ['cut at the beginning', 'abcdefghijk', 'ghijk is no token', 'ghijk is no token'],
    ['cut at the beginning, and long enough', 'abcdefghijk', 'fghijk is no token', '<hidden> is no token'],
  ])('%s', (_name, secret, text, expected) => {
    expect(createHiding([secret])(text)).toBe(expected);
  });
});

test.each<[string, string, string]>([
  ['a short value is a word like any other', 'abcde', 'abcde'],
  ['the name of a scheme', 'Bearer abcdef1', 'WWW-Authenticate: Bearer'],
  ['the name of a flag', '--api-key=abcdef1', 'missing --api-key'],
  ['the beginning of an address', 'https://host.example/abcdef1', 'see https://host.example'],
  ['nothing', '', 'anything'],
])('stays: %s', (_name, secret, text) => {
  expect(createHiding([secret])(text)).toBe(text);
});

test('overlapping secrets are hidden together, and so is the longest of several', () => {
  expect(createHiding(['abcdef1', 'def1xyz'])('- abcdef1xyz -')).toBe('- <hidden> -');
  expect(createHiding(['abcdef', 'abcdefghi'])('abcdefghi')).toBe('<hidden>');
});

const secret = fc.stringMatching(/^[A-Za-z0-9+/_.-]{8,40}$/);
const around = fc.string({ unit: 'grapheme' });

test('no text shows a secret, whatever stands around it', () => {
  fc.assert(
    fc.property(secret, around, around, (planted, before, after) => {
      const hide = createHiding([planted]);
      const forms = [
        planted,
        encodeURIComponent(planted),
        Buffer.from(`${before}${planted}`).toString('base64'),
      ];
      for (const form of forms) expect(hide(`${before} ${form} ${after}`)).not.toContain(form);
    }),
  );
});

test('what holds no secret stays as it is', () => {
  fc.assert(
    fc.property(secret, fc.string({ unit: 'grapheme-ascii', maxLength: 5 }), (planted, text) => {
      expect(createHiding([planted])(text)).toBe(text);
    }),
  );
});
