import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { SearchEntry } from './search.ts';

const here = import.meta.dirname;

/** Writes what all pages share. The index is a script, because a page on a disk may not fetch. */
export async function writeAssets(folder: string, entries: readonly SearchEntry[]): Promise<void> {
  const assets = join(folder, 'assets');
  await mkdir(assets, { recursive: true });
  await copyFile(join(here, 'style.css'), join(assets, 'style.css'));
  await copyFile(join(here, 'site.js'), join(assets, 'site.js'));
  const { resolve } = createRequire(import.meta.url);
  const library = await readFile(join(resolve('minisearch'), '../../umd/index.js'), 'utf8');
  // Its map stays behind.
  await writeFile(join(assets, 'minisearch.js'), library.replace(/^\/\/# sourceMappingURL=.*$/m, ''));
  await writeFile(join(assets, 'search-index.js'), `window.stethosPages = ${JSON.stringify(entries)};\n`);
}
