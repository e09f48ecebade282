/** Why a bundle is not what its writer promised. A closed list, for programs that decide by it. */
export type TraceFaultKind =
  /** No folder, no manifest, or not one that can be read. */
  | 'not_a_bundle'
  /** Written for another version of the format. */
  | 'unsupported_schema'
  /** A line that is not JSON, or whose end is missing. */
  | 'malformed_line'
  /** A type, or members of it, that the format does not have. */
  | 'unknown_event'
  /** `seq` does not count 1, 2, 3 …, or something follows the end of the recording. */
  | 'out_of_order'
  | 'foreign_rollout'
  | 'missing_payload'
  | 'malformed_payload'
  /** Something began twice. */
  | 'duplicate'
  /** An event speaks of something that never began. */
  | 'unknown_reference'
  /** Two events contradict each other. */
  | 'contradiction'
  | 'unsupported_item'
  | 'too_large'
  /** A path that leads out of the bundle, or a link. */
  | 'unsafe_path';

/** A trace that cannot be reduced. `message` says which event and what about it; no content of payloads is in it. */
export class TraceFault extends Error {
  override readonly name = 'TraceFault';
  readonly kind: TraceFaultKind;
  /** In the event log, from 1. */
  readonly line: number | undefined;

  constructor(kind: TraceFaultKind, message: string, line?: number) {
    super(message);
    this.kind = kind;
    this.line = line;
  }
}
