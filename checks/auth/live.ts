import { conclude, defineCheck, idle, skip } from '../../src/doctor/check.ts';
import type { Verdict } from '../../src/doctor/check.ts';
import { REACHABILITY_BUDGET_MS } from '../../src/doctor/reachability.ts';
import type { Reachability } from '../../src/doctor/reachability.ts';
import type { DetailValue } from '../../src/doctor/report.ts';
import { describeUrl } from '../../src/redact/places.ts';
import { loginCommandOf } from '../../src/target/home.ts';
import type { Target } from '../../src/target/target.ts';
import { isLoginExpected, sentCredential } from '../network/parts/credential.ts';
import { verdictWithoutAsking, whomToAsk } from '../network/parts/whom-to-ask.ts';
import type { ReasonNotToAsk } from '../network/parts/whom-to-ask.ts';
import { skewOf } from '../system/clock/skew.ts';
import type { LiveEvidence } from './live/evidence.ts';
import { opinionOfModels, opinionOfUpgrade } from './live/opinion.ts';
import type { Opinion } from './live/opinion.ts';
import { closedListIssue, codesOf, isClockToBlame, refusalIssue } from './live/refusal.ts';
import { unmetNeedIssue } from './live/unmet-need.ts';
import { verdictWithoutCredential } from './live/unattached.ts';
import { isoTime } from './token/time.ts';

type Evidence =
  | { readonly kind: 'unasked'; readonly reason: ReasonNotToAsk }
  | ({ readonly kind: 'asked' } & LiveEvidence);

export default defineCheck({
  id: 'auth.live',
  section: 'Configuration',
  category: 'auth',
  title: 'The provider accepts the credential',
  needs: ['auth.credentials'],
  network: true,
  budgetMs: REACHABILITY_BUDGET_MS,
  async probe(context): Promise<Evidence> {
    const asked = whomToAsk(context);
    if (asked.kind === 'nobody') return { kind: 'unasked', reason: asked.reason };
    const { target, reachability, clock } = context;
    context.waitingFor('the provider');
    const credential = sentCredential(await reachability.authorization());
    const { models, websocket } = isLoginExpected(credential)
      ? { models: undefined, websocket: undefined }
      : await ask(reachability);
    const { effective, file, restriction } = target.credentials();
    const stored = effective.kind === 'stored' && file.kind === 'stored' ? file.credential : undefined;
    const token = stored?.accessToken;
    const refresh = target.endpoints().find(({ purpose }) => purpose === 'token refresh');
    return {
      kind: 'asked',
      agent: target.home.profile.name,
      loginCommand: loginCommandOf(target.home),
      credential,
      nowMs: clock.now(),
      issuedAtMs: token?.kind === 'readable' ? token.issuedAtMs : undefined,
      lastRefreshMs: stored?.lastRefreshMs,
      isStoredKey: stored?.mode === 'api_key',
      hasRefreshToken: stored?.hasRefreshToken ?? false,
      refreshUrl: refresh && describeUrl(refresh.url),
      isWorkspaceForced: restriction.workspaces.length > 0,
      provider: providerOf(target),
      models,
      websocket,
    };
  },
  judge(seen) {
    if (seen.kind === 'unasked') return verdictWithoutAsking(seen.reason);
    const opinions = [opinionOfModels(seen.models), opinionOfUpgrade(seen.websocket)] as const;
    return seen.credential.kind === 'attached'
      ? verdictOf(seen, ...opinions)
      : (verdictOfUnmetNeed(seen, ...opinions) ?? verdictWithoutCredential(seen));
  },
});

function providerOf({
  environment,
  providers,
}: Pick<Target, 'environment' | 'providers'>): LiveEvidence['provider'] {
  const { active } = providers();
  if (!active) throw new TypeError('a provider that is asked is known');
  const { id, origin, headerNames, headerVariables } = active;
  const variables = Object.values(headerVariables);
  return {
    id,
    origin,
    hasHeaders: headerNames.length + variables.length > 0,
    unsetVariables: variables.filter((name) => !environment().values[name]?.trim()),
  };
}

