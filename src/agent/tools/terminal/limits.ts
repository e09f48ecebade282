/** How long calls wait for a command before they answer with what there is (spec/agent-core.md 2.2). */
export interface WaitLimits {
  readonly defaultMs: number;
  readonly minMs: number;
  readonly maxMs: number;
}

export const START_WAIT: WaitLimits = { defaultMs: 10_000, minMs: 250, maxMs: 30_000 };
export const WRITE_WAIT: WaitLimits = { defaultMs: 250, minMs: 250, maxMs: 30_000 };
/** A model that polls a quiet process must not do so in a hot loop. */
export const pollWait = (maxMs: number): WaitLimits => ({ defaultMs: 5_000, minMs: 5_000, maxMs });

/** Of a command without a session to come back to. */
export const SHELL_TIMEOUT: WaitLimits = { defaultMs: 10_000, minMs: 1, maxMs: 60 * 60 * 1000 };

/** What a call asked for, within its limits. */
export const waitMsOf = (asked: number | null | undefined, { defaultMs, minMs, maxMs }: WaitLimits): number =>
  Math.max(minMs, Math.min(Math.round(asked ?? defaultMs), maxMs));

export const DEFAULT_OUTPUT_TOKENS = 10_000;
