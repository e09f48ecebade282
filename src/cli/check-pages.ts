import { readdirSync } from 'node:fs';
import { hostname } from 'node:os';
import { pathToFileURL } from 'node:url';
import { packageFile } from './package-file.ts';

/**
 * The address of each check's page in this package, by its id. With the name of this machine, as terminals want it: one that
 * shows a session on another machine must not open a file of its own. Only for a terminal, since paths name the user.
 */
export function checkPages(): Readonly<Record<string, string>> {
  const folder = packageFile('docs/checks');
  const pages = readdirSync(folder).filter((name) => name.endsWith('.md'));
  return Object.fromEntries(
    pages.map((name) => [name.slice(0, -'.md'.length), fileUrl(`${folder}/${name}`)]),
  );
}

function fileUrl(path: string): string {
  const url = pathToFileURL(path);
  // On Windows a machine in a file's address is another one.
  if (process.platform !== 'win32') url.hostname = hostname();
  return url.href;
}
