import { join } from 'node:path';
import { expect, test } from 'vitest';
import { codexPackage, elfProgram, plantTree } from '../../../fixtures/install.ts';
import type { Planted } from '../../../fixtures/install.ts';
import { files } from '../../host/files.ts';
import { codex, stethos } from '../profile.ts';
import { findInstall } from './install.ts';

const LINUX = { platform: 'linux', architecture: 'x64' } as const;

function find(tree: Readonly<Record<string, Planted>>, folders: readonly string[], machine = LINUX) {
  const root = plantTree(tree);
  const env = { PATH: folders.map((folder) => join(root, folder)).join(':'), HOME: root };
  const home = { profile: codex, path: join(root, '.codex'), source: 'default' };
  return { root, facts: findInstall({ home, env, files, machine }) };
}

const linkTo = (target: string): Planted => ({ link: target });
const launcherIn = (modules: string): string => `${modules}/@openai/codex/bin/codex.js`;
const script = (text: string): Planted => ({ executable: text });

interface Layout {
  readonly name: string;
  readonly tree: Readonly<Record<string, Planted>>;
  readonly folder: string;
  readonly method: string;
  readonly manager?: string;
  readonly update: string | undefined;
}

const layouts: readonly Layout[] = [
  {
    name: 'npm, global',
    tree: {
      ...codexPackage('usr/lib/node_modules'),
      'usr/bin/codex': linkTo(`../lib/${launcherIn('node_modules')}`),
    },
    folder: 'usr/bin',
    method: 'npm',
    update: 'npm install --global @openai/codex@latest',
  },
  {
    name: 'npm through nvm',
    tree: {
      ...codexPackage('.nvm/versions/node/v24.1.0/lib/node_modules'),
      '.nvm/versions/node/v24.1.0/bin/codex': linkTo(`../lib/${launcherIn('node_modules')}`),
    },
    folder: '.nvm/versions/node/v24.1.0/bin',
    method: 'npm',
    manager: 'nvm',
    update: 'npm install --global @openai/codex@latest',
  },
  {
    name: 'npm through fnm',
    tree: {
      ...codexPackage('.local/share/fnm/node-versions/v24.1.0/installation/lib/node_modules'),
      '.local/share/fnm/node-versions/v24.1.0/installation/bin/codex': linkTo(
        `../lib/${launcherIn('node_modules')}`,
      ),
      'run/fnm_multishells/1_2': linkTo('../../.local/share/fnm/node-versions/v24.1.0/installation'),
    },
    folder: 'run/fnm_multishells/1_2/bin',
    method: 'npm',
    manager: 'fnm',
    update: 'npm install --global @openai/codex@latest',
  },
  {
    name: 'npm through a shim of mise',
    tree: {
      ...codexPackage('.local/share/mise/installs/node/24.1.0/lib/node_modules'),
      '.local/share/mise/installs/node/24.1.0/bin/codex': linkTo(`../lib/${launcherIn('node_modules')}`),
      '.local/share/mise/installs/node/24': linkTo('24.1.0'),
      '.local/bin/mise': { executable: elfProgram() },
      '.local/share/mise/shims/codex': linkTo('../../../bin/mise'),
    },
    folder: '.local/share/mise/shims',
    method: 'npm',
    manager: 'mise',
    update: 'npm install --global @openai/codex@latest',
  },
  {
    name: 'a tool of mise',
    tree: {
      ...codexPackage('.local/share/mise/installs/npm-openai-codex/0.169.0/lib/node_modules'),
      '.local/share/mise/installs/npm-openai-codex/0.169.0/bin/codex': linkTo(
        `../lib/${launcherIn('node_modules')}`,
      ),
    },
    folder: '.local/share/mise/installs/npm-openai-codex/0.169.0/bin',
    method: 'mise',
    manager: 'mise',
    update: 'mise upgrade npm:@openai/codex',
  },
  {
    name: 'npm through a shim of asdf',
    tree: {
      ...codexPackage('.asdf/installs/nodejs/24.1.0/lib/node_modules'),
      '.asdf/installs/nodejs/24.1.0/bin/codex': linkTo(`../lib/${launcherIn('node_modules')}`),
      '.asdf/shims/codex': script('#!/usr/bin/env bash\nexec asdf exec "codex" "$@"\n'),
    },
    folder: '.asdf/shims',
    method: 'npm',
    manager: 'asdf',
    update: 'npm install --global @openai/codex@latest',
  },
  {
    name: 'volta',
    tree: {
      ...codexPackage('.volta/tools/image/packages/@openai/codex/lib/node_modules'),
      '.volta/tools/user/bins/codex.json': '{"name": "codex", "package": "@openai/codex"}',
      '.volta/bin/volta-shim': { executable: elfProgram() },
      '.volta/bin/codex': linkTo('volta-shim'),
    },
    folder: '.volta/bin',
    method: 'volta',
    manager: 'volta',
    update: 'volta install @openai/codex',
  },
  {
    name: 'pnpm, through its script',
    tree: {
      ...codexPackage('.local/share/pnpm/global/5/.pnpm/@openai+codex@0.169.0/node_modules'),
      '.local/share/pnpm/global/5/node_modules/@openai/codex': linkTo(
        '../../.pnpm/@openai+codex@0.169.0/node_modules/@openai/codex',
      ),
      '.local/share/pnpm/codex': script(
        '#!/bin/sh\nbasedir=$(dirname "$0")\nexec node  "$basedir/global/5/node_modules/@openai/codex/bin/codex.js" "$@"\n',
      ),
    },
    folder: '.local/share/pnpm',
    method: 'pnpm',
    update: 'pnpm add --global @openai/codex@latest',
  },
  {
    name: 'bun',
    tree: {
      ...codexPackage('.bun/install/global/node_modules'),
      '.bun/bin/codex': linkTo(`../install/global/${launcherIn('node_modules')}`),
    },
    folder: '.bun/bin',
    method: 'bun',
    update: 'bun add --global @openai/codex@latest',
  },
  {
    name: 'yarn',
    tree: {
      ...codexPackage('.config/yarn/global/node_modules'),
      '.config/yarn/global/package.json': '{"dependencies": {}}',
      '.yarn/bin/codex': linkTo(`../../.config/yarn/global/${launcherIn('node_modules')}`),
    },
    folder: '.yarn/bin',
    method: 'yarn',
    update: 'yarn global add @openai/codex@latest',
  },
  {
    name: 'Vite+',
    tree: {
      ...codexPackage('.vite-plus/packages/@openai/codex/lib/node_modules'),
      '.vite-plus/packages/@openai/codex.json': '{"name": "@openai/codex"}',
      '.vite-plus/bin/codex': linkTo(`../packages/@openai/codex/lib/${launcherIn('node_modules')}`),
    },
    folder: '.vite-plus/bin',
    method: 'vite+',
    update: 'vp install -g @openai/codex@latest',
  },
  {
    name: 'Homebrew cask',
    tree: {
      'opt/homebrew/Caskroom/codex/0.169.0/codex-aarch64-apple-darwin': { executable: elfProgram() },
      'opt/homebrew/bin/codex': linkTo('../Caskroom/codex/0.169.0/codex-aarch64-apple-darwin'),
    },
    folder: 'opt/homebrew/bin',
    method: 'brew',
    update: 'brew upgrade --cask codex',
  },
  {
    name: 'npm of Homebrew, which is npm all the same',
    tree: {
      ...codexPackage('opt/homebrew/lib/node_modules'),
      'opt/homebrew/bin/codex': linkTo(`../lib/${launcherIn('node_modules')}`),
    },
    folder: 'opt/homebrew/bin',
    method: 'npm',
    manager: 'brew',
    update: 'npm install --global @openai/codex@latest',
  },
  {
    name: "the agent's own installer",
    tree: {
      '.codex/packages/standalone/releases/0.169.0-x86_64-unknown-linux-musl/bin/codex': {
        executable: elfProgram(),
      },
      '.codex/packages/standalone/current': linkTo('releases/0.169.0-x86_64-unknown-linux-musl'),
      '.local/bin/codex': linkTo('../../.codex/packages/standalone/current/bin/codex'),
    },
    folder: '.local/bin',
    method: 'standalone',
    update: 'codex update',
  },
  {
    name: 'a release unpacked by hand, with its manifest',
    tree: {
      'opt/codex/codex-package.json': '{"layoutVersion": 1, "version": "0.169.0"}',
      'opt/codex/bin/codex': { executable: elfProgram() },
    },
    folder: 'opt/codex/bin',
    method: 'other',
    update: undefined,
  },
];

