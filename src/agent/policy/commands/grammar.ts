import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { Tree } from 'web-tree-sitter';

type WasmName = 'web-tree-sitter.wasm' | 'tree-sitter-bash.wasm';

/** Where the WebAssembly files stand: in their packages in the sources, beside the bundle or above its chunks once published. */
function wasmFile(name: WasmName): string {
  const copies = [`./${name}`, `../${name}`].map((path) => fileURLToPath(new URL(path, import.meta.url)));
  const copy = copies.find((path) => existsSync(path));
  return copy ?? createRequire(import.meta.url).resolve(`${name.replace('.wasm', '')}/${name}`);
}

/**
 * How often the parser may ask whether to go on. It asks after a fixed amount of work, and not at all within the text of a
 * here-document: this is about half a second for a script of half a megabyte that is all operators.
 */
const MAX_PARSE_STEPS = 20_000;

type Parse = (script: string) => Tree | null;
let loading: Promise<Parse> | undefined;

async function load(): Promise<Parse> {
  const [{ Language, Parser }, engine, bash] = await Promise.all([
    import('web-tree-sitter'),
    readFile(wasmFile('web-tree-sitter.wasm')),
    readFile(wasmFile('tree-sitter-bash.wasm')),
  ]);
  await Parser.init({ wasmBinary: engine });
  const parser = new Parser();
  parser.setLanguage(await Language.load(bash));
  return (script) => {
    let steps = 0;
    const older = null;
    return parser.parse(script, older, { progressCallback: () => (steps += 1) > MAX_PARSE_STEPS });
  };
}

/**
 * Parses a shell script and shows its tree to `read`; the tree is freed afterwards. It may hold errors.
 * @returns what `read` returned; undefined when parsing takes too long
 */
export async function withSyntaxTree<Found>(
  script: string,
  read: (tree: Tree) => Found,
): Promise<Found | undefined> {
  // A failed load, such as a file that was missing for a moment, is tried again.
  loading ??= load().catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  const tree = (await loading)(script);
  if (!tree) return undefined;
  try {
    return read(tree);
  } finally {
    tree.delete();
  }
}
