import { conclude, defineCheck, fail, idle, warn } from '../../src/doctor/check.ts';
import type { Verdict, VerdictIssue } from '../../src/doctor/check.ts';
import { REACHABILITY_BUDGET_MS } from '../../src/doctor/reachability.ts';
import type { HttpObservation } from '../../src/net/network.ts';
import { isoTime } from '../auth/token/time.ts';
import { readObservation } from '../network/parts/reading.ts';
import { verdictWithoutAsking, whomToAsk } from '../network/parts/whom-to-ask.ts';
import type { ReasonNotToAsk } from '../network/parts/whom-to-ask.ts';
import { isThisMachine } from '../network/parts/situation.ts';
import { FATAL_SKEW_MS, describeSkew, isNoticeable, skewOf } from './clock/skew.ts';
import type { Skew } from './clock/skew.ts';

type Evidence =
  | { readonly kind: 'unasked'; readonly reason: ReasonNotToAsk }
  | {
      readonly kind: 'asked';
      readonly host: string;
      /** The answer comes over TLS, or from this machine: nobody else can have dated it. */
      readonly isTrustworthy: boolean;
      readonly models: HttpObservation | undefined;
      readonly base: HttpObservation | undefined;
    };

export default defineCheck({
  id: 'system.clock',
  section: 'Environment',
  category: 'clock',
  title: 'The clock of this machine agrees with that of the provider',
  network: true,
  budgetMs: REACHABILITY_BUDGET_MS,
  async probe(context): Promise<Evidence> {
    const asked = whomToAsk(context);
    if (asked.kind === 'nobody') return { kind: 'unasked', reason: asked.reason };
    const { reachability } = context;
    const url = new URL(asked.routes.base);
    context.waitingFor(url.host);
    const [models, base] = await Promise.all([reachability.models(), reachability.base()]);
    return {
      kind: 'asked',
      host: url.host,
      isTrustworthy: url.protocol === 'https:' || isThisMachine(url),
      models,
      base,
    };
  },
  judge(seen) {
    if (seen.kind === 'unasked') return verdictWithoutAsking(seen.reason);
    const { host, models, base } = seen;
    if (!seen.isTrustworthy)
      return idle({
        summary: `not compared: ${host} answers over plain HTTP, and anybody on the way could have dated it`,
      });
    // The list is asked with a credential, so no cache on the way answers it with an old date.
    const [observation, skew] = [models, base]
      .map((one) => [one, skewOf(one)] as const)
      .find((pair) => pair[1] !== undefined) ?? [undefined, undefined];
    return observation && skew ? verdictOf(skew, observation, host) : withoutDate([models, base], host);
  },
});

function verdictOf(skew: Skew, observation: HttpObservation, host: string): Verdict {
  const dateMs = observation.outcome.kind === 'answered' ? observation.outcome.answer.dateMs : undefined;
  return conclude({
    summary: `agrees with ${host} within ${Math.ceil((Math.abs(skew.certainMs) + skew.toleranceMs) / 1000)} s`,
    details: {
      'compared with': host,
      'clock skew ms': Math.round(skew.likelyMs),
      'clock skew tolerance ms': Math.round(skew.toleranceMs),
      'time of this machine': isoTime(observation.answeredAtMs),
      'time of the provider': isoTime(dateMs),
    },
    issues: isNoticeable(skew) ? [skewIssue(skew, host)] : [],
  });
}

function skewIssue(skew: Skew, host: string): VerdictIssue {
  const isFatal = Math.abs(skew.certainMs) >= FATAL_SKEW_MS;
  return (isFatal ? fail : warn)({
    class: 'mismatch',
    failure: { phase: 'configuration' },
    cause: `The clock of this machine is ${describeSkew(skew)}`,
    measured: `${Math.round(skew.likelyMs / 1000)} s against the Date of ${host}, give or take ${Math.ceil(skew.toleranceMs / 1000)} s`,
    expected: 'less than 60 s',
    remedy: `Set the clock, or let it be synchronised (on Linux: timedatectl set-ntp true). A virtual machine or WSL may need a restart after sleep.${
      isFatal ? ' Until then logins count as expired or not begun, and signed requests are refused.' : ''
    }`,
    fields: ['clock skew ms'],
  });
}

function withoutDate(observations: readonly (HttpObservation | undefined)[], host: string): Verdict {
  for (const observation of observations) {
    const reading = readObservation(observation);
    const certificate = observation?.trace.tls?.certificate;
    if (reading.kind !== 'failed' || reading.attempt.failure.class !== 'tls_expired') continue;
    return idle({
      summary: `no time to compare with; the certificate of ${host} is out of its dates, so look at the clock of this machine`,
      ...(certificate && {
        details: {
          'certificate valid from': certificate.validFrom,
          'certificate valid to': certificate.validTo,
        },
      }),
    });
  }
  return idle({ summary: `no time to compare with: no answer of ${host} tells one` });
}
