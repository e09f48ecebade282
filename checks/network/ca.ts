import { conclude, defineCheck } from '../../src/doctor/check.ts';
import { REACHABILITY_BUDGET_MS } from '../../src/doctor/reachability.ts';
import { formatCount } from '../../src/host/units.ts';
import { bundleIssues } from './ca/bundle-issues.ts';
import { detailsOf } from './ca/details.ts';
import { encountersOf, endpointIssues } from './ca/endpoint-issues.ts';
import type { CaEvidence } from './ca/evidence.ts';
import { lookAtBundle, lookAtEndpoints, lookAtForeignVariables, lookAtRoots, tlsUse } from './ca/look.ts';
import { rootIssues } from './ca/root-issues.ts';

export default defineCheck({
  id: 'network.ca',
  section: 'Connectivity',
  category: 'certificates',
  title: 'The certificates that the agent trusts can be used, and are those that its endpoints show',
  budgetMs: REACHABILITY_BUDGET_MS,
  async probe(context): Promise<CaEvidence> {
    const { target, clock } = context;
    const { name, caVariables } = target.home.profile;
    const environment = target.environment();
    const bundle = lookAtBundle(context);
    const seen = await lookAtEndpoints(context);
    const isRefused = [seen?.http, seen?.websocket].some((one) => one?.outcome.kind === 'tls_failed');
    return {
      agent: name,
      variables: caVariables,
      dotenvPath: environment.path,
      bundle,
      overruled: caVariables.filter(
        (variable) => variable !== bundle?.variable && environment.values[variable],
      ),
      roots: lookAtRoots(context, bundle?.variable),
      foreign: lookAtForeignVariables(context, { readsFiles: isRefused }),
      usesTls: tlsUse(context),
      nowMs: clock.now(),
      seen,
    };
  },
  judge(seen) {
    return conclude({
      summary: summaryOf(seen),
      details: detailsOf(seen),
      issues: [...bundleIssues(seen), ...rootIssues(seen), ...endpointIssues(seen)],
    });
  },
});

function summaryOf({ bundle, seen }: CaEvidence): string {
  const count = bundle?.content.kind === 'loaded' ? bundle.content.certificates.length : 0;
  const trusted = (seen ? encountersOf(seen) : []).filter(({ code }) => code === undefined);
  return [
    bundle ? `${formatCount(count, 'certificate')} from ${bundle.variable}` : 'no custom CA',
    ...(trusted.length > 0 ? [`${trusted.map(({ client }) => client).join(' and ')} trusted`] : []),
  ].join(' · ');
}
