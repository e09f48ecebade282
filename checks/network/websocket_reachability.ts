import { conclude, defineCheck, idle } from '../../src/doctor/check.ts';
import {
  DEEP_WEBSOCKET_WINDOW_MS,
  REACHABILITY_BUDGET_MS,
  WEBSOCKET_TIMEOUT_MS,
  WEBSOCKET_WINDOW_MS,
} from '../../src/doctor/reachability.ts';
import type { VerdictIssue } from '../../src/doctor/check.ts';
import { describeUrl } from '../../src/redact/places.ts';
import { loginCommandOf } from '../../src/target/home.ts';
import { sentCredential } from './parts/credential.ts';
import { verdictWithoutAsking, whomToAsk } from './parts/whom-to-ask.ts';
import type { ReasonNotToAsk } from './parts/whom-to-ask.ts';
import { withShownFields } from './parts/shown-fields.ts';
import { situationOf } from './parts/situation.ts';
import { ipv6Issue } from './provider_reachability/ipv6-issue.ts';
import { detailsOf, providerDetails } from './websocket_reachability/details.ts';
import type { ProviderWithWebSocket, WebSocketEvidence } from './websocket_reachability/evidence.ts';
import { findingOf } from './websocket_reachability/findings.ts';
import { readWebSocket } from './websocket_reachability/reading.ts';

type Evidence =
  | { readonly kind: 'unasked'; readonly reason: ReasonNotToAsk }
  | { readonly kind: 'unsupported'; readonly provider: ProviderWithWebSocket }
  | ({ readonly kind: 'asked' } & WebSocketEvidence);

export default defineCheck({
  id: 'network.websocket_reachability',
  section: 'Connectivity',
  category: 'websocket',
  title: 'The provider takes the WebSocket that the agent opens',
  network: true,
  budgetMs: REACHABILITY_BUDGET_MS,
  async probe(context): Promise<Evidence> {
    const asked = whomToAsk(context);
    if (asked.kind === 'nobody') return { kind: 'unasked', reason: asked.reason };
    const { target, network, reachability, options } = context;
    const { routes } = asked;
    const { id, name, origin, supportsWebsockets, websocketConnectTimeoutMs } = asked.provider;
    const provider = { id, name, origin, supportsWebsockets, websocketConnectTimeoutMs };
    if (routes.websocket === undefined) return { kind: 'unsupported', provider };
    context.waitingFor(new URL(routes.websocket).host);
    const [authorization, websocket, models, base] = await Promise.all([
      reachability.authorization(),
      reachability.websocket(),
      reachability.models(),
      reachability.base(),
    ]);
    if (!websocket) return { kind: 'unsupported', provider };
    return {
      kind: 'asked',
      situation: situationOf(target, routes),
      provider,
      endpoint: describeUrl(routes.websocket),
      proxy: network.proxies().decide(new URL(routes.websocket)),
      credential: sentCredential(authorization),
      loginCommand: loginCommandOf(target.home),
      timeLimitMs: Math.min(WEBSOCKET_TIMEOUT_MS, websocketConnectTimeoutMs),
      windowMs: options.deep ? DEEP_WEBSOCKET_WINDOW_MS : WEBSOCKET_WINDOW_MS,
      websocket,
      models,
      base,
    };
  },
  judge(seen) {
    if (seen.kind === 'unasked') return verdictWithoutAsking(seen.reason);
    if (seen.kind === 'unsupported')
      return idle({
        summary: 'not enabled for the active provider',
        details: providerDetails(seen.provider),
      });
    const reading = readWebSocket(seen.websocket);
    const { issue, summary, causedBy } = findingOf(reading, seen);
    const details = detailsOf(reading, seen);
    const issues = [...(issue ? [issue] : []), ...ipv6Issue([seen.websocket.trace])];
    return conclude({
      summary,
      details,
      issues: issues.map((one) => withFieldsOf(details, one)),
      // Both rows see a dead IPv6; it is one fault.
      causedBy: causedBy ?? (issue ? undefined : 'network.provider_reachability'),
    });
  },
});

/** Rows of `network.provider_reachability` that are called something else here. */
const OWN_FIELDS: Readonly<Record<string, string>> = { 'base URL': 'endpoint' };

/** Its issues point at rows that this report has. */
function withFieldsOf(details: Readonly<Record<string, unknown>>, issue: VerdictIssue): VerdictIssue {
  const fields = issue.fields.map((field) => OWN_FIELDS[field] ?? field);
  return withShownFields({ ...issue, fields }, details);
}
