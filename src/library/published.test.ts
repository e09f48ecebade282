import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import type { Metafile } from 'esbuild';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { programPath } from '../../fixtures/run.ts';
import { buildLibrary, buildTypes } from '../../scripts/build-library.ts';

/* The library as it is published, built once for this file and used as somebody else's program would. */

const root = join(import.meta.dirname, '../..');
const run = promisify(execFile);
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  readonly exports: Readonly<Record<string, string | { readonly types: string; readonly default: string }>>;
};
const subpaths = Object.entries(manifest.exports).flatMap(([name, files]) =>
  typeof files === 'string' ? [] : [{ name: name.replace(/^\./, 'stethos'), ...files }],
);

let place: string;
let library: string;
let metafile: Metafile;

/** Below the checkout, where its packages are found, and not below node_modules, where Node runs no TypeScript. */
beforeAll(async () => {
  mkdirSync(join(root, '.cache'), { recursive: true });
  place = mkdtempSync(join(root, '.cache/library-'));
  library = join(place, 'node_modules/stethos');
  mkdirSync(library, { recursive: true });
  cpSync(join(root, 'package.json'), join(library, 'package.json'));
  writeFileSync(join(place, 'package.json'), '{"type":"module"}');
  [metafile] = await Promise.all([
    buildLibrary(join(library, 'dist')),
    buildTypes(join(library, 'dist/types')),
  ]);
});
afterAll(() => rmSync(place, { recursive: true, force: true }));

const PACKAGE = /node_modules\/(?!stethos\/)((?:@[^/]+\/)?[^/]+)/;

/** Packages whose code a fresh Node reads to import one of ours, bundled or not. */
async function packagesLoadedBy(file: string): Promise<string[]> {
  const url = pathToFileURL(join(library, file)).href;
  const { stdout } = await run(process.execPath, [programPath('loaded-modules.ts'), url], { cwd: place });
  const loaded = JSON.parse(stdout) as string[];
  const bundled = loaded
    .filter((each) => each.includes('/node_modules/stethos/dist/'))
    .map((each) => relative(root, new URL(each).pathname))
    .flatMap((output) =>
      Object.keys(metafile.outputs[output]?.inputs ?? { [`node_modules/unknown: ${output}`]: 0 }),
    );
  const packages = [...loaded, ...bundled].flatMap((each) => PACKAGE.exec(each)?.[1] ?? []);
  return [...new Set(packages)].toSorted();
}

describe('importing', () => {
  test('the root reads nothing heavy', async () => {
    expect(await packagesLoadedBy('dist/index.js')).toEqual(['fastest-levenshtein', 'smol-toml']);
  });

  test('the checks read nothing heavy', async () => {
    expect(await packagesLoadedBy('dist/checks.js')).toEqual(['fastest-levenshtein', 'smol-toml']);
  });

  test('what is heavy would be seen', async () => {
    expect(await packagesLoadedBy('dist/agent.js')).toEqual(
      expect.arrayContaining(['eventsource-parser', 'uuid']),
    );
  });

  test('the reporters read no format before it is asked for', async () => {
    expect(await packagesLoadedBy('dist/reporters.js')).toEqual([]);
  });
});

/** Every exported name of a declaration file as tsc writes it, those of `export *` among them. */
function namesIn(file: string): string[] {
  const text = readFileSync(file, 'utf8');
  const lists = [...text.matchAll(/^export (type )?\{([^}]*)\}/gm)].flatMap(([, type, list = '']) =>
    list
      .split(',')
      .map((name) => name.trim().replace(/^.* as /, ''))
      .filter((name) => name !== '')
      .map((name) => (type === undefined ? name : `type ${name}`)),
  );
  const declared = [
    ...text.matchAll(/^export (?:declare )?(?:async )?(function|const|class|interface|type) (\w+)/gm),
  ].map(([, kind, name = '']) => (kind === 'interface' || kind === 'type' ? `type ${name}` : name));
  const stars = [...text.matchAll(/^export \* from '([^']+)'/gm)].flatMap(([, target = '']) =>
    namesIn(resolve(dirname(file), target.replace(/\.[jt]s$/, '.d.ts'))),
  );
  return [...lists, ...declared, ...stars];
}

describe('the surface', () => {
  test('is the one in the golden file; a change is one for those who build on it', async () => {
    const surface = subpaths.map(({ name, types }) => [
      name,
      ...namesIn(join(library, types))
        .toSorted()
        .map((each) => `  ${each}`),
    ]);
    await expect(`${surface.flat().join('\n')}\n`).toMatchFileSnapshot(
      '../../fixtures/golden/library-surface.txt',
    );
  });

  test.each(subpaths)('$name exports the values that its types promise', async ({ types, default: file }) => {
    const values = namesIn(join(library, types)).filter((name) => !name.startsWith('type '));
    const exported = (await import(pathToFileURL(join(library, file)).href)) as object;
    expect(Object.keys(exported).toSorted()).toEqual(values.toSorted());
  });

  test('every file that is exported exists', () => {
    const files = Object.values(manifest.exports).flatMap((each) =>
      typeof each === 'string' ? each : Object.values(each),
    );
    const missing = files.filter((file) => !existsSync(join(library, file)) && !existsSync(join(root, file)));
    expect(missing).toEqual([]);
  });

  test('publint finds nothing in it', async () => {
    for (const file of ['src/doctor', 'src/settings', 'src/plugins/declarative', 'bin'])
      cpSync(join(root, file), join(library, file), { recursive: true });
    const { messages, pkg } = await publint({ pkgDir: library, pack: false, level: 'suggestion' });
    expect(messages.map((message) => formatMessage(message, pkg, { color: false }))).toEqual([]);
  });
});

describe('a program of somebody else', () => {
  test('is checked against the published types, and its mistakes are found', async () => {
    cpSync(join(root, 'fixtures/library-consumer/use.ts'), join(place, 'use.ts'));
    writeFileSync(
      join(place, 'tsconfig.json'),
      JSON.stringify({
        compilerOptions: {
          module: 'nodenext',
          target: 'es2024',
          strict: true,
          noEmit: true,
          types: ['node'],
        },
        files: ['use.ts'],
      }),
    );
    const checked = await run('tsc', ['-p', place]).catch((error: unknown) => error as { stdout: string });
    expect(checked.stdout).toBe('');
  });

  test('examples/examine-in-your-program.ts runs against it', async () => {
    cpSync(join(root, 'examples/examine-in-your-program.ts'), join(place, 'example.ts'));
    const { stdout, stderr } = await run(process.execPath, ['example.ts'], {
      cwd: place,
      env: { HOME: place, PATH: '/usr/bin:/bin' },
    });
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^acme\.disk is ok\nstethos doctor /);
    expect(stdout).toMatch(/✓ disk {9}there is room/);
  });
});
