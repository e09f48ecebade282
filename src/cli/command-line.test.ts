import { expect, test } from 'vitest';
import { stethos } from '../../fixtures/run.ts';
import { answerWithoutCommand, helpPages, newParser } from './command-line.ts';
import { UsageError } from './usage-error.ts';

const pages = await helpPages();

test('the overview names every command', () => {
  for (const name of ['doctor', 'exec', 'login', 'logout', 'execpolicy check', 'apply-patch'])
    expect(pages['']).toContain(`  stethos ${name}`);
});

test.each(['', 'exec fork', 'login', 'execpolicy check'])(
  'the stored help of "%s" is what the program prints',
  async (words) => {
    // Asked for twice, it is not taken from what the build stored.
    const { exitCode, stdout, stderr } = await stethos([
      ...words.split(' ').filter(Boolean),
      '--help',
      '--help',
    ]);
    expect({ exitCode, stderr, stdout }).toEqual({ exitCode: 0, stderr: '', stdout: pages[words] });
  },
);

test.each(Object.entries(pages))('no line of "%s" is too wide for a page', (_words, text) => {
  expect(text.split('\n').filter((line) => line.length > 100)).toEqual([]);
});

const hintOf = (argv: readonly string[]): string | undefined => {
  try {
    answerWithoutCommand(argv);
  } catch (error) {
    if (error instanceof UsageError) return `${error.message} ${error.hint ?? ''}`;
    throw error;
  }
  return undefined;
};

test.each([
  [['docotr'], 'There is no command docotr. Did you mean stethos doctor?'],
  [['logn'], 'There is no command logn. Did you mean stethos login?'],
  [['xyzzy'], 'There is no command xyzzy. '],
  [['constructor'], 'There is no command constructor. '],
  [['--json', 'exec', 'go'], 'Options stand behind the command: stethos exec … '],
  [[], 'No command was given. The usual one is: stethos doctor '],
])('%j', (argv, words) => expect(hintOf(argv)).toBe(words));

function hintFor(options: Readonly<Record<string, unknown>>): string | undefined {
  try {
    newParser(['--jsno'], 'stethos test', options).parseSync();
  } catch (error) {
    if (error instanceof UsageError) return error.hint;
    throw error;
  }
  throw new Error('--jsno was taken');
}

test('a mistyped option is told of the options of its command alone', () => {
  expect(hintFor({ json: {} })).toBe('Did you mean --json?');
  expect(hintFor({ home: {} })).toBeUndefined();
});

test.each([
  ['wran', '--level wran is not one of warn, fail.', 'Did you mean warn?'],
  ['"x", Choices: "y', '--level "x", Choices: "y is not one of warn, fail.', undefined],
  ['nothing like it', '--level nothing like it is not one of warn, fail.', undefined],
])('a value that is no choice: %s', (value, message, hint) => {
  const options = { level: { choices: ['warn', 'fail'] } };
  let thrown: unknown;
  try {
    newParser([`--level=${value}`], 'stethos test', options)
      .options(options)
      .parseSync();
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toMatchObject({ name: 'UsageError', message, hint });
});
