import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { declaredChecks } from './declared-checks.ts';

const source = { kind: 'user', where: 'stethos.toml, line 3' } as const;
const read = (...tables: Record<string, unknown>[]) =>
  declaredChecks(
    tables.map((table) => ({ table, from: '/etc', source })),
    { known: ['config.load', 'state.paths'] },
  );

const env = { id: 'acme.region', kind: 'env', variable: 'ACME' };
const command = { id: 'acme.vpn', kind: 'command', program: 'acme-vpn' };
const http = { id: 'acme.web', kind: 'http', url: 'http://127.0.0.1/' };
const file = { id: 'acme.file', kind: 'file', path: 'x' };
const sqlite = { id: 'acme.db', kind: 'sqlite', path: 'x' };
const version = { id: 'acme.git', kind: 'version', program: 'git', range: '>=2' };

describe('what cannot be followed', () => {
  test.each<[Record<string, unknown>, string, string?]>([
    [{ id: 'acme.x' }, 'there is no `kind`; known are command, file, http, env, version, sqlite'],
    [
      { ...env, kind: 'comand' },
      '`kind` is "comand"; known are command, file, http, env, version, sqlite',
      'command',
    ],
    [{ ...env, kind: 7 }, '`kind` is 7; known are command, file, http, env, version, sqlite'],
    [{ ...env, equal: 'x' }, 'a check of kind env knows no key `equal`', 'equals'],
    [{ ...env, severity: 'warn' }, '`severity` is "warn"; known are warning, fail'],
    [{ ...env, section: 'Conectivity' }, '`section` is "Conectivity"; known are ', 'Connectivity'],
    [{ ...env, id: undefined }, 'there is no `id`'],
    [{ ...env, id: 'region' }, '`id` is "region"; expected is a name in a space of your own'],
    [{ ...env, id: '../../x' }, '`id` is "../../x"; expected is a name in a space of your own'],
    [{ ...env, id: 'config.load' }, '`id` is "config.load", and another check is called so already'],
    [
      { ...env, needs: ['config.laod'] },
      '`needs` names config.laod, and no check of that id stands',
      'config.load',
    ],
    [{ ...env, needs: ['acme.region'] }, '`needs` names acme.region, and no check of that id stands'],
    [{ ...env, timeout: '10' }, '`timeout` is "10"; expected is a length of time'],
    [{ ...env, timeout: '2h' }, '`timeout` is "2h"; expected is a time of 1ms to 5m'],
    [{ ...env, timeout: '0s' }, '`timeout` is "0s"; expected is a time of 1ms to 5m'],
    [
      { ...env, set: false, equals: 'x' },
      '`set` is false; expected is true, where something is said of its value',
    ],
    [{ ...env, matches: '(?=x)' }, '`matches` is "(?=x)"; expected is a pattern as RE2 knows it (invalid'],
    [{ ...env, matches: 'x'.repeat(600) }, 'expected is a pattern of at most 500 characters'],
    [{ ...env, variable: 'A=B' }, '`variable` is "A=B"; expected is the name of a variable'],
    [{ ...command, program: '' }, '`program` is ""; expected is a text that is not empty'],
    [{ ...command, args: 'status' }, '`args` is "status"; expected is a list'],
    [{ ...command, args: ['a', 7] }, '`args.1` is 7; expected is a text'],
    [{ ...command, exit_code: '0' }, '`exit_code` is "0"; expected is a number, or a list'],
    [
      { ...http, url: 'ftp://host' },
      '`url` is "ftp://host"; expected is an address that begins with http://',
    ],
    [{ ...http, method: 'POST' }, '`method` is "POST"; known are GET, HEAD'],
    [{ ...http, status: 99 }, '`status` is 99; expected is a status such as 200'],
    [{ ...file, mode: 600 }, '`mode` is 600; expected is a text'],
    [{ ...file, mode: 'rw' }, '`mode` is "rw"; expected is permissions in octal digits'],
    [{ ...file, exists: false, mode: '0600' }, '`exists` is false; expected is true, where mode says more'],
    [{ ...file, sha256: 'abc' }, '`sha256` is "abc"; expected is 64 hexadecimal digits'],
    [{ ...version, range: 'about 2' }, '`range` is "about 2"; expected is a range of semantic versions'],
    [
      { ...sqlite, query: 'DROP TABLE x' },
      '`query` is "DROP TABLE x"; expected is one statement that begins with',
    ],
    [{ ...sqlite, query: "-- x\nATTACH 'y' AS z" }, 'expected is one statement that begins with SELECT'],
    [{ ...sqlite, query: "SELECT 1); ATTACH 'y' AS z; --" }, 'expected is one statement alone'],
    [{ ...sqlite, max: 3 }, '`query` is not given; expected is a SELECT whose first value that is about'],
  ])('%j', (table, problem, suggestion) => {
    const { checks, faults } = read(table);
    expect(checks).toEqual([]);
    expect(faults[0]?.problem).toContain(problem);
    expect(faults[0]?.suggestion).toBe(suggestion);
    expect(faults[0]?.source).toBe(source);
  });

  test('every fault of a table is told, and the others are checks still', () => {
    const { checks, faults } = read({ ...env, equal: 'x', severity: 'bad' }, command);
    expect(faults.map(({ id }) => id)).toEqual(['acme.region', 'acme.region']);
    expect(checks.map(({ id }) => id)).toEqual(['acme.vpn']);
  });

  test('a check may need one that is declared before it, and ids are taken once', () => {
    const { checks, faults } = read(env, { ...command, needs: ['acme.region'] }, { ...file, id: 'acme.vpn' });
    expect(checks.map(({ needs }) => needs)).toEqual([[], ['acme.region']]);
    expect(faults).toHaveLength(1);
  });

  test('whatever stands in a table, nothing is thrown and each fault is one sentence', () => {
    const value = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.jsonValue(),
      fc.bigInt(),
      fc.date(),
      fc.constant(undefined),
    );
    const names = [
      'id',
      'needs',
      'timeout',
      'path',
      'query',
      'url',
      'status',
      'headers',
      'matches',
      'range',
      '__proto__',
    ];
    const key = fc.oneof(fc.constantFrom(...names), fc.string({ unit: 'binary' }));
    fc.assert(
      fc.property(
        fc.constantFrom(env, command, http, file, sqlite, version),
        fc.dictionary(key, value),
        (base, more) => {
          const { checks, faults } = read({ ...base, ...more });
          expect(checks.length + Math.min(1, faults.length)).toBe(1);
          for (const { problem } of faults) expect(problem.length).toBeLessThan(400);
        },
      ),
      { numRuns: 100 },
    );
  });
});

test('what is declared is what the row has', () => {
  const [check] = read({
    ...command,
    title: 'Connected',
    section: 'Connectivity',
    needs: ['config.load'],
    timeout: '2s',
  }).checks;
  expect(check).toMatchObject({
    id: 'acme.vpn',
    category: 'vpn',
    title: 'Connected',
    section: 'Connectivity',
    needs: ['config.load'],
    budgetMs: 3_000,
  });
  expect(check).not.toHaveProperty('network');
  expect(read(http).checks[0]).toMatchObject({ network: true, section: 'Plugins' });
});
