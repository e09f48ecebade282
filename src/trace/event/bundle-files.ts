/** Names within a bundle (spec/observability.md 5). */
export const BUNDLE = {
  manifest: 'manifest.json',
  eventLog: 'trace.jsonl',
  payloads: 'payloads',
  /** What the events come to, where somebody has reduced them. */
  state: 'state.json',
} as const;

/** Neither written nor read: a conversation with many images is some tens of MiB, and of that size it fits no model. */
export const MAX_PAYLOAD_BYTES = 128 * 1024 * 1024;
