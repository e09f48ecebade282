import { conclude, defineCheck, skip } from '../../src/doctor/check.ts';
import { takeCanaryTurn } from '../../src/doctor/canary-turn.ts';
import type { CanaryTurn } from '../../src/doctor/canary-turn.ts';
import { verdictWithoutAsking, whomToAsk } from '../network/parts/whom-to-ask.ts';
import type { ReasonNotToAsk } from '../network/parts/whom-to-ask.ts';
import { causeOf, issuesOf } from './turn/issues.ts';

type Evidence =
  | { readonly kind: 'not_asked_for' }
  | { readonly kind: 'unasked'; readonly reason: ReasonNotToAsk }
  | { readonly kind: 'taken'; readonly turn: CanaryTurn; readonly timeoutMs: number };

const BUDGET_MS = 25_000;
/** The rest is for ending the turn and for reading what it left. */
const TURN_LIMIT_MS = 20_000;

export default defineCheck({
  id: 'agent.turn',
  section: 'Agent',
  category: 'turn',
  title: 'The embedded agent takes a turn with this configuration',
  needs: ['config.load', 'auth.credentials'],
  network: true,
  budgetMs: BUDGET_MS,
  async probe(context): Promise<Evidence> {
    const asked = whomToAsk(context);
    if (asked.kind === 'nobody') return { kind: 'unasked', reason: asked.reason };
    if (!context.options.deep) return { kind: 'not_asked_for' };
    context.waitingFor('the model');
    return { kind: 'taken', turn: await takeCanaryTurn(context, TURN_LIMIT_MS), timeoutMs: TURN_LIMIT_MS };
  },
  judge(seen) {
    if (seen.kind === 'not_asked_for')
      return skip({
        because: '--deep',
        summary: 'a turn spends tokens of the account: taken with --deep only',
      });
    if (seen.kind === 'unasked') return verdictWithoutAsking(seen.reason);
    const { turn } = seen;
    const last = turn.attempts.at(-1);
    return conclude({
      summary: `the model called a tool and answered in ${turn.durationMs} ms for ${turn.totalTokens} tokens`,
      details: {
        model: turn.model || undefined,
        transport: transportOf(turn),
        requests: turn.attempts.length,
        'requests that failed': turn.attempts.filter(({ success }) => !success).length,
        'tool called': turn.hasCalledTool,
        'first token ms': turn.firstTokenMs ?? undefined,
        'turn ms': turn.durationMs,
        'tokens spent': turn.totalTokens,
        'session file': turn.isOnDisk ? 'complete' : 'incomplete',
        'row in the index': turn.isIndexed,
        'request id': last?.requestId,
      },
      issues: issuesOf(turn, seen.timeoutMs),
      causedBy: causeOf(turn),
    });
  },
});

function transportOf({ attempts }: CanaryTurn): string | undefined {
  const sent = attempts.findLast(({ kind }) => kind !== 'websocket_connect');
  return sent && (sent.kind === 'http' ? 'HTTP' : 'WebSocket');
}
