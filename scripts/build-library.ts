import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import type { Metafile } from 'esbuild';
import { INSTALLED_PACKAGES, LARGE_PACKAGES, lightYargs, SHARED_OPTIONS } from './build-program.ts';

/** What other programs import, by the name of its file in `dist`. */
const ENTRIES = {
  index: 'src/index.ts',
  agent: 'src/agent/index.ts',
  checks: 'src/library/checks.ts',
  reporters: 'src/library/reporters.ts',
  testing: 'src/testing/index.ts',
};

/**
 * Builds what other programs and plugins import: ES modules that share their chunks.
 * @param folder the `dist` of a package, absolute; made where it is missing
 * @returns what went into each file
 */
export async function buildLibrary(folder: string): Promise<Metafile> {
  const { metafile } = await build({
    ...SHARED_OPTIONS,
    format: 'esm',
    plugins: [lightYargs],
    // Bundled, a CommonJS package has no named exports for an import() of an ES module.
    external: [...INSTALLED_PACKAGES, ...LARGE_PACKAGES],
    entryPoints: ENTRIES,
    outdir: folder,
    splitting: true,
    chunkNames: 'chunks/[name]-[hash]',
    metafile: true,
    // Bundled CommonJS packages call require(); an ES module has none of its own.
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
  });
  return metafile;
}

/** Writes the types of the library. @param folder `dist/types` of a package, absolute */
export async function buildTypes(folder: string): Promise<void> {
  const root = join(import.meta.dirname, '..');
  await promisify(execFile)('tsc', ['-p', join(root, 'tsconfig.build.json'), '--outDir', folder], {
    shell: process.platform === 'win32',
  });
}
