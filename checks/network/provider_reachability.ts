import { conclude, defineCheck } from '../../src/doctor/check.ts';
import { REACHABILITY_BUDGET_MS } from '../../src/doctor/reachability.ts';
import type { DetailValue } from '../../src/doctor/report.ts';
import { describeUrl } from '../../src/redact/places.ts';
import { visibleInOneLine } from '../../src/redact/control.ts';
import type { HttpObservation } from '../../src/net/network.ts';
import { isAzure } from '../../src/target/provider/azure.ts';
import { loginCommandOf } from '../../src/target/home.ts';
import type { Provider } from '../../src/target/provider/facts.ts';
import { sentCredential } from './parts/credential.ts';
import type { SentCredential } from './parts/credential.ts';
import { detourOf } from './parts/detour.ts';
import { readObservation } from './parts/reading.ts';
import { verdictWithoutAsking, whomToAsk } from './parts/whom-to-ask.ts';
import type { ReasonNotToAsk } from './parts/whom-to-ask.ts';
import { withShownFields } from './parts/shown-fields.ts';
import { isThisMachine, situationOf } from './parts/situation.ts';
import { round, traceDetails } from './parts/trace-details.ts';
import type { ReachabilityEvidence, ReachabilityMode } from './provider_reachability/evidence.ts';
import { findingOf } from './provider_reachability/findings.ts';
import { ipv6Issue } from './provider_reachability/ipv6-issue.ts';

type Evidence =
  | { readonly kind: 'unasked'; readonly reason: ReasonNotToAsk }
  | ({ readonly kind: 'asked' } & ReachabilityEvidence);

export default defineCheck({
  id: 'network.provider_reachability',
  section: 'Connectivity',
  category: 'reachability',
  title: 'The model provider answers the requests that the agent makes',
  network: true,
  defersTo: ['config.load', 'state.paths'],
  budgetMs: REACHABILITY_BUDGET_MS,
  async probe(context): Promise<Evidence> {
    const asked = whomToAsk(context);
    if (asked.kind === 'nobody') return { kind: 'unasked', reason: asked.reason };
    const { target, network, reachability } = context;
    const { provider, routes } = asked;
    context.waitingFor(new URL(routes.base).host);
    const [authorization, base, models] = await Promise.all([
      reachability.authorization(),
      reachability.base(),
      reachability.models(),
    ]);
    const credential = sentCredential(authorization);
    return {
      kind: 'asked',
      situation: situationOf(target, routes),
      providerId: provider.id,
      hasModelList: !provider.aws && !isAzure(provider),
      mode: modeOf(provider, credential),
      urls: { base: describeUrl(routes.base), models: describeUrl(routes.models) },
      flaw: routes.flaw,
      detour: detourOf(network.proxies(), {
        http: new URL(routes.base),
        websocket: routes.websocket === undefined ? undefined : new URL(routes.websocket),
        isLoopback: isThisMachine(new URL(routes.base)),
      }),
      loginCommand: loginCommandOf(target.home),
      credential,
      base,
      models,
      inferenceIsOpen: leavesDoubt(models) && (await reachability.websocket())?.outcome.kind === 'upgraded',
    };
  },
  judge(seen) {
    if (seen.kind === 'unasked') return verdictWithoutAsking(seen.reason);
    const { issue, summary, causedBy } = findingOf(seen);
    const traces = [seen.models, seen.base].flatMap((observation) => observation?.trace ?? []);
    const details = detailsOf(seen);
    const issues = [...(issue ? [issue] : []), ...ipv6Issue(traces)];
    return conclude({
      summary,
      details,
      issues: issues.map((one) => withShownFields(one, details)),
      causedBy,
    });
  },
});

/** A model list that is closed or missing does not yet say that the agent cannot work. */
const leavesDoubt = (models: HttpObservation | undefined): boolean =>
  models?.outcome.kind === 'answered' && [403, 404].includes(models.outcome.answer.status);

function modeOf({ requiresOpenaiAuth }: Provider, { mode }: SentCredential): ReachabilityMode {
  if (!requiresOpenaiAuth) return 'provider auth';
  if (mode === 'none') return 'no credential';
  return mode === 'api_key' ? 'API key auth' : 'ChatGPT auth';
}

function detailsOf(seen: ReachabilityEvidence): Record<string, DetailValue | undefined> {
  const { situation, credential, base, models, urls } = seen;
  const trace = (models ?? base)?.trace;
  return {
    'reachability mode': seen.mode,
    'model provider': seen.providerId,
    'auth mode': credential.mode,
    'base URL': urls.base,
    'base URL set by': situation.addressSource ?? 'default of the agent',
    ...answerDetails('base', base),
    'models URL': urls.models,
    ...answerDetails('models', models),
    ...(trace && traceDetails(trace)),
  };
}

function answerDetails(
  route: 'base' | 'models',
  seen: HttpObservation | undefined,
): Record<string, DetailValue | undefined> {
  const reading = readObservation(seen);
  if (reading.kind !== 'answered')
    return { [`${route} result`]: reading.kind === 'failed' ? reading.attempt.failure.class : undefined };
  const { status, body, httpVersion, requestId, cfRay, retryAfterMs, redirect } = reading.answer;
  return {
    [`${route} status`]: status,
    [`${route} ms`]: round(seen?.durationMs),
    [`${route} HTTP version`]: httpVersion,
    [`${route} body`]: route === 'models' ? body.kind : undefined,
    [`${route} page title`]: body.title === undefined ? undefined : visibleInOneLine(body.title),
    [`${route} redirect`]: redirect?.origin,
    [`${route} retry after ms`]: retryAfterMs,
    [`${route} request id`]: requestId,
    [`${route} cf-ray`]: cfRay,
  };
}
