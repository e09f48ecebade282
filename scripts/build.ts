import { execFileSync } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { build } from 'esbuild';
import { buildMan } from './build-man.ts';
import {
  buildProgram,
  INSTALLED_PACKAGES,
  LARGE_PACKAGES,
  lightYargs,
  PARTS,
  SHARED_OPTIONS,
} from './build-program.ts';

/* Everything that is published: the program, the library and its types. */

await rm('dist', { recursive: true, force: true });
await buildProgram(resolve('dist'));
await build({
  ...SHARED_OPTIONS,
  format: 'esm',
  plugins: [lightYargs],
  // Bundled, a CommonJS package has no named exports for an import() of an ES module.
  external: [...INSTALLED_PACKAGES, ...LARGE_PACKAGES],
  entryPoints: { index: 'src/index.ts', agent: PARTS['agent'] ?? '', testing: 'src/testing/index.ts' },
  outdir: 'dist',
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  // Bundled CommonJS packages call require(); an ES module has none of its own.
  banner: {
    js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
  },
});
execFileSync('tsc', ['-p', 'tsconfig.build.json'], { stdio: 'inherit', shell: process.platform === 'win32' });
const { version } = JSON.parse(await readFile('package.json', 'utf8')) as { version: string };
await buildMan(resolve('dist'), { version, date: new Date().toISOString().slice(0, 10) });
console.log(`built stethos ${version}`);
