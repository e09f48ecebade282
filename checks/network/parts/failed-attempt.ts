import type { DialTrace } from '../../../src/net/dial/trace.ts';
import type { NetworkFailure } from '../../../src/net/failure.ts';
import type { Hop } from '../../../src/net/outcome.ts';
import { placeOfAddress } from './situation.ts';
import type { Situation } from './situation.ts';

/** An attempt that ended before the endpoint gave an answer that could be judged. */
export interface FailedAttempt {
  readonly failure: NetworkFailure;
  readonly hop: Hop;
  readonly trace: DialTrace;
  readonly durationMs: number;
}

/** What an issue says beside its class. */
export type Words = Readonly<Record<'cause' | 'measured' | 'expected' | 'remedy', string>>;
/** Measured and expected are the same for most classes, and then left out. */
export type SpokenWords = Pick<Words, 'cause' | 'remedy'> & Partial<Words>;

export const proxyVariable = ({ trace }: FailedAttempt): string =>
  trace.proxy?.variable ?? 'the proxy variable';

/** The machine that the attempt ended at, as part of a sentence. */
export function nameOf(attempt: FailedAttempt, { host, isLoopback }: Situation): string {
  if (attempt.hop === 'proxy') return `the proxy of ${proxyVariable(attempt)}`;
  return isLoopback ? `${host} on this machine` : host;
}

/** Where the address can be corrected at which the attempt ended. */
export const placeOfHop = (attempt: FailedAttempt, situation: Situation): string =>
  attempt.hop === 'proxy' ? proxyVariable(attempt) : placeOfAddress(situation);

/** How far the way led past the proxy, for failures behind it. */
export const behindProxy = ({ hop, trace }: FailedAttempt): string =>
  hop === 'endpoint' && trace.proxy ? ` through the proxy of ${trace.proxy.variable}` : '';

/** The same at the start of a sentence; a host name keeps its spelling. */
export const subjectOf = (attempt: FailedAttempt, situation: Situation): string =>
  nameOf(attempt, situation).replace(/^the /, 'The ');
