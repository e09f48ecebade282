import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { testContext } from '../fixtures/context.ts';
import { codexPackage, elfProgram, npmUnder, plant, plantTree } from '../fixtures/install.ts';
import type { Planted } from '../fixtures/install.ts';
import type { Verdict } from '../src/doctor/check.ts';
import type { ProcessRun } from '../src/host/process.ts';
import installation from './installation.ts';

/** A machine with npm, Node.js and one global copy, all under `usr`. */
const healthy: Readonly<Record<string, Planted>> = {
  ...npmUnder('usr'),
  ...codexPackage('usr/lib/node_modules'),
  'usr/bin/codex': { link: '../lib/node_modules/@openai/codex/bin/codex.js' },
};
const machine = {
  ...testContext({ home: '/nonexistent' }).machine,
  platform: 'linux',
  architecture: 'x64',
} as const;

interface Surroundings {
  readonly path?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** What `npm root -g` answers; by default nothing may be run. */
  readonly npm?: ProcessRun;
}

async function examine(tree: Readonly<Record<string, Planted>>, around: Surroundings = {}): Promise<Verdict> {
  return examineRoot(plantTree(tree), around);
}

async function examineRoot(
  root: string,
  { path = ['usr/bin'], env = {}, npm }: Surroundings,
): Promise<Verdict> {
  const context = testContext({
    home: join(root, '.codex'),
    env: {
      HOME: root,
      PATH: path.map((folder) => join(root, folder)).join(':'),
      ...Object.fromEntries(
        Object.entries(env).map(([name, value]) => [name, value.replaceAll('<root>', root)]),
      ),
    },
  });
  const helpers = npm ? { run: () => Promise.resolve(npm) } : context.helpers;
  return installation.judge(await installation.probe({ ...context, helpers, machine }));
}

const shape = ({ issues }: Verdict): string[] =>
  issues.map(({ severity, failure }) => `${severity} ${failure?.class ?? 'unclassed'}`);

test('one global copy, updated by the npm beside it, is consistent', async () => {
  const verdict = await examine(healthy);
  expect(verdict).toMatchObject({ kind: 'judged', summary: 'consistent', issues: [] });
  expect(verdict.details).toMatchObject({
    'npm update target': 'the copy that runs',
    'managed package root': 'not set',
  });
});

const otherCopy = (version: string): Readonly<Record<string, Planted>> => ({
  ...codexPackage('other/lib/node_modules', { version }),
  'other/bin/codex': { link: '../lib/node_modules/@openai/codex/bin/codex.js' },
});

