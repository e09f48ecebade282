import { cpSync, linkSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { builtInChecks } from '../../checks/index.ts';
import { builtLauncher } from '../../fixtures/built-program/launcher.ts';
import { makeBaseHome } from '../../fixtures/hostile/base-home.ts';
import { TRICKS } from '../../fixtures/hostile/contents.ts';
import { makeTemplates } from '../../fixtures/hostile/damages.ts';
import { brokenPromises, contextOf } from '../../fixtures/hostile/promises.ts';
import { runNode } from '../../fixtures/run.ts';
import type { Finished } from '../../fixtures/run.ts';
import { schemaErrors } from '../../fixtures/schema.ts';
import { sampleSecrets } from '../../fixtures/secrets.ts';
import { createContext } from '../doctor/context.ts';
import type { ContextOptions } from '../doctor/context.ts';
import type { RedactedReport } from '../doctor/report.ts';
import { runChecks } from '../doctor/runner.ts';
import { files } from '../host/files.ts';

/* The home itself, and everything around it that a run depends on, as bad as can be. */

const base = makeBaseHome();
afterAll(base.remove);
const templates = await makeTemplates(base.root);
const { root, home, secrets } = base;
const context = contextOf(base);

const examined = (
  changes: Partial<ContextOptions>,
  more: { readonly named?: readonly string[]; readonly secrets?: readonly string[] } = {},
): Promise<string[]> =>
  brokenPromises({ context: { ...context, ...changes }, untouched: root, secrets, ...more });

const withHome = (path: string): Partial<ContextOptions> => ({ env: { ...context.env, CODEX_HOME: path } });

describe('in place of the home stands', () => {
  test.each<[string, (path: string) => void]>([
    ['nothing', () => undefined],
    ['a file', (path) => writeFileSync(path, 'model = "x"')],
    ['a FIFO', (path) => linkSync(templates.fifo, path)],
    ['a socket', (path) => linkSync(templates.socket, path)],
    ['a dangling link', (path) => symlinkSync('/nonexistent/nowhere', path)],
    ['a link to itself', (path) => symlinkSync(path, path)],
    ['a device', (path) => symlinkSync('/dev/zero', path)],
  ])('%s', async (name, plant) => {
    const place = `instead, ${name}`;
    plant(join(root, place));
    expect(await examined(withHome(join(root, place)), { named: [place] })).toEqual([]);
    expect(await examined({ home: join(root, place) }, { named: [place] })).toEqual([]);
  });
});

test('the home is the root of all folders', async () => {
  expect(await brokenPromises({ context: { ...context, home: '/' }, secrets })).toEqual([]);
});

describe('the home is called', () => {
  test.each([
    ['with blanks', ' a home  of mine '],
    ['with a line feed', 'first\nsecond'],
    ['with an emoji', 'home 🏠👩‍👩‍👧'],
    ['with control characters', '\u001B]0;owned\u0007\u001B[31mred\u009B2J'],
    ['backwards', '\u202Ehome\u2066'],
    ['with quotes', `'"\`$(touch x)`],
    ['like an inherited member', '__proto__'],
    ['as long as a name may be', 'x'.repeat(255)],
  ])('%s', async (_, name) => {
    const path = join(root, 'homes', name);
    cpSync(home, path, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
    expect(await examined(withHome(path))).toEqual([]);
    expect(await examined(withHome(`${path}/`))).toEqual([]);
    expect(await examined({ home: relative(base.project, path) })).toEqual([]);
  });
});

test('a read-only file system is named', async () => {
  const shared = createContext(context);
  const { results } = await runChecks(
    builtInChecks,
    { ...shared, files: { ...files, writeAccess: () => 'read_only_file_system' } },
    { timeoutMs: 60_000, signal: new AbortController().signal },
  );
  expect(results.filter(({ status }) => status === 'crashed' || status === 'incomplete')).toEqual([]);
  expect(results.find(({ id }) => id === 'state.paths')).toMatchObject({
    status: 'fail',
    issues: [{ measured: 'read-only file system', cause: expect.stringContaining(home) }],
  });
});

describe('the environment', () => {
  const { HOME: _home, PATH: _path, ...rest } = context.env;
  const keys = sampleSecrets().map(({ secret }) => secret);
  const many = Object.fromEntries(
    Array.from({ length: 10_000 }, (_, index) => [`SERVICE_${index}_TOKEN`, keys[index % keys.length]]),
  );

  test.each<[string, ContextOptions['env']]>([
    ['is empty', {}],
    ['without HOME', { ...context.env, HOME: undefined }],
    ['with an empty HOME', { ...rest, HOME: '' }],
    ['with a relative HOME', { ...rest, HOME: 'somewhere' }],
    ['with / for HOME', { ...rest, HOME: '/' }],
    ['with the home itself for HOME', { ...rest, HOME: home }],
    ['with a file for HOME', { ...rest, HOME: join(home, 'config.toml') }],
    ['without PATH', { ...context.env, PATH: undefined }],
    ['with an empty PATH', { ...context.env, PATH: '' }],
    ['with a PATH of nothing', { ...context.env, PATH: ':::.:..:/nonexistent:relative:/dev/null' }],
    ['with a PATH of ten thousand folders', { ...context.env, PATH: '/usr/bin:'.repeat(10_000) }],
    ['with ten thousand keys', { ...context.env, ...many }],
    [
      'with tricks in every variable that is read',
      Object.fromEntries(
        `TERM TERM_PROGRAM TERMINFO TERMINFO_DIRS LANG LC_ALL COLUMNS TMUX SHELL HTTPS_PROXY NO_PROXY
         CODEX_CA_CERTIFICATE SSL_CERT_FILE CODEX_SQLITE_HOME PATH CODEX_HOME STETHOS_HOME HOME OPENAI_BASE_URL
         OPENAI_API_KEY EDITOR __proto__`
          .split(/\s+/)
          .map((name) => [name, TRICKS]),
      ),
    ],
  ])('%s', async (_, env) => {
    expect(await examined({ env }, { secrets: [...secrets, ...keys] })).toEqual([]);
    expect(await examined({ env, home })).toEqual([]);
  });
});

describe('the current folder', () => {
  test.each<[string, string]>([
    ['does not exist', join(root, 'gone')],
    ['is a file', join(home, 'config.toml')],
    ['is the home', home],
    ['is /', '/'],
    ['is a device', '/dev/null'],
  ])('%s', async (_, cwd) => {
    expect(await examined({ cwd })).toEqual([]);
  });

  /** What stethos says in a folder that was deleted under the shell. */
  const inDeleted = async (argv: readonly string[]): Promise<Finished> => {
    const gone = mkdtempSync(join(root, 'soon-gone-'));
    const launcher = await builtLauncher();
    return runNode(
      [
        '-e',
        `process.chdir(process.argv[1]);
         require('node:fs').rmdirSync(process.argv[1]);
         process.argv.splice(1, 1, ...${JSON.stringify([launcher, ...argv])});
         require(${JSON.stringify(launcher)});`,
        gone,
      ],
      { env: { HOME: base.user, CODEX_HOME: home, PATH: '/usr/bin:/bin' } },
    );
  };

  test('was deleted under the shell', async () => {
    const { stdout, stderr, exitCode } = await inDeleted(['doctor', '--json', '--offline', '--no-exec']);
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 1 });
    const report = JSON.parse(stdout) as RedactedReport;
    expect(schemaErrors(report)).toEqual([]);
    expect(report.counts).toMatchObject({ crashed: 0, incomplete: 0 });
    expect(report.checks['git.environment']).toMatchObject({ status: 'fail', failure: { class: 'missing' } });
  });

  test.each([
    ['history', 'No run is kept.'],
    ['config', 'doctor.fail_on'],
    ['checks list', 'config.load'],
    ['explain refused', 'refused'],
    ['nagios --offline --no-exec', 'STETHOS'],
  ])('was deleted, and stethos %s does its work', async (words, said) => {
    const { stdout, stderr } = await inDeleted(words.split(' '));
    expect(stderr).toBe('');
    expect(stdout).toContain(said);
    expect(stdout).not.toContain('UNKNOWN');
  });
});
