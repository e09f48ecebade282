import { execFileSync } from 'node:child_process';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { build } from 'esbuild';
import type { BuildOptions, Plugin } from 'esbuild';
import { helpPages } from '../src/cli/main.ts';

/**
 * Two imports of yargs cost more start-up time than yargs itself. string-width builds an Intl.Segmenter to measure help
 * texts: those are our own, one column a character. node:assert loads half of Node's inspection code for three calls
 * that guard yargs' own bugs.
 */
const lightYargs: Plugin = {
  name: 'light-yargs',
  setup(pluginBuild) {
    const twins: Readonly<Record<string, string>> = {
      'string-width': 'export default (text) => text.length;',
      assert: `
        const fail = (message) => { throw new Error(message ?? 'assertion failed'); };
        export const strictEqual = (a, b, message) => { if (!Object.is(a, b)) fail(message); };
        export const notStrictEqual = (a, b, message) => { if (Object.is(a, b)) fail(message); };
        export default (value, message) => { if (!value) fail(message); };`,
    };
    pluginBuild.onResolve({ filter: /^(string-width|assert)$/ }, ({ path, importer }) =>
      /node_modules[\\/](yargs|cliui|wrap-ansi)[\\/]/.test(importer)
        ? { path, namespace: 'twin' }
        : undefined,
    );
    pluginBuild.onLoad({ filter: /.*/, namespace: 'twin' }, ({ path }) => ({ contents: twins[path] ?? '' }));
  },
};

await rm('dist', { recursive: true, force: true });
const shared: BuildOptions = {
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node22.19',
  minify: true,
  legalComments: 'linked',
  external: ['better-sqlite3'],
  plugins: [lightYargs],
  // Bundled CommonJS packages call require(); an ES module has none of its own.
  banner: {
    js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
  },
};
// Built apart: shared chunks would make the command line load more files than it needs.
for (const [name, source] of Object.entries({ main: 'src/cli/main.ts', index: 'src/index.ts' })) {
  await build({
    ...shared,
    entryPoints: { [name]: source },
    outdir: 'dist',
    splitting: true,
    chunkNames: `chunks/${name}-[name]-[hash]`,
  });
}
execFileSync('tsc', ['-p', 'tsconfig.build.json'], { stdio: 'inherit', shell: process.platform === 'win32' });
await writeFile('dist/help.json', JSON.stringify(await helpPages()));
const { version } = JSON.parse(await readFile('package.json', 'utf8')) as { version: string };
console.log(`built stethos ${version}`);