const faults: readonly [string, Readonly<Record<string, Planted>>, Surroundings, string[], RegExp][] = [
  ['no codex anywhere', npmUnder('usr'), {}, ['warning missing'], /search path/],
  [
    'only a dangling link',
    { ...npmUnder('usr'), 'usr/bin/codex': { link: 'gone' } },
    {},
    ['fail stale'],
    /link to a file that does not exist/,
  ],
  [
    'a dangling link before a copy',
    { ...healthy, 'old/codex': { link: 'gone' } },
    { path: ['old', 'usr/bin'] },
    ['warning stale'],
    /old\/codex/,
  ],
  [
    'a dangling link behind a copy',
    { ...healthy, 'old/codex': { link: 'gone' } },
    { path: ['usr/bin', 'old'] },
    ['warning stale'],
    /old\/codex/,
  ],
  [
    'a looping link before a copy',
    { ...healthy, 'old/codex': { link: 'codex' } },
    { path: ['old', 'usr/bin'] },
    ['warning stale'],
    /leads back/,
  ],
  [
    'a folder before a copy',
    { ...healthy, 'old/codex': { folder: true } },
    { path: ['old', 'usr/bin'] },
    ['warning wrong_type'],
    /is a directory/,
  ],
  [
    'a folder behind a copy',
    { ...healthy, 'old/codex': { folder: true } },
    { path: ['usr/bin', 'old'] },
    [],
    /consistent/,
  ],
  [
    'a file that may not be executed before a copy',
    { ...healthy, 'old/codex': 'x' },
    { path: ['old', 'usr/bin'] },
    ['warning permissions'],
    /not executable/,
  ],
  [
    'only a file that may not be executed',
    { ...npmUnder('usr'), 'usr/bin/codex': 'x' },
    {},
    ['fail permissions'],
    /not executable/,
  ],
  [
    'a script of that name before a copy',
    { ...healthy, 'mine/codex': { executable: '#!/bin/sh\n' } },
    { path: ['mine', 'usr/bin'] },
    ['warning mismatch'],
    /could not be recognised/,
  ],
  [
    'an unknown native program before a copy',
    { ...healthy, 'mine/codex': { executable: elfProgram() } },
    { path: ['mine', 'usr/bin'] },
    ['warning mismatch'],
    /hides the agent/,
  ],
  [
    'only a script of that name',
    { 'mine/codex': { executable: '#!/bin/sh\n' } },
    { path: ['mine'] },
    ['warning mismatch'],
    /could not be recognised/,
  ],
  [
    'only an unknown native program',
    { 'mine/codex': { executable: elfProgram() } },
    { path: ['mine'] },
    [],
    /carries no metadata/,
  ],
  [
    'a newer copy behind',
    { ...healthy, ...otherCopy('0.170.0') },
    { path: ['usr/bin', 'other/bin'] },
    ['warning duplicate'],
    /hides a newer copy, 0\.170\.0/,
  ],
  [
    'an older copy behind',
    { ...healthy, ...otherCopy('0.150.0') },
    { path: ['usr/bin', 'other/bin'] },
    ['warning duplicate'],
    /older copy of codex, 0\.150\.0/,
  ],
  [
    'the same version twice',
    { ...healthy, ...otherCopy('0.169.0') },
    { path: ['usr/bin', 'other/bin'] },
    [],
    /consistent/,
  ],
  [
    'the same copy by two folders',
    { ...healthy, 'link/codex': { link: '../usr/bin/codex' } },
    { path: ['usr/bin', 'link'] },
    [],
    /consistent/,
  ],
  [
    'npm would update the copy behind',
    { ...healthy, ...otherCopy('0.150.0') },
    { path: ['other/bin', 'usr/bin'] },
    ['fail mismatch'],
    /would update a different copy/,
  ],
  [
    'npm would update a place with no copy',
    healthy,
    { env: { npm_config_prefix: '<root>/elsewhere' } },
    ['fail mismatch'],
    /would update a different copy/,
  ],
  [
    'no npm',
    {
      ...codexPackage('usr/lib/node_modules'),
      'usr/bin/codex': { link: '../lib/node_modules/@openai/codex/bin/codex.js' },
      'usr/bin/node': { executable: elfProgram() },
    },
    {},
    ['warning missing'],
    /npm is not on the search path/,
  ],
  [
    'no Node.js',
    {
      ...codexPackage('usr/lib/node_modules'),
      'usr/bin/codex': { link: '../lib/node_modules/@openai/codex/bin/codex.js' },
    },
    {},
    ['fail missing', 'warning missing'],
    /no node stands on the search path/,
  ],
  [
    'a Node.js too old',
    { ...healthy, 'usr/include/node/node_version.h': '#define NODE_MAJOR_VERSION 14\n' },
    {},
    ['fail mismatch'],
    /too old/,
  ],
  [
    'a Node.js just new enough',
    { ...healthy, 'usr/include/node/node_version.h': '#define NODE_MAJOR_VERSION 16\n' },
    {},
    [],
    /consistent/,
  ],
  [
    'a launcher and a native program of two versions',
    { ...healthy, ...codexPackage('usr/lib/node_modules', { nativeVersion: '0.168.0' }) },
    {},
    ['warning mismatch'],
    /different versions/,
  ],
  [
    'started through npm, without a package root',
    healthy,
    { env: { CODEX_MANAGED_BY_NPM: '1' } },
    ['warning incomplete'],
    /but not where/,
  ],
  [
    'started from a package that is gone',
    healthy,
    { env: { CODEX_MANAGED_BY_NPM: '1', CODEX_MANAGED_PACKAGE_ROOT: '/nonexistent/codex' } },
    ['warning stale'],
    /no longer there/,
  ],
  [
    'started from the copy that npm updates',
    healthy,
    {
      env: {
        CODEX_MANAGED_BY_NPM: '1',
        CODEX_MANAGED_PACKAGE_ROOT: '<root>/usr/lib/node_modules/@openai/codex',
      },
    },
    [],
    /consistent/,
  ],
  [
    'started from another copy',
    { ...healthy, ...otherCopy('0.169.0') },
    {
      env: {
        CODEX_MANAGED_BY_NPM: '1',
        CODEX_MANAGED_PACKAGE_ROOT: '<root>/other/lib/node_modules/@openai/codex',
      },
    },
    ['fail mismatch'],
    /would update a different copy/,
  ],
];

test.each(faults)('%s', async (_name, tree, around, issues, said) => {
  const verdict = await examine(tree, around);
  expect(shape(verdict)).toEqual(issues);
  expect(verdict.summary).toMatch(said);
});

const native = 'usr/lib/node_modules/@openai/codex-linux-x64/vendor/x86_64-unknown-linux-musl/bin/codex';

