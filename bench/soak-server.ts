// The provider of bench/soak.ts, in a process of its own: plays to every thread what its prompts ask for.
import type { JsonObject, JsonValue } from '../src/host/json.ts';
import { startResponsesServer } from '../src/testing/index.ts';
import type { RecordedRequest, Step } from '../src/testing/index.ts';
import { answerOf, faultOf, PLAN_PREFIX } from './soak-faults.ts';
import type { Plan } from './soak-faults.ts';

interface Progress {
  readonly plan: Plan;
  /** Requests that were answered as they should be. */
  answered: number;
  hasFailed: boolean;
}

const threads = new Map<string, Progress>();

const server = await startResponsesServer({ responses: next });
process.send?.({ baseUrl: server.baseUrl });
process.on('message', () => process.send?.({ openConnections: server.openConnections }));
process.on('disconnect', () => process.exit());

function next({ body }: RecordedRequest): Step {
  const thread = JSON.stringify(body['prompt_cache_key']);
  const asked = lastPlan(body['input']);
  const known = threads.get(thread);
  const progress =
    asked && asked.turn !== known?.plan.turn ? { plan: asked, answered: 0, hasFailed: false } : known;
  if (!progress) return { status: 400, body: 'a request without a plan' };
  threads.set(thread, progress);
  const fault = faultOf(progress.plan.fault);
  const isDue = progress.answered === progress.plan.at;
  if (progress.plan.fault !== 'none' && isDue && (fault.isPermanent || !progress.hasFailed)) {
    progress.hasFailed = true;
    return fault.step;
  }
  progress.answered += 1;
  return answerOf(progress.plan, progress.answered - 1);
}

/** Of the newest prompt; a request that goes on where the last one ended may have none. */
function lastPlan(input: JsonValue | undefined): Plan | undefined {
  if (!Array.isArray(input)) return undefined;
  const texts = (input as JsonObject[]).map(firstText);
  const text = texts.findLast((one) => one?.startsWith(PLAN_PREFIX));
  return text === undefined ? undefined : (JSON.parse(text.slice(PLAN_PREFIX.length)) as Plan);
}

function firstText({ role, content }: JsonObject): string | undefined {
  const [first] = role === 'user' && Array.isArray(content) ? (content as JsonObject[]) : [];
  return typeof first?.['text'] === 'string' ? first['text'] : undefined;
}
