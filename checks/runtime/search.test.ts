import { chmodSync, existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { testContext } from '../../fixtures/context.ts';
import { temporaryHome } from '../../fixtures/home.ts';
import { codexPackage, plantTree } from '../../fixtures/install.ts';
import { plantProgram } from '../../fixtures/programs.ts';
import type { ProcessRun } from '../../src/host/process.ts';
import type { SearchTool } from '../../src/target/search-tool.ts';
import search from './search.ts';

const RIPGREP = 'ripgrep 15.1.0 (rev af60c2de9d)\n\nfeatures:+pcre2\n';
const path = '/usr/bin/rg';
const tool: SearchTool = {
  path,
  provider: 'system',
  isAgentUnknown: false,
  isAgentIncomplete: false,
  isOptional: false,
  onPath: [{ path, realPath: path, state: 'executable' }],
  ignoredElements: [],
};
const exited = (exitCode: number, stdout: string, stderr = ''): ProcessRun => ({
  kind: 'exited',
  path,
  exitCode,
  stdout,
  stderr,
  durationMs: 3,
});

test.each<[string, ProcessRun, string | undefined, string]>([
  ['works', exited(0, RIPGREP), undefined, 'works'],
  ['--no-exec', { kind: 'disabled' }, undefined, 'found; not executed because of --no-exec'],
  [
    'not trusted',
    { kind: 'untrusted', path, reason: '/usr can be written by every user' },
    undefined,
    'found; not executed, because /usr can be written by every user',
  ],
  [
    'a code',
    exited(127, '', '\nrg: libpcre2.so: not found\n'),
    'exit',
    'ends with code 127: rg: libpcre2.so: not found',
  ],
  ['a crash', { kind: 'signalled', path, signal: 'SIGILL' }, 'exit', 'crashes with SIGILL'],
  ['a hang', { kind: 'timeout', path, timeoutMs: 2000 }, 'timeout', 'gives no answer within 2000 ms'],
  ['noise', { kind: 'noise', path, limitBytes: 65_536 }, 'noise', 'more than 65536 bytes of output'],
  [
    'a forbidden start',
    { kind: 'spawn_failed', path, code: 'EACCES' },
    'permissions',
    'EACCES: not executable',
  ],
  ['a failed start', { kind: 'spawn_failed', path, code: 'ENOENT' }, 'spawn', 'ENOENT: its interpreter'],
  ['another program', exited(0, 'Rails generator 1\u001b[31m'), 'mismatch', 'answers Rails generator 1 [31m'],
  ['an empty answer', exited(0, ''), 'mismatch', 'answers nothing'],
])('judged: %s', (_title, run, failureClass, readiness) => {
  const verdict = search.judge({ tool, run });
  expect(verdict.issues.map(({ severity, failure }) => [severity, failure?.class])).toEqual(
    failureClass === undefined ? [] : [['warning', failureClass]],
  );
  expect(verdict.details['search command readiness']).toContain(readiness);
});

test.each<[string, SearchTool['onPath'], string]>([
  ['nothing', [], 'missing'],
  ['a file without permission', [{ path, realPath: path, state: 'not_executable' }], 'permissions'],
  ['a dangling link', [{ path, realPath: undefined, state: 'dangling' }], 'missing'],
  ['a folder', [{ path, realPath: path, state: 'not_a_file' }], 'missing'],
])('missing: %s on the search path', (_title, onPath, failureClass) => {
  const verdict = search.judge({ tool: { ...tool, path: undefined, onPath }, run: { kind: 'not_found' } });
  expect(verdict.issues).toMatchObject([{ severity: 'warning', failure: { class: failureClass } }]);
});

/** An installation as npm lays it out, with its own search program unless the test takes it away. */
function installed(script?: string): { home: string; bin: string; rg: string } {
  const home = temporaryHome({
    'lib/node_modules/@openai/codex/package.json': JSON.stringify({
      name: '@openai/codex',
      version: '0.169.0',
      bin: { codex: 'bin/codex.js' },
    }),
    'lib/node_modules/@openai/codex/bin/codex.js': '#!/usr/bin/env node\n',
  });
  chmodSync(join(home, 'lib/node_modules/@openai/codex/bin/codex.js'), 0o755);
  const bin = join(home, 'bin');
  mkdirSync(bin);
  symlinkSync('../lib/node_modules/@openai/codex/bin/codex.js', join(bin, 'codex'));
  const rg = join(home, 'lib/node_modules/@openai/codex/codex-path/rg');
  if (script !== undefined) plantProgram(rg, script);
  return { home, bin, rg };
}

async function examine(options: Parameters<typeof testContext>[0]) {
  return search.judge(structuredClone(await search.probe(testContext({ exec: true, cwd: '/', ...options }))));
}

test('the bundled program goes before the one on the search path, and is run', async () => {
  const { home, bin, rg } = installed('echo ripgrep 15.1.0');
  plantProgram(join(bin, 'rg'), 'echo ripgrep 13.0.0');
  const verdict = await examine({ home, env: { PATH: bin } });
  expect(verdict).toMatchObject({ summary: 'ripgrep 15.1.0 (bundled)', issues: [] });
  expect(verdict.details).toMatchObject({ 'search command': rg, 'search provider': 'bundled' });
});

test('a broken bundled program is named although a good one stands on the search path', async () => {
  const { home, bin, rg } = installed('echo "Illegal instruction" >&2; exit 132');
  plantProgram(join(bin, 'rg'), 'echo ripgrep 13.0.0');
  const verdict = await examine({ home, env: { PATH: bin } });
  expect(verdict.issues).toMatchObject([
    { severity: 'warning', cause: `the search command ${rg} ends with code 132`, failure: { class: 'exit' } },
  ]);
});

test('without a bundled one, the first on the search path is run', async () => {
  const { home, bin } = installed();
  plantProgram(join(bin, 'rg'), 'echo ripgrep 14.1.1');
  const verdict = await examine({ home, env: { PATH: `.:${bin}` } });
  expect(verdict.summary).toBe('ripgrep 14.1.1 (system)');
  expect(verdict.details['ignored PATH elements']).toEqual(['.']);
});

test('without any, and with one planted in the current directory, it is missing', async () => {
  const cwd = temporaryHome();
  const root = plantTree({
    ...codexPackage('lib/node_modules'),
    'bin/codex': { link: '../lib/node_modules/@openai/codex/bin/codex.js' },
  });
  plantProgram(join(cwd, 'rg'), `touch ${join(cwd, 'executed')}`);
  const verdict = await examine({ home: root, cwd, env: { PATH: `:.:${join(root, 'bin')}` } });
  expect(verdict.issues).toMatchObject([{ failure: { class: 'missing' } }]);
  expect(existsSync(join(cwd, 'executed'))).toBe(false);
});

test('without an agent, whose package brings it along, its absence is a symptom', async () => {
  const verdict = await examine({ home: temporaryHome(), env: { PATH: '' } });
  expect(verdict).toMatchObject({ kind: 'skipped', skippedBecause: 'installation', issues: [] });
});

test('an agent that cannot be told apart may bring its own, so nothing is claimed', async () => {
  const home = temporaryHome();
  plantProgram(join(home, 'bin/codex'), 'exec something-else "$@"');
  const verdict = await examine({ home, env: { PATH: join(home, 'bin') } });
  expect(verdict.issues).toEqual([]);
  expect(verdict.details['search command readiness']).toContain('cannot be told');
});

test('a package installed without its native part is the fault of the installation alone', async () => {
  const { home, bin } = installed();
  const verdict = await examine({ home, env: { PATH: bin } });
  expect(verdict).toMatchObject({ kind: 'skipped', skippedBecause: 'installation', issues: [] });
});

test('--no-exec says what was found and left alone', async () => {
  const { home, bin } = installed();
  plantProgram(join(bin, 'rg'), `touch ${join(home, 'executed')}`);
  const verdict = await examine({ home, exec: false, env: { PATH: bin } });
  expect(verdict).toMatchObject({
    issues: [],
    details: { 'search command readiness': 'found; not executed because of --no-exec' },
  });
  expect(existsSync(join(home, 'executed'))).toBe(false);
});

test('an agent that works without it has no fault when none is there', () => {
  const verdict = search.judge({
    tool: { ...tool, path: undefined, onPath: [], isOptional: true },
    run: { kind: 'not_found' },
  });
  expect(verdict).toMatchObject({ kind: 'idle', issues: [] });
});
