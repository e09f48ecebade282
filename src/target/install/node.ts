import { dirname, join } from 'node:path';
import type { Files } from '../../host/files.ts';
import { findOnPath } from '../../host/search-path.ts';
import type { Environment } from '../home.ts';
import { searchPathOf } from '../home.ts';
import { withSlashes } from './owner.ts';

/** The Node.js that a launcher script would get. */
export interface NodeOnPath {
  readonly path: string;
  /** Undefined when no metadata tells. */
  readonly major: number | undefined;
}

/** The first `node` on the search path and its version from its headers or its folder; it is not run. */
export function nodeOnPath(env: Environment, files: Files): NodeOnPath | undefined {
  const found = findOnPath('node', searchPathOf(env), files).find(({ state }) => state === 'executable');
  if (!found) return undefined;
  const { path, realPath = path } = found;
  return { path, major: majorFromHeaders(realPath, files) ?? majorFromFolder(realPath) };
}

/** The C headers that come with most distributions of Node.js. */
function majorFromHeaders(node: string, files: Files): number | undefined {
  const header = files.readText(join(dirname(dirname(node)), 'include', 'node', 'node_version.h'), {
    maxBytes: 64 * 1024,
  });
  if (header.kind !== 'read') return undefined;
  return numberOf(/^#define\s+NODE_MAJOR_VERSION\s+(\d{1,4})\s*$/mu.exec(header.text)?.[1]);
}

/** Version managers and Homebrew keep each version in a folder named after it. */
const majorFromFolder = (node: string): number | undefined =>
  numberOf(/\/v?(\d{1,4})\.\d+\.\d+(?:_\d+)?\/(?:installation\/)?bin\/node$/u.exec(withSlashes(node))?.[1]);

const numberOf = (digits: string | undefined): number | undefined =>
  digits === undefined ? undefined : Number(digits);
