import { afterAll, describe, expect, test } from 'vitest';
import { makeBaseHome } from '../../fixtures/hostile/base-home.ts';
import { FILE_DAMAGES, FOLDER_DAMAGES, makeTemplates, whileDamaged } from '../../fixtures/hostile/damages.ts';
import type { Damage } from '../../fixtures/hostile/damages.ts';
import { INNER_PLACES, OTHER_FILES, OTHER_FOLDERS, READ_PLACES } from '../../fixtures/hostile/places.ts';
import { brokenPromises, contextOf } from '../../fixtures/hostile/promises.ts';
import { stethos } from '../../fixtures/run.ts';

/*
 * A home in which one thing is as bad as can be, examined as a whole. Whatever it is: every check has its row, none
 * crashes or hangs, the home stays as it was, no secret and no control character is shown, and the place is named.
 */

const base = makeBaseHome();
afterAll(base.remove);
const templates = await makeTemplates(base.root);
const { home, secrets } = base;

/** Kinds of thing that are wrong wherever a file, or a folder, belongs. */
const SHAPES = new Set(['is a folder', 'is a file', ...sharedNames(FILE_DAMAGES, FOLDER_DAMAGES)]);

function sharedNames(some: readonly Damage[], others: readonly Damage[]): string[] {
  return some.map(({ name }) => name).filter((name) => others.some((other) => other.name === name));
}

/** What must be named of the places that a damage is done to. */
interface Trial {
  readonly places: readonly string[];
  readonly damage: Damage;
  readonly named: readonly string[];
}

const trial = ({ places, damage, named }: Trial): Promise<string[]> =>
  whileDamaged({ home, places, damage, templates }, () =>
    brokenPromises({ context: contextOf(base), untouched: home, secrets, named }),
  );

test('the home is healthy to begin with', async () => {
  expect(
    await brokenPromises({ context: contextOf(base), untouched: home, secrets, allQuiet: true }),
  ).toEqual([]);
});

test.each(READ_PLACES)('$path', async ({ path, damages, harmless }) => {
  const broken: Record<string, string[]> = {};
  for (const damage of damages) {
    const isQuiet = harmless.includes(damage.name) || damage.dependsOnAccount;
    const found = await trial({ places: [path], damage, named: isQuiet ? [] : [path] });
    if (found.length > 0) broken[damage.name] = found;
  }
  expect(broken).toEqual({});
});

describe('every place that is not read, all at once', () => {
  test.each(FILE_DAMAGES)('a file $name', async (damage) => {
    const named = SHAPES.has(damage.name) ? OTHER_FILES : [];
    // As people throw away a history or a log on purpose.
    const wanted = damage.name === 'is a link to /dev/null' ? named.filter((place) => !isKept(place)) : named;
    expect(await trial({ places: OTHER_FILES, damage, named: wanted })).toEqual([]);
  });

  test.each(FOLDER_DAMAGES)('a folder $name', async (damage) => {
    const named = SHAPES.has(damage.name) ? OTHER_FOLDERS : [];
    expect(await trial({ places: OTHER_FOLDERS, damage, named })).toEqual([]);
  });

  test.each([...FILE_DAMAGES])('inside the folders, a file $name', async (damage) => {
    expect(await trial({ places: INNER_PLACES, damage, named: [] })).toEqual([]);
  });
});

const isKept = (place: string): boolean => place === 'history.jsonl' || place === 'log/codex-tui.log';

describe('the real program, and every place that is read spoiled at once', () => {
  const places = READ_PLACES.map(({ path }) => path).filter(
    (path) => !READ_PLACES.some((other) => path.startsWith(`${other.path}/`)),
  );
  const env = { HOME: base.user, CODEX_HOME: home, PATH: '/usr/bin:/bin' };

  // Others differ from these three in nothing that starting a process would show.
  const worst = FILE_DAMAGES.filter(({ name }) =>
    ['is a FIFO', 'is a link to /dev/zero', 'is a folder'].includes(name),
  );
  const formats = ['--json', '--summary', '--all'];

  test.each(worst.flatMap((damage) => formats.map((format) => ({ name: damage.name, damage, format }))))(
    '$name, $format',
    async ({ damage, format }) => {
      const { exitCode, signal, stdout, stderr } = await whileDamaged(
        { home, places, damage, templates },
        () => stethos(['doctor', '--offline', format], { cwd: base.project, env }),
      );
      expect({ exitCode, signal, stderr }).toEqual({ exitCode: 1, signal: null, stderr: '' });
      for (const place of ['config.toml', 'auth.json', 'sessions', 'state_5.sqlite'])
        expect(stdout).toContain(place);
    },
  );
});
