import { basename, dirname, join } from 'node:path';
import type { Files } from '../../host/files.ts';
import { shellPath } from '../../host/shell-path.ts';
import type { InstallMethod } from './facts.ts';
import { readJsonObject } from './manifest.ts';

export interface Owner {
  readonly method: InstallMethod;
  readonly updateCommand: string | undefined;
}

/** Folders in which pnpm keeps global installations, by version and setting. */
const PNPM_GLOBAL = /\/\.?pnpm\/(?:global|store)\/|\/\.?pnpm-global\//u;

/**
 * Who installed a package, told from where it lies and from what its installer left beside it.
 * @param packageRoot canonical folder of the package
 */
export function ownerOfPackage(packageRoot: string, packageName: string, files: Files): Owner {
  const path = withSlashes(packageRoot);
  const latest = `${packageName}@latest`;
  if (path.includes('/tools/image/packages/')) return owner('volta', `volta install ${packageName}`);
  if (path.includes('/.bun/install/global/')) return owner('bun', `bun add --global ${latest}`);
  const tool = /\/mise\/installs\/(npm-[^/]+)\//u.exec(path)?.[1];
  if (tool !== undefined) return owner('mise', `mise upgrade npm:${packageName}`);
  if (isVitePlusPackage(packageRoot, packageName, files)) return owner('vite+', `vp install -g ${latest}`);
  if (/\/yarn\/(?:data\/)?global\/node_modules\//iu.test(path))
    return owner('yarn', `yarn global add ${latest}`);
  if (PNPM_GLOBAL.test(path)) return owner('pnpm', `pnpm add --global ${latest}`);
  const modules = modulesFolder(packageRoot, packageName);
  if (modules === undefined) return owner('other');
  const holder = dirname(modules);
  // pnpm keeps a project's packages under `node_modules/.pnpm`, which is not where its manifest stands.
  if (path.includes('/node_modules/.pnpm/')) return owner('npm project');
  const isProject = basename(holder) !== 'lib' && files.look(join(holder, 'package.json')).kind === 'found';
  return isProject
    ? owner('npm project', `npm install --prefix ${shellPath(holder)} ${latest}`)
    : owner('npm', `npm install --global ${latest}`);
}

/** The `node_modules` folder in which a package stands, or undefined when it stands elsewhere, as a source checkout does. */
export function modulesFolder(packageRoot: string, packageName: string): string | undefined {
  const folder = packageName.startsWith('@') ? dirname(dirname(packageRoot)) : dirname(packageRoot);
  return basename(folder) === 'node_modules' ? folder : undefined;
}

const NODE_MANAGERS: readonly (readonly [RegExp, string])[] = [
  [/\/\.?nvm\/versions\/node\//u, 'nvm'],
  [/\/(?:fnm_multishells|\.?fnm\/node-versions)\//u, 'fnm'],
  [/\/mise\/installs\//u, 'mise'],
  [/\/\.?asdf\/installs\//u, 'asdf'],
  [/\/\.?nodenv\/versions\//u, 'nodenv'],
  [/\/\.?volta\//iu, 'volta'],
  [/\/(?:Cellar\/node(?:@\d+)?|homebrew\/lib\/node_modules)\//u, 'brew'],
];

/** The version manager that owns the Node.js in whose folder a path lies. */
export function nodeManagerOf(path: string): string | undefined {
  const slashed = withSlashes(path);
  return NODE_MANAGERS.find(([pattern]) => pattern.test(slashed))?.[1];
}

export const withSlashes = (path: string): string => path.replaceAll('\\', '/');

const owner = (method: InstallMethod, updateCommand?: string): Owner => ({
  method,
  updateCommand,
});

/** Vite+ records the active global installation of a package in `packages/<name>.json`. */
function isVitePlusPackage(packageRoot: string, packageName: string, files: Files): boolean {
  const slashed = withSlashes(packageRoot);
  const end = slashed.lastIndexOf(`/packages/${packageName}`);
  if (end === -1) return false;
  const record = join(packageRoot.slice(0, end), 'packages', `${packageName}.json`);
  return readJsonObject(record, files)?.['name'] === packageName;
}
