import { warn } from '../../../src/doctor/check.ts';
import type { VerdictIssue } from '../../../src/doctor/check.ts';
import type { ConnectAttempt, DialTrace } from '../../../src/net/dial/trace.ts';

/** A refusal that comes at once costs nothing: the next address is tried in the same moment. */
const NOTICEABLE_MS = 200;

/**
 * IPv6 that leads nowhere while IPv4 works: each connection waits for it first, with codex 0.169 about 0.3 s. A machine
 * without any IPv6 is told so at once by its own kernel, and is none of these.
 */
export function ipv6Issue(traces: readonly DialTrace[]): VerdictIssue[] {
  const dead = traces.map(({ connect }) => deadIpv6(connect?.attempts ?? []));
  const [first] = dead;
  // One lost packet looks the same, so every connection has to agree.
  if (!first || dead.includes(undefined)) return [];
  const measured = dead.map((attempt) => Math.round(attempt?.durationMs ?? 0));
  return [
    warn({
      class: first.state === 'failed' && first.code !== 'ETIMEDOUT' ? 'unreachable' : 'timeout',
      failure: { phase: 'connect', ...(first.code !== undefined && { code: first.code }) },
      cause: 'IPv6 to the provider leads nowhere, and only IPv4 works',
      measured: `no answer over IPv6 within ${measured.join(' and ')} ms`,
      expected: 'an answer over both families, or no IPv6 at all',
      remedy: 'Repair IPv6 on this network or VPN, or switch it off: each new connection waits for it first.',
      fields: ['IP family', 'failed connect attempts'],
    }),
  ];
}

function deadIpv6(attempts: readonly ConnectAttempt[]): ConnectAttempt | undefined {
  const worksOverIpv4 = attempts.some(({ family, state }) => family === 4 && state === 'connected');
  return worksOverIpv4
    ? attempts.find(
        ({ family, state, durationMs }) =>
          family === 6 && state !== 'connected' && durationMs >= NOTICEABLE_MS,
      )
    : undefined;
}