/** The provider should want no credential, and turns requests without one away; undefined where it does not. */
function verdictOfUnmetNeed(seen: LiveEvidence, models: Opinion, upgrade: Opinion): Verdict | undefined {
  const isList = speaks(models);
  const opinion = isList ? models : upgrade;
  if (opinion.kind !== 'refused') return undefined;
  if (opinion.answer.status === 403 && upgrade.kind === 'accepted') return undefined;
  return conclude({
    summary: '',
    details: detailsOf(seen, opinion, isList ? LIST : UPGRADE),
    issues: [unmetNeedIssue(opinion, seen.provider)],
  });
}

const LIST = 'GET of the model list';
const UPGRADE = 'WebSocket upgrade';

/** Both at once. Where the model list is not answered at all, the rows of the network tell why, and nobody waits on. */
async function ask(reachability: Reachability): Promise<Pick<LiveEvidence, 'models' | 'websocket'>> {
  const upgrading = reachability.websocket();
  const models = await reachability.models();
  const isAnswered = models === undefined || models.outcome.kind === 'answered';
  return { models, websocket: isAnswered ? await upgrading : undefined };
}

const speaks = ({ kind }: Opinion): boolean =>
  kind === 'accepted' || kind === 'refused' || kind === 'limited';

/** The model list is asked first, as the agent asks it; the upgrade speaks where the list has nothing to say. */
function verdictOf(seen: LiveEvidence, models: Opinion, upgrade: Opinion): Verdict {
  const isList = speaks(models) || !speaks(upgrade);
  const opinion = isList ? models : upgrade;
  const details = detailsOf(seen, opinion, isList ? LIST : UPGRADE);
  if (models.kind === 'accepted' && upgrade.kind === 'refused')
    return skip({
      because: 'network.websocket_reachability',
      summary: 'not judged: the model list takes the credential, or wants none, and the upgrade refuses it',
      details,
    });
  switch (opinion.kind) {
    case 'accepted': {
      const mayBeOpen = seen.credential.mode === 'provider' && upgrade.kind !== 'accepted';
      return conclude({
        summary: mayBeOpen
          ? `not refused (HTTP ${opinion.status}); a model list may be open to anybody`
          : `accepted (HTTP ${opinion.status})`,
        details,
      });
    }
    case 'limited':
      return conclude({
        summary: `not refused: the provider limits requests just now (HTTP ${opinion.status})`,
        details,
      });
    case 'refused': {
      if (opinion.answer.status === 403 && upgrade.kind === 'accepted')
        return conclude({ summary: '', details, issues: [closedListIssue(opinion)] });
      const skew = skewOf(seen.models);
      return conclude({
        summary: '',
        details,
        issues: [refusalIssue(opinion, seen, skew)],
        causedBy: isClockToBlame(opinion, seen, skew) ? 'system.clock' : undefined,
      });
    }
    case 'mute':
    case 'unheard':
    case 'unasked':
      return models.kind === 'unheard' || upgrade.kind === 'unheard'
        ? skip({
            because:
              models.kind === 'unheard' ? 'network.provider_reachability' : 'network.websocket_reachability',
            summary: 'not judged: the provider gave no answer about the credential',
            details,
          })
        : idle({
            summary: 'the provider has no route that tells whether it accepts the credential',
            details,
          });
  }
}

function detailsOf(
  seen: LiveEvidence,
  opinion: Opinion,
  askedBy: string,
): Record<string, DetailValue | undefined> {
  const { credential, issuedAtMs, lastRefreshMs } = seen;
  const refused = opinion.kind === 'refused' ? opinion : undefined;
  const skew = skewOf(seen.models);
  return {
    'auth mode': credential.mode,
    'credential source': credential.source,
    'asked by': askedBy,
    status: 'status' in opinion ? opinion.status : refused?.answer.status,
    'request id': refused?.answer.requestId,
    'cf-ray': refused?.answer.cfRay,
    'authorization error': refused?.answer.authError,
    'error code': refused && codesOf(refused)[0],
    'clock skew ms': skew && Math.round(skew.likelyMs),
    'access token issued': isoTime(issuedAtMs),
    'last refresh': isoTime(lastRefreshMs),
    'refresh token': lastRefreshMs === undefined ? undefined : seen.hasRefreshToken,
  };
}
