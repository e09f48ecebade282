import type { DialTrace } from '../dial/trace.ts';
import type { Hop } from '../outcome.ts';

/** What a message calls the machines on the way. */
export interface Names {
  of(hop: Hop): string;
}

/** A proxy is named by its variable: its address may hold a password. */
export function createNames(trace: DialTrace | undefined): Names {
  const variable = trace?.proxy?.variable;
  const proxy = variable === undefined ? 'the proxy' : `the proxy named by ${variable}`;
  return { of: (hop) => (hop === 'proxy' ? proxy : 'the endpoint') };
}
