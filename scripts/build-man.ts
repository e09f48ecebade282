import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { manPages } from './man/pages.ts';
import type { Edition } from './man/pages.ts';

/**
 * Writes the man pages: `man/stethos.1` and one for each command.
 * @param folder the `dist` of a package, absolute
 */
export async function buildMan(folder: string, edition: Edition): Promise<void> {
  await mkdir(join(folder, 'man'), { recursive: true });
  for (const [name, text] of manPages(edition)) await writeFile(join(folder, 'man', name), text);
}
