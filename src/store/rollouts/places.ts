import type { Files } from '../../host/files.ts';
import { plainName } from './name.ts';

/**
 * Turns stored paths into places relative to the home, without the suffix of compression. The same place comes out
 * however the path is spelled; undefined when it leads outside. Folders are resolved once.
 */
export function createPlaces(files: Files, home: string): (path: string) => string | undefined {
  const homes = [...new Set([home, files.realpath(home) ?? home])];
  const realpath = memoise((folder: string) => files.realpath(folder));
  return memoise((path: string) => placeInHome(realpath, homes, path));
}

function placeInHome(
  realpath: Files['realpath'],
  homes: readonly string[],
  path: string,
): string | undefined {
  const plain = plainName(path);
  if (!/^([\\/]|[A-Za-z]:)/.test(plain)) return plain.replace(/^\.\//, '');
  for (const home of homes) if (plain.startsWith(`${home}/`)) return plain.slice(home.length + 1);
  const cut = plain.lastIndexOf('/');
  const folder = realpath(plain.slice(0, cut));
  for (const home of homes)
    if (folder !== undefined && folder.startsWith(`${home}/`))
      return `${folder.slice(home.length + 1)}/${plain.slice(cut + 1)}`;
  return undefined;
}

function memoise<Value>(find: (key: string) => Value): (key: string) => Value {
  const found = new Map<string, Value>();
  return (key) => {
    if (!found.has(key)) found.set(key, find(key));
    return found.get(key) as Value;
  };
}
