import fc from 'fast-check';
import { expect, test } from 'vitest';
import { doctorParser } from './command-line.ts';
import { doctorOptions } from './doctor/options.ts';
import { parsePlainly } from './parse-plainly.ts';

const values = (argv: readonly string[]) => {
  const args: Record<string, unknown> = doctorParser(argv).parseSync();
  return Object.fromEntries(
    Object.keys(doctorOptions).flatMap((name) => (args[name] === undefined ? [] : [[name, args[name]]])),
  );
};

test.each([
  [['--jsno']],
  [['-json']],
  [['--help']],
  [['-h']],
  [['--version']],
  [['please']],
  [['--only']],
  [['--home']],
  [['--home', 'a', '--home', 'b']],
  [['--target', 'emacs']],
  [['--', 'word']],
])('%j is left to yargs', (argv) => {
  expect(parsePlainly(argv, doctorOptions)).toBeUndefined();
});

test('what is read plainly is what yargs reads', () => {
  const word = fc.stringMatching(/^[a-z][a-z0-9._=*,"/ ]{0,12}$/);
  const flag = fc
    .constantFrom(
      '--json',
      '--summary',
      '--all',
      '--ascii',
      '--offline',
      '--deep',
      '--list',
      '--no-exec',
      '--no-color',
      '--watch',
      '--history',
      '--trust-project',
    )
    .map((name) => [name]);
  const repeated = fc
    .tuple(fc.constantFrom('--only', '--skip', '-c', '--config', '--enable', '--format', '--plugin'), word)
    .map(([name, value]) => [name, value]);
  const joined = fc
    .tuple(fc.constantFrom('--only', '--config', '--skip'), word)
    .map(([name, value]) => [`${name}=${value}`]);
  const choice = fc.constantFrom(['--target', 'codex'], ['--fail-on=warn'], ['--fail-on', 'never']);
  fc.assert(
    fc.property(
      fc.array(fc.oneof(flag, repeated, joined)),
      fc.option(choice, { nil: [] }),
      (options, chosen) => {
        const argv = [...options.flat(), ...chosen];
        expect(parsePlainly(argv, doctorOptions)).toEqual(values(argv));
      },
    ),
  );
});
