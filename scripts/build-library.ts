import { build } from 'esbuild';
import { INSTALLED_PACKAGES, LARGE_PACKAGES, lightYargs, PARTS, SHARED_OPTIONS } from './build-program.ts';

/** What other programs import, by the name of its file in `dist`. */
const ENTRIES: Readonly<Record<string, string>> = {
  index: 'src/index.ts',
  agent: PARTS['agent'] ?? '',
  testing: 'src/testing/index.ts',
};

/**
 * Builds what other programs and plugins import; its types are made by tsc.
 * @param folder the `dist` of a package, absolute; made where it is missing
 */
export async function buildLibrary(folder: string): Promise<void> {
  await build({
    ...SHARED_OPTIONS,
    format: 'esm',
    plugins: [lightYargs],
    // Bundled, a CommonJS package has no named exports for an import() of an ES module.
    external: [...INSTALLED_PACKAGES, ...LARGE_PACKAGES],
    entryPoints: ENTRIES,
    outdir: folder,
    splitting: true,
    chunkNames: 'chunks/[name]-[hash]',
    // Bundled CommonJS packages call require(); an ES module has none of its own.
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
  });
}