test.each(layouts)('recognises $name', ({ tree, folder, method, manager, update }) => {
  const { facts } = find(tree, [folder]);
  expect(facts.active).toMatchObject({ method, version: '0.169.0' });
  expect(facts.active?.nodeManager).toBe(manager);
  expect(facts.active?.updateCommand).toBe(update);
  expect(facts.active?.native?.kind).toBe('present');
});

test('a dependency of a project is updated in that project', () => {
  const { root, facts } = find(
    {
      ...codexPackage('app/node_modules'),
      'app/package.json': '{"name": "app"}',
      'app/node_modules/.bin/codex': linkTo('../@openai/codex/bin/codex.js'),
    },
    ['app/node_modules/.bin'],
  );
  expect(facts.active?.method).toBe('npm project');
  expect(facts.active?.updateCommand).toBe(`npm install --prefix ${root}/app @openai/codex@latest`);
});

test('a local build has no version to tell', () => {
  const { facts } = find({ 'src/codex-rs/target/debug/codex': { executable: elfProgram() } }, [
    'src/codex-rs/target/debug',
  ]);
  expect(facts.active).toMatchObject({ method: 'local build', version: undefined });
});

test('a shim that may start several copies starts none that can be told', () => {
  const copy = (version: string) => ({
    ...codexPackage(`mise/installs/node/${version}/lib/node_modules`, { version: `0.${version}` }),
    [`mise/installs/node/${version}/bin/codex`]: linkTo(`../lib/${launcherIn('node_modules')}`),
  });
  const { facts } = find(
    {
      ...copy('22.1.0'),
      ...copy('24.1.0'),
      'mise/bin/mise': { executable: elfProgram() },
      'mise/shims/codex': linkTo('../bin/mise'),
    },
    ['mise/shims'],
  );
  expect(facts.first?.identity).toMatchObject({ kind: 'shim', manager: 'mise' });
  expect(facts.active).toBeUndefined();
});

