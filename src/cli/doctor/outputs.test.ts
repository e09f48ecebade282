import { expect, test } from 'vitest';
import { FORMATS } from '../../../reporters/formats.ts';
import { doctorOptions } from './options.ts';
import { chooseOutputs } from './outputs.ts';

const chosen = (...words: string[]) =>
  chooseOutputs({ words, formats: FORMATS, cwd: '/work' }).map(({ name, file }) => ({ name, file }));

test.each([
  [[], [{ name: 'human' }]],
  [['json'], [{ name: 'json' }]],
  [['json=-'], [{ name: 'json' }]],
  [['json=doctor.json'], [{ name: 'human' }, { name: 'json', file: '/work/doctor.json' }]],
  [
    ['summary', 'json=a.json', 'json=/tmp/b.json'],
    [{ name: 'summary' }, { name: 'json', file: '/work/a.json' }, { name: 'json', file: '/tmp/b.json' }],
  ],
  [['json=a=b.json'], [{ name: 'human' }, { name: 'json', file: '/work/a=b.json' }]],
])('--format %j', (words, outputs) => expect(chosen(...words)).toEqual(outputs));

test.each([
  [['jsno'], 'no format jsno', 'Did you mean json?'],
  [['toString'], 'no format toString', 'There are human'],
  [[''], 'no format ', 'There are human'],
  [['json='], 'names no file', 'json=doctor.json'],
  [['json', 'summary'], 'json and summary would both be written to standard output', 'summary=FILE'],
  [['json=a', 'summary=./a'], 'json and summary would both be written to /work/a', 'summary=FILE'],
])('--format %j is a wrong command line', (words, message, hint) => {
  expect(() => chosen(...words)).toThrow(
    expect.objectContaining({
      message: expect.stringContaining(message),
      hint: expect.stringContaining(hint),
    }),
  );
});

test('the help names every format', () => {
  expect(doctorOptions.format.describe).toContain(`Names: ${Object.keys(FORMATS).join(', ')}, and`);
});
