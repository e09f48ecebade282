import { join } from 'node:path';
import type { Files } from '../../host/files.ts';

/** The fields of a `package.json` or `codex-package.json` that say what a folder is. Anything of a wrong type is absent. */
export interface Manifest {
  readonly name: string | undefined;
  readonly version: string | undefined;
  /** `engines.node`, such as `>=16`. */
  readonly nodeRange: string | undefined;
}

/** A registry never serves a larger one. */
const MAX_MANIFEST_BYTES = 1024 * 1024;

export function readManifest(folder: string, file: string, files: Files): Manifest | undefined {
  const values = readJsonObject(join(folder, file), files);
  if (!values) return undefined;
  const engines = values['engines'];
  return {
    name: text(values['name']),
    version: text(values['version']),
    nodeRange: isObject(engines) ? text(engines['node']) : undefined,
  };
}

export function readJsonObject(path: string, files: Files): Readonly<Record<string, unknown>> | undefined {
  const read = files.readText(path, { maxBytes: MAX_MANIFEST_BYTES });
  if (read.kind !== 'read' || read.truncated) return undefined;
  try {
    const value: unknown = JSON.parse(read.text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** npm allows no longer name; a version is far shorter. */
const MAX_FIELD_LENGTH = 214;

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' && value.length <= MAX_FIELD_LENGTH ? value : undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
