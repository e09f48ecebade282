import { existsSync, readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { constants, Script } from 'node:vm';
import { errorCode } from '../../host/files.ts';
import type { PluginJob } from '../protocol.ts';
import { NotLoaded } from './tell.ts';

/** Stands for the plugin until Node resolves it; nothing can be called so. */
const ENTRY = 'stethos:plugin';

/**
 * Imports what a reference names: a file, or a package as a module in `from` would import it. Whatever the plugin imports
 * from `stethos` is the stethos that runs, be it installed there or not.
 * @throws NotLoaded, or what the plugin throws
 */
export async function importPlugin({ specifier, from }: PluginJob): Promise<unknown> {
  const target = isPath(specifier) ? fileUrlOf(specifier, from) : specifier;
  const parentURL = pathToFileURL(join(from, 'stethos.toml')).href;
  registerHooks({
    resolve: (wanted, context, next) => {
      if (wanted === ENTRY) return next(target, { ...context, parentURL });
      if (wanted === 'stethos' || wanted.startsWith('stethos/'))
        return { url: ownSubpath(wanted), shortCircuit: true };
      return next(wanted, context);
    },
  });
  try {
    return await importModule(ENTRY);
  } catch (error) {
    throw notFound(error) ?? error;
  }
}

const isPath = (specifier: string): boolean =>
  /^(\.{1,2}[\\/]|file:)/.test(specifier) || isAbsolute(specifier);

const fileUrlOf = (specifier: string, from: string): string =>
  specifier.startsWith('file:') ? specifier : pathToFileURL(resolve(from, specifier)).href;

/** In the bundle, which is CommonJS, an `import()` of ours would be a `require()`, and that cannot await a plugin. */
const importModule = new Script('(specifier) => import(specifier)', {
  importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
}).runInThisContext() as (specifier: string) => Promise<unknown>;

/**
 * The file behind a subpath of this package. Not by Node's own resolution: that would ask the hook again.
 * @throws NotLoaded where there is no such subpath
 */
function ownSubpath(specifier: string): string {
  const own = import.meta.url;
  let root = dirname(fileURLToPath(own));
  while (!existsSync(join(root, 'package.json'))) root = dirname(root);
  const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    exports: Readonly<Record<string, { readonly types: string; readonly default: string } | string>>;
  };
  const entry = exports[specifier.replace('stethos', '.')];
  if (typeof entry !== 'object') throw new NotLoaded('missing', `stethos has no ${specifier}`);
  // Sources run as they are, for what `dist` holds may be of another day; types are laid out as they are.
  const path = own.endsWith('.ts')
    ? entry.types.replace('./dist/types/', './').replace('.d.ts', '.ts')
    : entry.default;
  return pathToFileURL(join(root, path)).href;
}

const NOT_FOUND = ['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND', 'ENOENT', 'ERR_PACKAGE_PATH_NOT_EXPORTED'];
const NOT_READ = [
  'ERR_UNSUPPORTED_NODE_MODULES_TYPE_STRIPPING',
  'ERR_UNSUPPORTED_DIR_IMPORT',
  'ERR_UNKNOWN_FILE_EXTENSION',
  'ERR_INVALID_MODULE_SPECIFIER',
];

function notFound(error: unknown): NotLoaded | undefined {
  if (!(error instanceof Error)) return undefined;
  const code = errorCode(error);
  if (NOT_FOUND.includes(code)) return new NotLoaded('missing', error.message);
  if (error instanceof SyntaxError) {
    // The place of a mistake stands in front of the stack alone.
    const [place = ''] = String(error.stack).split('\n');
    return new NotLoaded('malformed', `${error.message}${place.startsWith('file:') ? ` (${place})` : ''}`);
  }
  if (NOT_READ.includes(code)) return new NotLoaded('malformed', error.message);
  return undefined;
}
