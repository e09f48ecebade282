import type { RolloutTrace } from './model/trace.ts';

export interface ReduceOptions {
  /**
   * Takes a trace whose agent died while it wrote: what stands behind the last whole event is left out, and told in
   * {@link Reduced.leftOut}. Default: no, an incomplete last line is an error.
   */
  readonly tolerant?: boolean;
}

export interface Reduced {
  readonly trace: RolloutTrace;
  /** Only with `tolerant`: what was not reduced, and why. */
  readonly leftOut?: { readonly line: number; readonly reason: string };
}

/** Turns the events of a bundle into its model. */
export type ReduceTrace = (bundle: string, options?: ReduceOptions) => Promise<Reduced>;
