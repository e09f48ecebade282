/** A patch as the model wrote it (spec/agent-core.md 2.3). Paths are as written. */
export type Hunk =
  | { readonly kind: 'add'; readonly path: string; readonly text: string }
  | { readonly kind: 'delete'; readonly path: string }
  | {
      readonly kind: 'update';
      readonly path: string;
      readonly movedTo?: string;
      readonly chunks: readonly Chunk[];
    };

/** One place of a file that changes. */
export interface Chunk {
  /** A line that stands somewhere before the place. */
  readonly context?: string;
  readonly lines: readonly ChunkLine[];
  /** The place is the end of the file. */
  readonly atEnd: boolean;
}

export interface ChunkLine {
  readonly kind: 'keep' | 'add' | 'remove';
  readonly text: string;
}

export type ParsedPatch =
  | { readonly kind: 'parsed'; readonly hunks: readonly Hunk[] }
  /** `message` is a sentence for the model, with the number of the line where there is one. */
  | { readonly kind: 'invalid'; readonly message: string };
