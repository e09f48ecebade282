import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { buildSite } from './site/site.ts';

/* `npm run build:site [folder]`: the documentation as a static site, in `site` where no folder is named. */

const root = join(import.meta.dirname, '..');
const folder = resolve(process.argv[2] ?? join(root, 'site'));
const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
const external = await buildSite({ root, folder, version });
console.log(`built the site in ${folder}; it links to\n${external.join('\n')}`);