test.each<[string, Readonly<Record<string, Planted>>, object]>([
  ['a dangling link', { 'bin/codex': linkTo('nowhere') }, { kind: 'unusable', reason: 'dangling' }],
  ['a looping link', { 'bin/codex': linkTo('codex') }, { kind: 'unusable', reason: 'loop' }],
  [
    'a folder',
    { 'bin/codex': { folder: true } },
    { kind: 'unusable', reason: 'not_a_file', type: 'directory' },
  ],
  [
    'a file without the right to execute',
    { 'bin/codex': '#!/bin/sh\n' },
    { kind: 'unusable', reason: 'not_executable' },
  ],
  ['an empty program', { 'bin/codex': script('') }, { kind: 'unrecognised', isForeign: true }],
  ['a script', { 'bin/codex': script('#!/bin/sh\nexit 1\n') }, { kind: 'unrecognised', isForeign: true }],
  [
    'a native program without metadata',
    { 'bin/codex': { executable: elfProgram() } },
    { kind: 'unrecognised', isForeign: false },
  ],
  [
    'another package of that name',
    {
      'lib/node_modules/codex/package.json': '{"name": "codex", "version": "9.9.9"}',
      'lib/node_modules/codex/cli.js': script('#!/usr/bin/env node\n'),
      'bin/codex': linkTo('../lib/node_modules/codex/cli.js'),
    },
    { kind: 'unrecognised', what: 'a script of the package codex' },
  ],
  [
    'a hostile manifest',
    {
      'lib/node_modules/@openai/codex/package.json':
        '{"__proto__": {"name": "@openai/codex"}, "name": ["@openai/codex"]}',
      'lib/node_modules/@openai/codex/bin/codex.js': script('#!/usr/bin/env node\n'),
      'bin/codex': linkTo('../lib/node_modules/@openai/codex/bin/codex.js'),
    },
    { kind: 'unrecognised' },
  ],
])('%s is named and never taken for the agent', (_name, tree, identity) => {
  const { facts } = find(tree, ['bin']);
  expect(facts.onPath[0]?.identity).toMatchObject(identity);
  expect(facts.active).toBeUndefined();
});

test('says which platform package is wanted and which is there instead', () => {
  const tree = {
    ...codexPackage('usr/lib/node_modules'),
    'usr/bin/codex': linkTo(`../lib/${launcherIn('node_modules')}`),
  };
  const root = plantTree(tree);
  const facts = findInstall({
    home: { profile: codex, path: join(root, '.codex'), source: 'default' },
    env: { PATH: join(root, 'usr/bin') },
    files,
    machine: { platform: 'linux', architecture: 'arm64' },
  });
  expect(facts.active?.native).toEqual({
    kind: 'absent',
    wanted: '@openai/codex-linux-arm64',
    others: ['@openai/codex-linux-x64'],
  });
});

test('a copy off the search path is found where its installer puts it', () => {
  const { root, facts } = find(
    {
      '.codex/packages/standalone/current/bin/codex': { executable: elfProgram() },
      '.codex/packages/standalone/current/codex-package.json': '{"version": "0.169.0"}',
    },
    ['bin'],
  );
  expect(facts.first).toBeUndefined();
  expect(facts.elsewhere.map(({ executable }) => executable)).toContain(
    join(root, '.codex/packages/standalone/current/bin/codex'),
  );
});

test('stethos itself is the copy that runs when its own home is examined', () => {
  const facts = findInstall({
    home: { profile: stethos, path: '/nonexistent', source: 'default' },
    env: {},
    files,
    machine: LINUX,
  });
  expect(facts.active?.packageRoot).toBe(files.realpath(process.cwd()));
});

test('the launcher tells its children who installed it', () => {
  const home = { profile: codex, path: '/nonexistent', source: 'default' };
  const env = { CODEX_MANAGED_BY_VITE_PLUS: '1', CODEX_MANAGED_PACKAGE_ROOT: '/opt/x' };
  const { managed } = findInstall({ home, env, files });
  expect(managed).toEqual({
    by: { npm: false, bun: false, pnpm: false, 'vite+': true },
    packageRoot: '/opt/x',
  });
});
