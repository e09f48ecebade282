import { systemClock } from '../../host/clock.ts';
import { errorCode } from '../../host/files.ts';
import type { Lookup } from './lookup.ts';
import type { FamilyAnswer, ResolveTrace } from './trace.ts';

export interface Address {
  readonly address: string;
  readonly family: 4 | 6;
}

export interface Resolution {
  /** In the order in which to try them; none when there are none, or when the signal came first. */
  readonly addresses: readonly Address[];
  /** Absent for an address, which needs no look-up. */
  readonly trace?: ResolveTrace;
  /** What follows once the slower family has answered too; absent when it had answered already. */
  readonly late?: Promise<Resolution>;
}

/** How long the faster family waits for the other (RFC 8305, section 3). */
const RESOLUTION_DELAY_MS = 50;

/**
 * Asks for both families at once. One family that fails is no failure, and one that hangs holds the other up for 50 ms
 * at most. Never rejects; returns when the signal aborts, with what is known by then.
 */
export async function resolve(
  host: string,
  { lookup, signal }: { readonly lookup: Lookup; readonly signal: AbortSignal },
): Promise<Resolution> {
  const { isIP } = process.getBuiltinModule('node:net');
  const literal = isIP(host);
  if (literal !== 0) return { addresses: [{ address: host, family: literal === 6 ? 6 : 4 }] };

  const begunAt = systemClock.elapsed();
  const answers = new Map<4 | 6, FamilyAnswer>();
  const enough = Promise.withResolvers<void>();
  let delay: NodeJS.Timeout | undefined;
  const ask = async (family: 4 | 6): Promise<void> => {
    const answer = await askFamily(host, { family, lookup, begunAt });
    answers.set(family, answer);
    if (answer.addresses.length > 0) delay ??= setTimeout(enough.resolve, RESOLUTION_DELAY_MS);
  };
  const conclude = (): Resolution => {
    const pending: FamilyAnswer = { addresses: [], durationMs: sinceMs(begunAt), code: 'pending' };
    const [ipv6, ipv4] = [answers.get(6) ?? pending, answers.get(4) ?? pending];
    return { addresses: interleave(ipv6.addresses, ipv4.addresses), trace: { host, ipv4, ipv6 } };
  };

  const both = Promise.all([ask(6), ask(4)]);
  const over = aborted(signal);
  await Promise.race([both, enough.promise, over]);
  clearTimeout(delay);
  if (answers.size === 2) return conclude();
  return { ...conclude(), late: Promise.race([both, over]).then(conclude) };
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((settle) => {
    signal.addEventListener('abort', () => settle(), { once: true });
    if (signal.aborted) settle();
  });

async function askFamily(
  host: string,
  { family, lookup, begunAt }: { family: 4 | 6; lookup: Lookup; begunAt: number },
): Promise<FamilyAnswer> {
  try {
    const addresses = await lookup(host, family);
    const durationMs = sinceMs(begunAt);
    return addresses.length > 0 ? { addresses, durationMs } : { addresses, durationMs, code: 'ENODATA' };
  } catch (error) {
    return { addresses: [], durationMs: sinceMs(begunAt), code: errorCode(error) };
  }
}

/** IPv6 first, then by turns (RFC 8305, section 4), so that a dead family costs one delay and not one for each address. */
function interleave(ipv6: readonly string[], ipv4: readonly string[]): Address[] {
  return Array.from({ length: Math.max(ipv6.length, ipv4.length) }, (_, index) => [
    ...ipv6.slice(index, index + 1).map((address) => ({ address, family: 6 }) as const),
    ...ipv4.slice(index, index + 1).map((address) => ({ address, family: 4 }) as const),
  ]).flat();
}

/** Milliseconds since a moment of the monotonic clock, as exact as a report shows them. */
export const sinceMs = (begunAt: number): number => Math.round((systemClock.elapsed() - begunAt) * 10) / 10;
