/** How far something came; `running` when the trace does not say how it ended. */
export type ExecutionStatus = 'running' | 'completed' | 'failed' | 'cancelled' | 'aborted';

/** When something ran, by wall time and by the order of the trace. */
export interface ExecutionWindow {
  readonly started_at_unix_ms: number;
  readonly started_seq: number;
  readonly ended_at_unix_ms: number | null;
  readonly ended_seq: number | null;
  readonly status: ExecutionStatus;
}
