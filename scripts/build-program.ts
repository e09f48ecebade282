import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join, relative, resolve } from 'node:path';
import { build } from 'esbuild';
import type { BuildOptions, Metafile, Plugin } from 'esbuild';
import { helpPages } from '../src/cli/command-line.ts';

const root = join(import.meta.dirname, '..');

/** Stand-ins for two modules that yargs imports. */
const TWINS: Readonly<Record<string, string>> = {
  'string-width': 'export default (text) => text.length;',
  assert: `
    const fail = (message) => { throw new Error(message ?? 'assertion failed'); };
    export const strictEqual = (a, b, message) => { if (!Object.is(a, b)) fail(message); };
    export const notStrictEqual = (a, b, message) => { if (Object.is(a, b)) fail(message); };
    export default (value, message) => { if (!value) fail(message); };`,
};

/** What yargs asks for while it is loaded: our width is fixed, and a deleted working directory would throw. */
const REPLACED: Readonly<Record<string, string>> = {
  'process.stdout.columns': 'undefined',
  'mainFilename || process.cwd()': 'mainFilename',
};

/**
 * Three habits of yargs cost more start-up time than its parsing. string-width builds an Intl.Segmenter to measure help
 * texts: those are our own, one column a character. node:assert loads half of Node's inspection code for three calls
 * that guard yargs' own bugs. Asking for the terminal's width builds the stream of standard output: ours is fixed.
 */
export const lightYargs: Plugin = {
  name: 'light-yargs',
  setup(pluginBuild) {
    pluginBuild.onResolve({ filter: /^(string-width|assert)$/ }, ({ path, importer }) =>
      /node_modules[\\/](yargs|cliui|wrap-ansi)[\\/]/.test(importer)
        ? { path, namespace: 'twin' }
        : undefined,
    );
    pluginBuild.onLoad({ filter: /.*/, namespace: 'twin' }, ({ path }) => ({ contents: TWINS[path] ?? '' }));
    pluginBuild.onLoad({ filter: /yargs[\\/]lib[\\/]platform-shims[\\/]esm\.mjs$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8');
      const changed = Object.entries(REPLACED).reduce((before, [asked, answer]) => {
        if (!before.includes(asked)) throw new Error(`yargs has no ${asked} there: its replacement can go`);
        return before.replaceAll(asked, answer);
      }, text);
      return { contents: changed, loader: 'js' };
    });
  },
};

/** Large, and imported at first use only: each gets a file of its own, so that the program stays quick to load. */
export const LARGE_PACKAGES = ['undici', 'ws', 'socks', '@modelcontextprotocol/client'];

const largePackages: Plugin = {
  name: 'large-packages',
  setup(pluginBuild) {
    const names = new RegExp(`^(${LARGE_PACKAGES.join('|')})$`);
    pluginBuild.onResolve({ filter: names }, ({ path, importer, kind }) => {
      if (kind !== 'dynamic-import')
        return { errors: [{ text: `${path} is loaded at every start where ${importer} imports it so` }] };
      return { path: `./packages/${path}.cjs`, external: true };
    });
  },
};

/**
 * Parts of the program that most runs do not need: each is a bundle of its own, imported at first use, so that the doctor
 * does not read the agent's code to start.
 */
export const PARTS: Readonly<Record<string, string>> = {
  // yargs itself: a plain command line is read without it.
  'command-line': 'src/cli/command-line.ts',
  agent: 'src/agent/index.ts',
  exec: 'src/cli/exec/exec.ts',
  login: 'src/cli/login/login.ts',
  execpolicy: 'src/cli/execpolicy/execpolicy.ts',
  feedback: 'src/cli/feedback/feedback.ts',
  bundle: 'src/cli/bundle/bundle.ts',
  trace: 'src/cli/trace/trace.ts',
  serve: 'src/cli/serve/serve.ts',
  explain: 'src/cli/explain/explain.ts',
  completion: 'src/cli/completion/completion.ts',
  config: 'src/cli/config/config.ts',
  history: 'src/cli/history/history.ts',
  nagios: 'src/cli/nagios/nagios.ts',
  'apply-patch': 'src/cli/apply-patch/apply-patch.ts',
  diff: 'src/cli/diff/diff.ts',
  wait: 'src/cli/wait/wait.ts',
  'doctor-watch': 'src/cli/doctor/watch/watch-runs.ts',
  'doctor-saved-report': 'src/cli/doctor/saved-report.ts',
  'doctor-history': 'src/history/doctor-history.ts',
  'doctor-sentry': 'src/cli/doctor/sentry/send.ts',
  'doctor-otel': 'src/cli/doctor/otel/send.ts',
  'telemetry-look': 'checks/telemetry/otel/look.ts',
  'declared-checks': 'src/plugins/declarative/declared-checks.ts',
  checks: 'src/cli/checks/checks.ts',
  plugins: 'src/plugins/load-plugins.ts',
  'crash-report': 'src/cli/crash-report.ts',
  ...Object.fromEntries(
    [
      'codex',
      'github',
      'health-json',
      'html',
      'junit',
      'markdown',
      'nagios',
      'ndjson',
      'prometheus',
      'sarif',
      'tap',
    ].map((name) => [`format-${name}`, `reporters/${name}.ts`]),
  ),
};

