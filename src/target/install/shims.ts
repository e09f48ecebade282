import { basename, dirname, join, resolve } from 'node:path';
import type { Files } from '../../host/files.ts';
import { programKind } from './executable.ts';
import { readJsonObject } from './manifest.ts';
import { withSlashes } from './owner.ts';

/** A stand-in on the search path that starts a program kept elsewhere. */
export type Shim =
  /** Always starts this file. */
  | { readonly kind: 'launcher'; readonly starts: string }
  /** Starts one of these, by the folder it is started from. */
  | { readonly kind: 'manager'; readonly manager: string; readonly starts: readonly string[] };

export interface ShimSearch {
  readonly command: string;
  readonly packageName: string;
  readonly entry: string;
  readonly files: Files;
}

/** Folders that are listed to find what a version manager could start; a machine has few versions of few tools. */
const MAX_FOLDERS = 500;

/**
 * What a shim would start, told from its content and its place.
 * @param path as found on the search path
 * @param realPath its canonical path
 */
export function shimAt(path: string, realPath: string, search: ShimSearch): Shim | undefined {
  const manager = /^(mise|rtx|volta-shim)(?:[-.].*)?$/u.exec(basename(realPath))?.[1];
  if (manager === 'volta-shim') return voltaShim(path, search);
  const root = dirname(dirname(path));
  if (manager !== undefined)
    return { kind: 'manager', manager, starts: installed(join(root, 'installs'), 2, search) };
  const program = programKind(realPath, search.files);
  if (program.kind !== 'script') return undefined;
  if (/\basdf exec\b/u.test(program.text))
    return { kind: 'manager', manager: 'asdf', starts: installed(join(root, 'installs'), 2, search) };
  if (/\bnodenv\b/u.test(program.text))
    return { kind: 'manager', manager: 'nodenv', starts: installed(join(root, 'versions'), 1, search) };
  return launcher(realPath, program.text);
}

/** Volta starts the package that its own record names, whatever the folder. */
function voltaShim(path: string, { command, packageName, entry, files }: ShimSearch): Shim {
  const tools = join(dirname(dirname(path)), 'tools');
  const record = readJsonObject(join(tools, 'user', 'bins', `${command}.json`), files);
  const image = join(tools, 'image', 'packages', packageName);
  const starts = [
    join(image, 'lib', 'node_modules', packageName, entry),
    join(image, 'node_modules', packageName, entry),
  ];
  const found =
    record?.['package'] === packageName
      ? starts.find((start) => files.look(start).kind === 'found')
      : undefined;
  return { kind: 'manager', manager: 'volta', starts: found === undefined ? [] : [found] };
}

/**
 * The scripts that npm and pnpm write where they cannot link: a path relative to the script's own folder, which a
 * POSIX script calls `$basedir`, a batch file `%dp0%` or `%~dp0` and PowerShell `$basedir`.
 */
function launcher(realPath: string, text: string): Shim | undefined {
  const match = /"(?:\$basedir|%dp0%|%~dp0)[\\/]*([^"$%]+\.[cm]?js)"/u.exec(text);
  if (!match?.[1]) return undefined;
  return { kind: 'launcher', starts: resolve(dirname(realPath), withSlashes(match[1])) };
}

/** Every `bin/<command>` so many folders below a root. */
function installed(root: string, depth: number, search: ShimSearch): string[] {
  let folders = [root];
  for (let level = 0; level < depth; level += 1) {
    folders = folders.flatMap((folder) => {
      const listed = search.files.list(folder, { maxEntries: MAX_FOLDERS });
      // Links among them are aliases such as `22` and `lts` of folders that are listed themselves.
      return listed.kind === 'read'
        ? listed.entries.filter(({ type }) => type === 'directory').map(({ name }) => join(folder, name))
        : [];
    });
    folders = folders.slice(0, MAX_FOLDERS);
  }
  return folders
    .map((folder) => join(folder, 'bin', search.command))
    .filter((path) => search.files.look(path).kind === 'found');
}
