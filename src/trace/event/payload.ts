/** What a payload file holds. */
export const PAYLOAD_KINDS = [
  'inference_request',
  'inference_response',
  'compaction_request',
  'compaction_checkpoint',
  'compaction_response',
  'tool_invocation',
  'tool_result',
  'tool_runtime_event',
  'terminal_runtime_event',
  'protocol_event',
  'session_metadata',
  'agent_result',
] as const;
export type PayloadKind = (typeof PAYLOAD_KINDS)[number];

/** Names a file of the bundle that holds what an event is too small for. */
export interface PayloadReference {
  /** `raw_payload:<n>`. */
  readonly raw_payload_id: string;
  readonly kind: { readonly type: PayloadKind };
  /** `payloads/<n>.json`, below the bundle. */
  readonly path: string;
}
