import { readFile, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { buildLibrary, buildTypes } from './build-library.ts';
import { buildMan } from './build-man.ts';
import { buildProgram } from './build-program.ts';

/* Everything that is published: the program, the library and its types. */

await rm('dist', { recursive: true, force: true });
await buildProgram(resolve('dist'));
await buildLibrary(resolve('dist'));
await buildTypes(resolve('dist/types'));
const { version } = JSON.parse(await readFile('package.json', 'utf8')) as { version: string };
await buildMan(resolve('dist'), { version, date: new Date().toISOString().slice(0, 10) });
console.log(`built stethos ${version}`);
