import { readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'acorn';
import { describe, expect, test } from 'vitest';
import { builtLauncher } from '../fixtures/built-program/launcher.ts';
import { temporaryHome } from '../fixtures/home.ts';
import { schemaErrors } from '../fixtures/schema.ts';
import { LAUNCHER, runNode, stethos } from '../fixtures/run.ts';

const file = (name: string): string => join(import.meta.dirname, name);
const source = (name: string): string => readFileSync(file(name), 'utf8').replace(/^#!.*/, '');

/** Runs the report of an old Node.js in this one, which says what version it pretends to be. */
const asOldNode = (...args: string[]) =>
  runNode([
    '-e',
    `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '10.24.1' } });
     process.argv.splice(1, 0, 'stethos');
     require(${JSON.stringify(file('old-node.js'))})('22.19');`,
    '--',
    ...args,
  ]);

test('an old Node.js gets a report with one failed row', async () => {
  const { exitCode, stdout, stderr } = await asOldNode('doctor', '--json');
  const report = JSON.parse(stdout) as { checks: Record<string, { status: string }> };
  expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: '' });
  expect(schemaErrors(report)).toEqual([]);
  expect(report.checks['runtime.node']).toMatchObject({
    status: 'fail',
    details: { version: '10.24.1', required: '22.19' },
  });
});

test('an old Node.js gets the same verdict as a page', async () => {
  const { exitCode, stdout } = await asOldNode('doctor');
  expect(exitCode).toBe(1);
  expect(stdout).toContain('Node.js 10.24.1 is older than stethos needs');
  expect(stdout).toContain('Install Node.js 22.19 or newer');
});

test.each(['stethos.js', 'old-node.js'])('%s is ECMAScript 5, which every Node.js reads', (name) => {
  expect(() => parse(source(name), { ecmaVersion: 5 })).not.toThrow();
});

test('the launcher and the manifest ask for the same Node.js', () => {
  const manifest = JSON.parse(readFileSync(file('../package.json'), 'utf8')) as { engines: { node: string } };
  expect(source('stethos.js')).toContain(
    `REQUIRED = [${manifest.engines.node.replace('>=', '').split('.').slice(0, 2).join(', ')}]`,
  );
});

test.each([
  ['a clone runs its sources, so that no stale build speaks for them', LAUNCHER, 'src/cli/main.ts'],
  ['a package runs what was built', await builtLauncher(), 'dist/main.cjs'],
])('%s', async (_what, launcher, main) => {
  const { stdout, stderr } = await runNode([
    '-e',
    `process.argv.splice(1, 0, 'stethos', 'doctor', '--list');
     process.on('exit', () => console.error(Object.keys(require.cache).filter((name) => /main[.][a-z]+$/.test(name)).join()));
     require(${JSON.stringify(launcher)});`,
  ]);
  expect(stdout).toContain('runtime.node');
  expect(stderr.trim()).toBe(join(launcher, '../..', main));
});

const examine = (env: Record<string, string>, ...args: string[]) =>
  stethos(['doctor', '--json', '--no-exec', '--only', 'runtime.node', ...args], {
    env: { XDG_CACHE_HOME: '', ...env },
  });

describe('the cache of compiled code', () => {
  test("goes into the user's cache folder", async () => {
    const user = temporaryHome();
    expect((await examine({ HOME: user })).exitCode).toBe(0);
    expect(readdirSync(join(user, '.cache/stethos/compile-cache'))).toHaveLength(1);
  });

  test.each([
    ['cannot be made', '/proc/nowhere'],
    ['is a file', process.execPath],
    ['is relative', 'cache'],
    ['is a link to itself', 'loop'],
  ])('is left out where the folder %s', async (_what, folder) => {
    const user = temporaryHome();
    symlinkSync('loop', join(user, 'loop'));
    const { exitCode, stderr } = await examine({
      HOME: user,
      XDG_CACHE_HOME: folder === 'loop' ? join(user, folder) : folder,
    });
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(readdirSync(user)).toEqual(['loop']);
  });

  test.each([
    ['CODEX_HOME', (user: string) => examine({ HOME: user, CODEX_HOME: user })],
    ['--home', (user: string) => examine({ HOME: user }, '--home', user)],
    ['--home=', (user: string) => examine({ HOME: user }, `--home=${user}`)],
  ])('is left out where it would lie in the examined home, named by %s', async (_what, run) => {
    const user = temporaryHome();
    expect((await run(user)).exitCode).toBe(0);
    expect(readdirSync(user)).toEqual([]);
  });
});
