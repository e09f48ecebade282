import { dirname, isAbsolute, join, resolve } from 'node:path';
import type { Files } from '../../host/files.ts';
import { findOnPath } from '../../host/search-path.ts';
import type { Environment } from '../home.ts';
import { searchPathOf, userDirectory } from '../home.ts';
import { readManifest } from './manifest.ts';
import { withSlashes } from './owner.ts';

/** Where `npm install --global` would put a package, as far as files tell. */
export type NpmRoot =
  | { readonly kind: 'known'; readonly npm: string; readonly root: string; readonly source: string }
  /** Only npm itself can tell. */
  | { readonly kind: 'unknown'; readonly npm: string; readonly reason: string }
  | { readonly kind: 'no_npm' };

interface NpmSearch {
  readonly env: Environment;
  readonly cwd: string;
  readonly files: Files;
  readonly platform?: NodeJS.Platform;
}

/**
 * npm's global folder from npm's own sources, by its precedence: environment, user file, global file, the file that
 * came with npm, and else the folder above the Node.js that runs it. A project's own file does not count for `--global`.
 */
export function npmRoot({ env, cwd, files, platform = process.platform }: NpmSearch): NpmRoot {
  const npm = firstOnPath('npm', env, files);
  if (npm === undefined) return { kind: 'no_npm' };
  const npmPackage = dirname(dirname(npm.realPath));
  if (readManifest(npmPackage, 'package.json', files)?.name !== 'npm')
    return { kind: 'unknown', npm: npm.path, reason: 'npm is a stand-in of a version manager' };
  const node = firstOnPath('node', env, files);
  if (node === undefined || !/^node(?:\.exe)?$/u.test(lastPart(node.realPath)))
    return { kind: 'unknown', npm: npm.path, reason: 'the Node.js that runs npm is not known' };

  const bundled = readSettings(join(npmPackage, 'npmrc'), env, files);
  const user = userDirectory(env);
  const userFile = setting(env, 'userconfig') ?? bundled.get('userconfig') ?? join(user, '.npmrc');
  const userSettings = readSettings(resolve(cwd, expandHome(userFile, user)), env, files);
  const ownPrefix = env['PREFIX'] || defaultPrefix(node.realPath, env, platform);
  const globalFile =
    setting(env, 'globalconfig') ??
    userSettings.get('globalconfig') ??
    bundled.get('globalconfig') ??
    join(ownPrefix, 'etc', 'npmrc');
  const globalPath = resolve(cwd, expandHome(globalFile, user));

  const sources: readonly (readonly [string | undefined, string])[] = [
    [setting(env, 'prefix'), 'npm_config_prefix'],
    [userSettings.get('prefix'), userFile],
    [readSettings(globalPath, env, files).get('prefix'), globalPath],
    [bundled.get('prefix'), join(npmPackage, 'npmrc')],
    [ownPrefix, node.path],
  ];
  const [prefix, source] = sources.find(([value]) => value) ?? [ownPrefix, node.path];
  return {
    kind: 'known',
    npm: npm.path,
    root: rootUnder(resolve(cwd, expandHome(prefix ?? ownPrefix, user)), platform),
    source,
  };
}

const rootUnder = (prefix: string, platform: NodeJS.Platform): string =>
  platform === 'win32' ? join(prefix, 'node_modules') : join(prefix, 'lib', 'node_modules');

/** The prefix to which a package in a global `node_modules` folder belongs, or undefined when it is no global folder. */
export function prefixOf(modules: string, platform: NodeJS.Platform = process.platform): string | undefined {
  if (platform === 'win32') return dirname(modules);
  return lastPart(dirname(modules)) === 'lib' ? dirname(dirname(modules)) : undefined;
}

/**
 * The folder in the output of `npm root -g`, or undefined when there is none. Warnings of npm may stand before it.
 */
export function parseNpmRoot(stdout: string): string | undefined {
  const last = stdout.trim().split(/\r?\n/u).at(-1)?.trim();
  return last !== undefined && isAbsolute(last) ? last : undefined;
}

/** Equal as far as the file system is concerned: one spelling of separators, no case on Windows, no trailing slash. */
export function isSamePath(a: string, b: string, platform: NodeJS.Platform = process.platform): boolean {
  return comparable(a, platform) === comparable(b, platform);
}

function comparable(path: string, platform: NodeJS.Platform): string {
  const slashed = platform === 'win32' ? withSlashes(path).toLowerCase() : path;
  const trimmed = slashed.replace(/^\/\/\?\//u, '').replace(/(?<=.)\/+$/su, '');
  // macOS shows the same folder with and without this prefix.
  return platform === 'darwin' ? trimmed.replace(/^\/private(?=\/(?:var|tmp|etc)\/)/u, '') : trimmed;
}

function firstOnPath(
  name: string,
  env: Environment,
  files: Files,
): { path: string; realPath: string } | undefined {
  for (const { path, realPath, state } of findOnPath(name, searchPathOf(env), files))
    if (state === 'executable' && realPath !== undefined) return { path, realPath };
  return undefined;
}

/** npm reads `npm_config_*` in any case; an empty value counts as unset. */
function setting(env: Environment, key: string): string | undefined {
  const wanted = `npm_config_${key}`;
  return Object.entries(env).find(([name, value]) => value && name.toLowerCase() === wanted)?.[1];
}

function defaultPrefix(node: string, env: Environment, platform: NodeJS.Platform): string {
  if (platform === 'win32') return dirname(node);
  const prefix = dirname(dirname(node));
  return env['DESTDIR'] ? join(env['DESTDIR'], prefix) : prefix;
}

/** The top-level `key = value` lines of an npmrc, with environment variables put in. */
function readSettings(path: string, env: Environment, files: Files): ReadonlyMap<string, string> {
  const settings = new Map<string, string>();
  const read = files.readText(path);
  if (read.kind !== 'read') return settings;
  for (const line of read.text.split(/\r?\n/u)) {
    if (/^\s*\[/u.test(line)) break;
    const match = /^\s*([^#;=\s][^=]*?)\s*=\s*(.*?)\s*$/u.exec(line);
    if (match?.[1] && match[2]) settings.set(match[1], expandVariables(unquoted(match[2]), env));
  }
  return settings;
}

const unquoted = (value: string): string => /^(["'])(.*)\1$/u.exec(value)?.[2] ?? value;

/** `${NAME}` is replaced when NAME is set and stays as it is otherwise; `${NAME?}` may vanish. */
const expandVariables = (value: string, env: Environment): string =>
  value.replaceAll(/\$\{([^${}?]+)(\??)\}/gu, (whole, name: string, optional: string) => {
    const found = Object.hasOwn(env, name) ? env[name] : undefined;
    return found ?? (optional ? '' : whole);
  });

const expandHome = (path: string, user: string): string =>
  /^~[/\\]/u.test(path) ? join(user, path.slice(2)) : path;

const lastPart = (path: string): string => withSlashes(path).split('/').at(-1) ?? '';
