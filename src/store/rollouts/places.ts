import type { Files } from '../../host/files.ts';

/**
 * Turns the folders of stored paths into folders of the home, both with the separator at their end. The same folder comes
 * out however the path is spelled; undefined when it leads outside.
 */
export function createPlaces(files: Files, home: string): (folder: string) => string | undefined {
  const homes = [...new Set([home, files.realpath(home) ?? home])];
  return (folder) => {
    if (!/^([\\/]|[A-Za-z]:)/.test(folder)) return folder.replace(/^\.\//, '');
    const inside = belowOneOf(homes, folder);
    if (inside !== undefined) return inside;
    const real = files.realpath(folder.slice(0, -1));
    return real === undefined ? undefined : belowOneOf(homes, `${real}/`);
  };
}

function belowOneOf(homes: readonly string[], folder: string): string | undefined {
  const home = homes.find((one) => folder.startsWith(`${one}/`));
  return home === undefined ? undefined : folder.slice(home.length + 1);
}
