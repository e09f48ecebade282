import { readdirSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { builtInChecks } from '../../../checks/index.ts';
import { temporaryHome } from '../../../fixtures/home.ts';
import { stethos } from '../../../fixtures/run.ts';
import { COMMANDS } from '../commands.ts';
import { outlineOf } from '../command-outline.ts';
import { helpPages } from '../command-line.ts';
import { complete } from './complete.ts';
import type { Completion } from './complete.ts';
import { VALUE_OF_OPTION } from './values.ts';
import { vocabulary } from './vocabulary.ts';

/** The last word of a line is the one that is completed. */
function completed(line: string): Completion {
  const words = line.split(' ');
  return complete(
    { words: words.slice(0, -1), current: words.at(-1) ?? '' },
    { commands: COMMANDS, vocabulary },
  );
}

const valuesOf = (line: string): readonly string[] => completed(line).candidates.map(({ value }) => value);

test.each<[line: string, values: readonly string[]]>([
  ['doc', ['doctor']],
  ['--v', ['--version']],
  ['doctor --fail', ['--fail-on']],
  ['doctor --fail-on ', ['warn', 'fail', 'never']],
  ['doctor --fail-on=w', ['--fail-on=warn']],
  ['doctor --offline --fail-on w', ['warn']],
  ['doctor --only state.i', ['state.integrity']],
  ['doctor --only=state.i', ['--only=state.integrity']],
  ['doctor --only state.paths,state.i', ['state.paths,state.integrity']],
  ['doctor --skip=state.paths,state.i', ['--skip=state.paths,state.integrity']],
  ['doctor --only state.integrity,state.i', []],
  ['doctor --explain runtime.n', ['runtime.node']],
  ['doctor --format sum', ['summary']],
  ['doctor --timeout ', []],
  ['doctor --deep --de', []],
  ['doctor state', []],
  ['exec re', ['resume']],
  ['exec resume --last --la', []],
  ['exec resume --la', ['--last']],
  ['exec --la', []],
  ['exec -s w', ['workspace-write']],
  ['exec -- --sand', []],
  ['login s', ['status']],
  ['execpolicy ', ['check']],
  ['bundle ', ['inspect', 'verify', 'redact']],
  ['feedback -k b', ['bug', 'bad_result']],
  ['feedback --include r', ['rollouts']],
  ['explain lock', ['locked']],
  ['explain state.i', ['state.integrity']],
  ['completion z', ['zsh']],
  ['xyzzy ', []],
  ['constructor ', []],
])('%s', (line, values) => expect(valuesOf(line)).toEqual(values));

test.each<[line: string, otherwise: Completion['otherwise']]>([
  ['doctor --home ', 'folders'],
  ['doctor --home=/tm', 'folders'],
  ['doctor --format junit=', 'files'],
  ['doctor --format=junit=do', 'files'],
  ['bundle inspect ', 'files'],
  ['trace show ', 'files'],
  ['apply-patch ', 'files'],
  ['exec ', 'nothing'],
  ['doctor --timeout ', 'nothing'],
  ['exec --output-schema ', 'files'],
])('%s: the shell offers %s', (line, otherwise) => {
  expect(completed(line).otherwise).toBe(otherwise);
});

test('each candidate has one line and continues what was typed', () => {
  const anything = fc.oneof(
    fc.constantFrom(...COMMANDS.keys(), '--only', '--format', '-s', '--', 'resume', 'state.', '--fail-on='),
    fc.string(),
  );
  fc.assert(
    fc.property(fc.array(anything, { maxLength: 5 }), anything, (words, current) => {
      for (const { value, description } of complete({ words, current }, { commands: COMMANDS, vocabulary })
        .candidates) {
        expect(value.startsWith(current)).toBe(true);
        expect(`${value}${description}`).not.toMatch(/[\t\n]/);
      }
    }),
    { numRuns: 200 },
  );
});

test('every option of a help page is completed, in every command', async () => {
  const pages = await helpPages();
  const missing: string[] = [];
  for (const [name, { verbs = {} }] of COMMANDS)
    for (const words of [name, ...Object.keys(verbs).map((verb) => `${name} ${verb}`)]) {
      const inHelp = [...(pages[words] ?? '').matchAll(/^ {2,6}(?:-\w, )*(--[\w-]+)/gm)].map(
        ([, option = '']) => option,
      );
      expect(inHelp).toContain('--help');
      const offered = new Set(valuesOf(`${words} -`));
      missing.push(...inHelp.filter((option) => !offered.has(option)).map((option) => `${words} ${option}`));
    }
  expect(missing).toEqual([]);
});

test('the checks that are offered are those that there are', () => {
  const ids = builtInChecks.map(({ id }) => id).toSorted();
  expect(vocabulary.checks().map(({ value }) => value)).toEqual(ids);
});

test('the table of values knows only options that exist', () => {
  const names = new Set(
    [...COMMANDS.values()].flatMap(({ build }) =>
      Object.entries(outlineOf(build).options).flatMap(([name, { alias }]) => [
        name,
        ...[alias ?? []].flat(),
      ]),
    ),
  );
  expect(Object.keys(VALUE_OF_OPTION).filter((name) => !names.has(name))).toEqual([]);
});

describe('the program', () => {
  test('answers and leaves nothing behind', async () => {
    const home = temporaryHome();
    const env = { HOME: home, XDG_CACHE_HOME: '' };
    const { exitCode, stdout, stderr } = await stethos(['complete', '--', 'doctor', '--fail-on', '=w'], {
      env,
    });
    expect({ exitCode, stdout, stderr }).toEqual({ exitCode: 0, stdout: 'warn\t\n:nothing\n', stderr: '' });
    expect(readdirSync(home)).toEqual([]);
  });

  test.each([
    [['bahs'], 'There is no completion for bahs.\nDid you mean bash?'],
    [[], 'Which shell?\nOne of bash, zsh, fish, powershell.'],
    [['bash', 'zsh'], 'completion takes one shell, not zsh as well.'],
  ])('completion %j is a wrong command line', async (words, message) => {
    const { exitCode, stdout, stderr } = await stethos(['completion', ...words]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain(message);
  });
});
