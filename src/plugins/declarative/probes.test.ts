import { chmodSync, mkdirSync, readFileSync, symlinkSync, utimesSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { testContext } from '../../../fixtures/context.ts';
import { makeDatabase, snapshotOf } from '../../../fixtures/databases.ts';
import { temporaryHome } from '../../../fixtures/home.ts';
import { startFaultServer } from '../../../fixtures/lab/fault-server.ts';
import type { ContextOptions } from '../../doctor/context.ts';
import { redactReport } from '../../doctor/redact-report.ts';
import type { CheckResult, Report } from '../../doctor/report.ts';
import { runChecks } from '../../doctor/runner.ts';
import { declaredChecks } from './declared-checks.ts';

/* Declared checks on real files, processes, servers and databases. */

async function row(
  place: string,
  table: Record<string, unknown>,
  options: Partial<Omit<ContextOptions, 'env'>> & { readonly env?: Record<string, string> } = {},
): Promise<CheckResult> {
  const { checks, faults } = declaredChecks(
    [{ table: { id: 'acme.it', ...table }, from: place, source: { kind: 'user', where: 'stethos.toml' } }],
    { known: [] },
  );
  expect(faults).toEqual([]);
  const env = {
    HOME: place,
    PATH: `${join(place, 'bin')}:/usr/bin:/bin`,
    ...options.env,
  };
  const context = testContext({ exec: true, offline: false, ...options, home: place, env });
  const { results } = await runChecks(checks, context, {
    timeoutMs: 60_000,
    signal: new AbortController().signal,
  });
  const [result] = results;
  if (!result) throw new Error('no row');
  return result;
}

/** Status, class and what was measured. */
const gist = ({ status, issues, skippedBecause }: CheckResult): string =>
  [status, issues[0]?.failureClass, issues[0]?.measured ?? skippedBecause].filter(Boolean).join(' | ');

/** A folder with programs in `bin`, by their scripts. */
function withPrograms(programs: Record<string, string>): string {
  const place = temporaryHome(
    Object.fromEntries(
      Object.entries(programs).map(([name, script]) => [`bin/${name}`, `#!/bin/sh\n${script}\n`]),
    ),
  );
  for (const name of Object.keys(programs)) chmodSync(join(place, 'bin', name), 0o755);
  return place;
}

const programs = () =>
  withPrograms({
    three: 'echo "no route" >&2; exit 3',
    slow: 'sleep 30',
    loud: 'exec yes',
    killed: 'kill -9 $$',
    surroundings: 'exec /usr/bin/env',
    args: 'printf "%s\\n" "$@"',
    old: 'echo tool v1.4.0-rc.2',
    mute: 'echo "no idea"',
  });

function variedFiles(): string {
  const root = temporaryHome({
    'a.txt': 'level = 3\n',
    'old.txt': 'x',
    'large.txt': 'x'.repeat(5_000_000),
  });
  utimesSync(join(root, 'old.txt'), 1_000, 1_000);
  chmodSync(join(root, 'a.txt'), 0o640);
  mkdirSync(join(root, 'folder'));
  symlinkSync('nowhere', join(root, 'dangling'));
  execFileSync('mkfifo', [join(root, 'pipe')]);
  return root;
}

describe('command and version', () => {
  test.each<[Record<string, unknown>, string]>([
    [{ kind: 'command', program: 'three' }, 'fail | exit | exit code 3: no route'],
    [{ kind: 'command', program: 'three', exit_code: [0, 3], stderr_contains: 'route' }, 'ok'],
    [{ kind: 'command', program: 'slow', timeout: '200ms' }, 'fail | timeout | still running after 200 ms'],
    [{ kind: 'command', program: 'loud' }, 'fail | noise | more than 65536 bytes'],
    [{ kind: 'command', program: 'killed' }, 'fail | exit | SIGKILL'],
    [{ kind: 'command', program: './bin/none' }, 'fail | missing | no such program'],
    [
      {
        kind: 'command',
        program: 'args',
        args: ['$HOME', '*', '; exit 9'],
        stdout_contains: '$HOME\n*\n; exit 9',
      },
      'ok',
    ],
    [
      { kind: 'command', program: 'args', args: ['a'], stdout_matches: '^b' },
      'fail | mismatch | 2 bytes without it',
    ],
    [{ kind: 'command', program: 'three', cwd: 'nowhere' }, 'fail | spawn | ENOENT'],
    [{ kind: 'version', program: 'old', range: '>=1.2 <2' }, 'ok'],
    [
      { kind: 'version', program: 'old', range: '>=1.4.0', severity: 'warning' },
      'warning | mismatch | 1.4.0-rc.2',
    ],
    [{ kind: 'version', program: 'mute', range: '>=1' }, 'fail | malformed | exit code 0: no idea'],
    [{ kind: 'version', program: 'three', range: '>=1' }, 'fail | exit | exit code 3: no route'],
  ])('%j: %s', async (table, expected) => {
    expect(gist(await row(programs(), table))).toBe(expected);
  });

  test('a program gets no variable that it is not declared to inherit', async () => {
    const table = {
      kind: 'command',
      program: 'surroundings',
      inherit_env: ['ACME'],
      stdout_matches: '(?m)^ACME=1$',
    };
    const root = programs();
    const env = { ACME: '1', OTHER: '1', LD_PRELOAD: '' };
    expect(gist(await row(root, table, { env }))).toBe('ok');
    expect(gist(await row(root, { ...table, stdout_matches: '(?m)^OTHER=' }, { env }))).toMatch(/^fail/);
  });

  test('what others could have planted is not started, and what may not run is skipped', async () => {
    const root = withPrograms({ planted: 'touch "$0.ran"' });
    chmodSync(join(root, 'bin'), 0o777);
    expect(gist(await row(root, { kind: 'command', program: './bin/planted' }))).toMatch(
      /^fail \| permissions \| .*can be written by every user$/,
    );
    expect(gist(await row(root, { kind: 'command', program: 'planted' }, { exec: false }))).toBe(
      'skipped | --no-exec',
    );
  });

  test('what a program prints is not in the report', async () => {
    const root = withPrograms({ tell: 'echo hunter2-on-stdout; exit 1' });
    expect(JSON.stringify(await row(root, { kind: 'command', program: 'tell' }))).not.toContain('hunter2');
  });
});

describe('file', () => {
  test.each<[Record<string, unknown>, string]>([
    [{ path: 'a.txt', contains: 'level', matches: '(?m)^level = [1-3]$', mode: '0640', owner: 'me' }, 'ok'],
    [{ path: '~/a.txt', contains: 'level = 4' }, 'fail | mismatch | nothing of the kind'],
    [{ path: 'a.txt', max_mode: '0600' }, 'fail | permissions | 0640'],
    [{ path: 'a.txt', mode: '600' }, 'fail | permissions | 0640'],
    [{ path: 'a.txt', owner: 4_242 }, `fail | permissions | user ${process.getuid?.()}`],
    [{ path: 'a.txt', min_bytes: 11 }, 'fail | mismatch | 10 bytes'],
    [{ path: 'large.txt', max_bytes: 11 }, 'fail | mismatch | 5000000 bytes'],
    [
      { path: 'large.txt', contains: 'y' },
      'fail | mismatch | not in its beginning, and it is too large to be read further',
    ],
    [{ path: 'old.txt', max_age: '1d' }, 'fail | stale | '],
    [{ path: 'folder', type: 'directory' }, 'ok'],
    [{ path: 'folder', contains: 'x' }, 'fail | wrong_type | directory'],
    [{ path: 'pipe', contains: 'x', sha256: 'a'.repeat(64) }, 'fail | wrong_type | fifo'],
    [{ path: 'dangling' }, 'fail | missing | is a link whose target does not exist'],
    [{ path: 'dangling', exists: false }, 'fail | mismatch | a link that leads nowhere'],
    [{ path: 'none', exists: false }, 'ok'],
    [
      { path: 'a.txt', sha256: '0bae2f2f9b6afb8c56d5a2ee3d2dc3dd1a8c8f3b8fb6e5a8a9d6d7b5a1c3f2e1' },
      'fail | mismatch | SHA-256 ',
    ],
    [{ path: 'a.txt/b' }, 'fail | missing | does not exist'],
    [{ path: 'x'.repeat(4_000) }, 'fail | unreadable | ENAMETOOLONG'],
  ])('%j: %s', async (table, expected) => {
    expect(gist(await row(variedFiles(), { kind: 'file', ...table })).startsWith(expected)).toBe(true);
  });

  test('the digest of a file that is read in pieces is that of the whole', async () => {
    const root = variedFiles();
    const sha256 = createHash('sha256')
      .update(readFileSync(join(root, 'large.txt')))
      .digest('hex');
    expect(gist(await row(root, { kind: 'file', path: 'large.txt', sha256 }))).toBe('ok');
  });
});

describe('env', () => {
  test.each<[Record<string, unknown>, string]>([
    [{ equals: 'hunter2-shapeless' }, 'ok'],
    [{ one_of: ['a', 'b'] }, 'fail | invalid_value | set, to another value'],
    [{ matches: '^h.*s$' }, 'ok'],
    [{ set: false }, 'fail | invalid_value | set'],
    [{ variable: 'NONE' }, 'fail | missing | not set'],
    [{ variable: 'EMPTY', matches: '.' }, 'fail | invalid_value | set, empty, to another value'],
  ])('%j: %s, and the value is told nowhere', async (table, expected) => {
    const result = await row(
      temporaryHome(),
      { kind: 'env', variable: 'ACME_TOKEN', ...table },
      {
        env: { ACME_TOKEN: 'hunter2-shapeless', EMPTY: '' },
      },
    );
    expect(gist(result)).toBe(expected);
    expect(JSON.stringify(result)).not.toContain('shapeless');
  });
});

describe('http', () => {
  test.each<[string, Record<string, unknown>, string]>([
    ['/ok', {}, 'ok'],
    [
      '/ok',
      { header_contains: { 'X-Kind': 'gate' }, body_matches: 'up: (yes|no)', body_contains: 'up' },
      'ok',
    ],
    ['/ok', { header_contains: { 'x-none': 'gate' } }, 'fail | mismatch | no such header'],
    ['/ok', { body_contains: 'down' }, 'fail | mismatch | 7 bytes without it'],
    ['/none', {}, 'fail | http_not_found | status 404'],
    ['/none', { status: [404, 410] }, 'ok'],
    ['/moved', {}, 'fail | http_other | status 302'],
    ['/login', { bearer_token_env: 'ACME_TOKEN' }, 'fail | http_unauthorized | status 401'],
    ['/login', { bearer_token_env: 'NO_TOKEN' }, 'fail | missing | not set'],
    ['/silent', { timeout: '300ms' }, 'fail | timeout | '],
    ['/ok', { headers: { 'bad name': 'x' } }, 'fail | invalid_value | '],
  ])('%s %j: %s', async (path, table, expected) => {
    await using server = await startFaultServer({
      'GET /ok': { answer: { status: 200, headers: { 'x-kind': 'a gateway' }, body: 'up: yes' } },
      'GET /none': { answer: { status: 404 } },
      'GET /moved': { answer: { status: 302, headers: { location: '/ok' } } },
      'GET /login': { answer: { status: 401, body: 'no' } },
      'GET /silent': 'silent',
    });
    const url = `${server.url(path)}?key=shapeless-query`;
    const result = await row(
      temporaryHome(),
      { kind: 'http', url, ...table },
      { env: { ACME_TOKEN: 'shapeless-token' } },
    );
    expect(gist(result).startsWith(expected)).toBe(true);
    expect(JSON.stringify(result)).not.toContain('shapeless');
  });

  test('with --offline nothing is asked', async () => {
    const result = await row(
      temporaryHome(),
      { kind: 'http', url: 'http://127.0.0.1:1/' },
      { offline: true },
    );
    expect(gist(result)).toBe('skipped | --offline');
  });
});

describe('sqlite', () => {
  const ENDLESS = 'WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT max(x) FROM c';

  test.each<[Record<string, unknown>, string]>([
    [{ path: 'notes.sqlite' }, 'ok'],
    [
      { path: 'notes.sqlite', table: 'NOTES', query: 'SELECT count(*) FROM notes; -- all', equals: 300 },
      'ok',
    ],
    [{ path: 'notes.sqlite', table: 'jobs' }, 'fail | schema | no such table'],
    [{ path: 'notes.sqlite', query: 'SELECT max(id) FROM notes', max: 299 }, 'fail | mismatch | 300'],
    [{ path: 'notes.sqlite', query: 'SELECT text FROM notes WHERE id = 9999' }, 'fail | mismatch | no row'],
    [
      { path: 'notes.sqlite', query: "SELECT x'00ff'", equals: 'x' },
      'fail | mismatch | binary data of 2 bytes',
    ],
    [{ path: 'notes.sqlite', query: 'SELECT nothing FROM nowhere' }, 'fail | schema | SQLITE_ERROR'],
    [{ path: 'notes.sqlite', query: "SELECT ';' AS a, count(*) /* ; */ FROM notes", equals: ';' }, 'ok'],
    [
      { path: 'notes.sqlite', query: 'WITH x AS (SELECT 1) DELETE FROM notes' },
      'fail | schema | SQLITE_ERROR',
    ],
    [{ path: 'notes.sqlite', query: ENDLESS, timeout: '1s' }, 'fail | timeout | '],
    [{ path: 'text.sqlite', table: 'x' }, 'fail | not_a_database | '],
    [{ path: 'empty.sqlite', query: 'SELECT 1' }, 'fail | not_a_database | 0 bytes'],
  ])('%j: %s, and nothing is left behind', async (table, expected) => {
    const root = temporaryHome({ 'text.sqlite': 'no database at all '.repeat(100), 'empty.sqlite': '' });
    makeDatabase(join(root, 'notes.sqlite'));
    const before = snapshotOf(root);
    expect(gist(await row(root, { kind: 'sqlite', ...table })).startsWith(expected)).toBe(true);
    expect(snapshotOf(root)).toEqual(before);
  });
});

test('a value with control characters reaches no reader as it is', async () => {
  const root = withPrograms({ bell: String.raw`printf 'a\033[31mb\007c' >&2; exit 1` });
  const result = await row(root, { kind: 'command', program: 'bell', title: 'x\u001b[31m' });
  const report = { checks: { 'acme.it': result }, notes: [], rootCauses: [], tool: {} } as unknown as Report;
  const shown = JSON.stringify(redactReport(report, { userDirectory: root }));
  expect(shown).toContain(String.raw`x\\u001b[31m`);
  expect(shown).not.toMatch(/(?<!\\)\\u00[01]/);
});