const separateParts: Plugin = {
  name: 'separate-parts',
  setup(pluginBuild) {
    pluginBuild.onResolve({ filter: /\.ts$/ }, ({ path, resolveDir, kind }) => {
      if (kind !== 'dynamic-import') return undefined;
      const file = relative(root, resolve(resolveDir, path)).replaceAll('\\', '/');
      const part = Object.keys(PARTS).find((name) => PARTS[name] === file);
      return part === undefined ? undefined : { path: `./${part}.cjs`, external: true };
    });
  },
};

/** Native code and WebAssembly, and what is used by few and large: taken from node_modules. */
export const INSTALLED_PACKAGES = [
  'better-sqlite3',
  // Finds its parts by their paths.
  '@sentry/node',
  '@grpc/grpc-js',
  // One copy of the API for us and for the application around.
  '@opentelemetry/*',
  'sharp',
  '@lydell/node-pty',
  'web-tree-sitter',
  '@aws-crypto/sha256-js',
  '@aws-sdk/credential-provider-node',
  '@smithy/signature-v4',
];

/** What every bundle of the package has in common. */
export const SHARED_OPTIONS: BuildOptions = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node22.19',
  minify: true,
  legalComments: 'linked',
  external: INSTALLED_PACKAGES,
  // Optional helpers of ws, which it would take from whatever node_modules it finds.
  define: { 'process.env.WS_NO_BUFFER_UTIL': '"1"', 'process.env.WS_NO_UTF_8_VALIDATE': '"1"' },
};

/**
 * The program is CommonJS: Node loads one such file faster than it starts its ES module loader, and what is imported
 * lazily in the sources stays unevaluated until then.
 */
const COMMON_JS: BuildOptions = {
  ...SHARED_OPTIONS,
  format: 'cjs',
  outExtension: { '.js': '.cjs' },
  // Each import() becomes a require() at the same moment: a real one would start Node's ES module loader.
  supported: { 'dynamic-import': false },
};

/** A part may take another one in; what every run starts with may not. @throws Error with the part's name */
function refuseHeavyStart({ outputs }: Metafile): void {
  const main = Object.values(outputs).find(({ entryPoint }) => entryPoint === 'src/cli/main.ts');
  const loaded = Object.values(PARTS).filter((file) => main?.inputs[file] !== undefined);
  if (!main || loaded.length > 0)
    throw new Error(`${loaded.join(', ')} would be read at every start: import it at first use`);
}

/**
 * Builds what `bin/stethos.js` starts: the program, its parts, its children, its WebAssembly and its prepared help.
 * @param folder the `dist` of a package, absolute; made where it is missing
 */
export async function buildProgram(folder: string): Promise<void> {
  const { metafile } = await build({
    ...COMMON_JS,
    metafile: true,
    plugins: [lightYargs, largePackages, separateParts],
    define: { ...SHARED_OPTIONS.define, 'import.meta.url': 'importMetaUrl' },
    banner: { js: "const importMetaUrl = require('node:url').pathToFileURL(__filename).href;" },
    entryPoints: {
      main: 'src/cli/main.ts',
      ...PARTS,
      complete: 'src/cli/completion/answer.ts',
      'sqlite-child': 'src/store/sqlite/child.ts',
      'lookup-child': 'src/net/dial/lookup-child.ts',
      'plugin-child': 'src/plugins/child/main.ts',
      'plugin-lifeline': 'src/plugins/child/lifeline.ts',
      'redaction-thread': 'src/redact/thread-program.ts',
    },
    outdir: folder,
  });
  refuseHeavyStart(metafile);
  await build({
    ...COMMON_JS,
    entryPoints: Object.fromEntries(LARGE_PACKAGES.map((name) => [`packages/${name}`, name])),
    outdir: folder,
  });
  const { resolve: resolvePackage } = createRequire(import.meta.url);
  for (const name of ['web-tree-sitter', 'tree-sitter-bash'])
    await copyFile(resolvePackage(`${name}/${name}.wasm`), join(folder, `${name}.wasm`));
  await writeFile(join(folder, 'help.json'), JSON.stringify(await helpPages()));
}
