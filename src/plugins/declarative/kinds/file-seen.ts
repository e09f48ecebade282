import type { BytesRead, PathLook } from '../../../host/files.ts';

/** What stands at the path of a declared file. */
export interface SeenFile {
  readonly path: string;
  readonly look: PathLook;
  readonly nowMs: number;
  /** Undefined on Windows. */
  readonly userId: number | undefined;
  /** Only where something is said of it. */
  readonly content?: Content;
  readonly digest?: Digest;
}

export type Content =
  | { readonly kind: 'text'; readonly text: string; readonly isCut: boolean }
  | { readonly kind: 'unread'; readonly why: Exclude<BytesRead['kind'], 'read'> };

export type Digest =
  | { readonly kind: 'sha256'; readonly hex: string }
  | { readonly kind: 'too_large'; readonly limitBytes: number }
  | { readonly kind: 'unread'; readonly why: Exclude<BytesRead['kind'], 'read'> };

/** `0600`. */
export const modeText = (mode: number): string => mode.toString(8).padStart(4, '0');
