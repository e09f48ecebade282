import { resolve } from 'node:path';
import type { BytesRead, Files } from '../../host/files.ts';
import type { AgentEnvironment } from '../environment/environment.ts';

/** What a file holds that a custom CA variable points at, told from its PEM labels; nothing is decoded here. */
export type CaFileState =
  | { readonly kind: 'certificates'; readonly blocks: number; readonly hasPrivateKey: boolean }
  | { readonly kind: 'private_key_only' }
  | { readonly kind: 'no_certificate' | 'empty' | 'missing' | 'dangling' | 'loop' | 'too_large' }
  | { readonly kind: 'wrong_type'; readonly type: string }
  | { readonly kind: 'denied' | 'failed'; readonly code: string };

export interface CaVariable {
  readonly name: string;
  readonly origin: string;
  /** Absolute; a relative value is taken from the working folder. */
  readonly path: string;
  readonly file: CaFileState;
}

/** The largest bundle of a public trust store is below 1 MiB. */
const MAX_BUNDLE_BYTES = 8 * 1024 * 1024;
const CERTIFICATE = /-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----/g;
const PRIVATE_KEY = /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----/;

/** The custom CA variables that are set, strongest first. An empty value counts as unset, white space as a path. */
export function readCaVariables(
  names: readonly string[],
  { environment, files, cwd }: { environment: AgentEnvironment; files: Files; cwd: string },
): CaVariable[] {
  return names.flatMap((name) => {
    const value = environment.values[name];
    if (!value) return [];
    const path = resolve(cwd, value);
    const file = stateOf(files.readBytes(path, { maxBytes: MAX_BUNDLE_BYTES }));
    return [
      {
        name,
        origin: environment.originOf(name) ?? 'shell',
        path,
        file,
      },
    ];
  });
}

function stateOf(read: BytesRead): CaFileState {
  switch (read.kind) {
    case 'missing':
    case 'dangling':
    case 'loop':
      return { kind: read.kind };
    case 'wrong_type':
      return { kind: read.kind, type: read.type };
    case 'denied':
    case 'failed':
      return { kind: read.kind, code: read.code };
    case 'read': {
      if (read.truncated) return { kind: 'too_large' };
      // Labels are ASCII, and Latin-1 keeps every byte, whatever else the file holds.
      const text = read.bytes.toString('latin1');
      if (text.trim() === '') return { kind: 'empty' };
      const blocks = text.match(CERTIFICATE)?.length ?? 0;
      const hasPrivateKey = PRIVATE_KEY.test(text);
      if (blocks > 0) return { kind: 'certificates', blocks, hasPrivateKey };
      return { kind: hasPrivateKey ? 'private_key_only' : 'no_certificate' };
    }
  }
}