test.each<[string, (root: string) => void, string, RegExp]>([
  [
    'its package is not there',
    (root) => rmSync(join(root, 'usr/lib/node_modules/@openai/codex-linux-x64'), { recursive: true }),
    'fail missing',
    /@openai\/codex-linux-x64 is not installed/,
  ],
  ['its package holds nothing', (root) => rmSync(join(root, native)), 'fail missing', /is missing/],
  ['it is empty', (root) => plant(join(root, native), { executable: '' }), 'fail malformed', /is empty/],
  [
    'it is an error page',
    (root) => plant(join(root, native), { executable: '<html>' }),
    'fail malformed',
    /not a native program/,
  ],
  [
    'it was built for another processor',
    (root) => plant(join(root, native), { executable: elfProgram('arm64') }),
    'fail mismatch',
    /linux on arm64/,
  ],
])('the native program: %s', async (_name, harm, issue, measured) => {
  const root = plantTree(healthy);
  harm(root);
  const verdict = await examineRoot(root, {});
  expect(shape(verdict)).toEqual([issue]);
  expect(verdict.issues[0]?.measured).toMatch(measured);
});

test('a mismatch names both folders and a command for the copy that runs', async () => {
  const root = plantTree({ ...healthy, ...otherCopy('0.169.0') });
  const verdict = await examineRoot(root, { path: ['other/bin', 'usr/bin'] });
  const [issue] = verdict.issues;
  expect(issue?.remedy).toContain(`${root}/other/lib/node_modules/@openai/codex`);
  expect(issue?.remedy).toContain(`${root}/usr/lib/node_modules/@openai/codex`);
  expect(issue?.command).toBe(`npm install --global --prefix ${root}/other @openai/codex@latest`);
});

test('a damaged copy that npm would not reach is mended where it lies', async () => {
  const root = plantTree({ ...healthy, ...otherCopy('0.169.0') });
  rmSync(join(root, 'other/lib/node_modules/@openai/codex-linux-x64'), { recursive: true });
  const { issues } = await examineRoot(root, { path: ['other/bin', 'usr/bin'] });
  expect(issues.map(({ command }) => command)).toEqual(
    Array.from({ length: 2 }, () => `npm install --global --prefix ${root}/other @openai/codex@latest`),
  );
});

/** npm is a script here, as a version manager writes it: where it installs can only be asked. */
const shimmed: Readonly<Record<string, Planted>> = {
  ...codexPackage('usr/lib/node_modules'),
  'usr/bin/codex': { link: '../lib/node_modules/@openai/codex/bin/codex.js' },
  'usr/bin/node': { executable: elfProgram() },
  'usr/bin/npm': { executable: '#!/bin/sh\n' },
};
const answer = { path: '/usr/bin/npm', stderr: '', durationMs: 1 };

test.each<[string, ProcessRun, string[]]>([
  [
    'names another folder',
    { kind: 'exited', exitCode: 0, stdout: '/nonexistent/lib/node_modules\n', ...answer },
    ['fail mismatch'],
  ],
  ['fails', { kind: 'exited', exitCode: 1, stdout: '', ...answer }, ['warning exit']],
  ['hangs', { kind: 'timeout', path: '/usr/bin/npm', timeoutMs: 2_000 }, ['warning exit']],
  ['does not start', { kind: 'spawn_failed', path: '/usr/bin/npm', code: 'EACCES' }, ['warning exit']],
  [
    'may not be trusted',
    { kind: 'untrusted', path: '/usr/bin/npm', reason: 'its folder is writable by others' },
    [],
  ],
  ['may not be run', { kind: 'disabled' }, []],
])('npm that only can be asked and %s', async (_name, npm, issues) => {
  expect(shape(await examine(shimmed, { npm }))).toEqual(issues);
});

test('npm that is asked and names the folder of the copy that runs is no mismatch', async () => {
  const root = plantTree(shimmed);
  const stdout = `npm warn config\n${root}/usr/lib/node_modules\n`;
  const verdict = await examineRoot(root, { npm: { kind: 'exited', exitCode: 0, stdout, ...answer } });
  expect(shape(verdict)).toEqual([]);
});

test.each([
  ['volta', '.volta/tools/image/packages/@openai/codex/lib/node_modules'],
  ['pnpm', '.local/share/pnpm/global/5/.pnpm/@openai+codex@0.169.0/node_modules'],
  ['bun', '.bun/install/global/node_modules'],
])("a copy of %s is none of npm's business", async (_name, modules) => {
  const verdict = await examine(
    {
      ...npmUnder('usr'),
      ...codexPackage(modules),
      'bin/codex': { link: `../${modules}/@openai/codex/bin/codex.js` },
    },
    { path: ['bin', 'usr/bin'] },
  );
  expect(shape(verdict)).toEqual([]);
});
