import type { RedactionFormat, StreamFinding } from '../redact/stream.ts';

/** What an item is, by which it is asked for and left out. */
export const ITEM_KINDS = [
  'logs',
  'thread-index',
  'doctor',
  'connectivity',
  'rollouts',
  'trace',
  'files',
] as const;
export type ItemKind = (typeof ITEM_KINDS)[number];

/** Kinds that "logs and diagnostics" means; a trace and further files are asked for by their names alone. */
export const DIAGNOSTIC_KINDS: readonly ItemKind[] = [
  'logs',
  'thread-index',
  'doctor',
  'connectivity',
  'rollouts',
];

/** Something that may be attached, before it was redacted. */
export interface SourceItem {
  readonly kind: ItemKind;
  /** As the receiver sees it. Two items may share one. */
  readonly name: string;
  readonly contentType: string;
  /** How its bytes are redacted. */
  readonly format: RedactionFormat;
  /** Opens it anew at each call. Throws {@link SourceFault} where it cannot be read (on). */
  readonly open: () => AsyncIterable<Uint8Array>;
}

/** Why an item, or the rest of it, could not be read: a few words, such as `ENOENT`. */
export class SourceFault extends Error {
  override readonly name = 'SourceFault';
}

/** An item as it will be sent: its redacted bytes stand in a private folder. */
export interface StagedItem {
  readonly kind: ItemKind;
  readonly name: string;
  readonly contentType: string;
  readonly format: RedactionFormat;
  readonly path: string;
  readonly bytes: number;
  /** Lower-case hexadecimal. */
  readonly sha256: string;
  readonly bytesBefore: number;
  /** What was hidden, by rule. */
  readonly hidden: readonly HiddenCount[];
  /** Finds that are all but certainly credentials. */
  readonly confident: number;
  /** The first finds: where something stood, never what. */
  readonly findings: readonly StreamFinding[];
  /** Why it ends early, when it does. */
  readonly cutShort?: string;
}

export interface HiddenCount {
  readonly rule: string;
  readonly count: number;
}

/** Something that was wanted and is not there. */
export interface Omission {
  readonly kind: ItemKind;
  readonly name: string;
  readonly reason: string;
}
