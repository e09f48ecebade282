import type { ResponseItem } from '../../protocol/item.ts';
import type { ModelRequest } from '../client.ts';
import { ModelError } from '../error.ts';
import { beginInference } from '../inference/inference.ts';
import { compactBody } from '../request/body.ts';
import { streamError } from '../request/failure.ts';
import { threadHeaders, traceHeaders } from '../request/headers.ts';
import type { RequestContext } from '../request/headers.ts';
import { isObject, parseJson, stringAt } from '../request/json-parts.ts';
import { readItem } from '../request/read-item.ts';
import { createTurnState } from '../request/turn-state.ts';
import { ask } from './ask.ts';
import { prepareRequest } from './prepare.ts';
import { readBody } from './read-body.ts';
import type { RequestTools } from './transport.ts';

/** The answer comes in one piece, after the model has read everything. */
const IDLE_TIMES = 4;
/** As much as one event of a stream. */
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;

/** `POST responses/compact` (spec/transport.md 1.10): without recovery from a 401, and never compressed. */
export async function compact(
  request: ModelRequest,
  context: RequestContext,
  tools: RequestTools,
  signal: AbortSignal,
): Promise<readonly ResponseItem[]> {
  if (request.input.length === 0) return [];
  const timeoutMs = IDLE_TIMES * tools.provider.limits.streamIdleTimeoutMs;
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    const either = AbortSignal.any([signal, timeout]);
    return await askOnce(request, context, { tools, timeoutMs, cancelled: signal }, either);
  } catch (error) {
    if (!timeout.aborted || signal.aborted) throw error;
    const message = `the provider did not compact the conversation within ${timeoutMs} ms`;
    throw new ModelError({ kind: 'timeout', message }, message);
  }
}

interface Limits {
  readonly tools: RequestTools;
  readonly timeoutMs: number;
  /** By the turn, not by the time limit. */
  readonly cancelled: AbortSignal;
}

async function askOnce(
  request: ModelRequest,
  context: RequestContext,
  { tools, timeoutMs, cancelled }: Limits,
  signal: AbortSignal,
): Promise<readonly ResponseItem[]> {
  const { provider, identity, observer, clock } = tools;
  const body = compactBody(request);
  const draft = {
    path: 'responses/compact',
    headers: {
      // The token for sticky routing is that of sampling alone.
      ...threadHeaders({ ...context, turnState: createTurnState() }, request),
      'x-codex-installation-id': identity.installationId,
      ...traceHeaders(request),
    },
    body: Buffer.from(JSON.stringify(body)),
    mayCompress: false,
  };
  const prepared = await prepareRequest(draft, tools, signal);
  const { url, endpoint } = prepared;
  const inference = beginInference({
    observer,
    clock,
    request,
    purpose: 'compaction',
    transport: 'http',
    endpoint,
    provider,
    url,
    told: () => body,
    signal: cancelled,
  });
  const maxRetries = provider.limits.requestMaxRetries;
  const outcome = await ask({ ...prepared, inference }, { ...tools, maxRetries }, signal);
  if (outcome.kind !== 'answered') throw outcome.error;
  try {
    const text = await readBody(outcome.answer, { maxBytes: MAX_ANSWER_BYTES, timeoutMs }, signal);
    const answer = parseJson(text);
    const output = isObject(answer) ? answer['output'] : undefined;
    if (!Array.isArray(output)) throw streamError('the compacted conversation cannot be read');
    const items = output.flatMap((value) => readItem(value) ?? []);
    inference.complete({ responseId: stringAt(answer, 'id') ?? null, items });
    return items;
  } catch (error) {
    inference.fail(error);
    throw error;
  }
}
