import type { ResponseItem } from '../../protocol/item.ts';
import type { ModelRequest } from '../client.ts';
import { ModelError } from '../error.ts';
import { compactBody } from '../request/body.ts';
import { streamError } from '../request/failure.ts';
import { threadHeaders, traceHeaders } from '../request/headers.ts';
import type { RequestContext } from '../request/headers.ts';
import { isObject, parseJson } from '../request/json-parts.ts';
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
    return await askOnce(request, context, { tools, timeoutMs }, AbortSignal.any([signal, timeout]));
  } catch (error) {
    if (!timeout.aborted || signal.aborted) throw error;
    const message = `the provider did not compact the conversation within ${timeoutMs} ms`;
    throw new ModelError({ kind: 'timeout', message }, message);
  }
}

async function askOnce(
  request: ModelRequest,
  context: RequestContext,
  { tools, timeoutMs }: { readonly tools: RequestTools; readonly timeoutMs: number },
  signal: AbortSignal,
): Promise<readonly ResponseItem[]> {
  const { provider, identity } = tools;
  const draft = {
    path: 'responses/compact',
    headers: {
      // The token for sticky routing is that of sampling alone.
      ...threadHeaders({ ...context, turnState: createTurnState() }, request),
      'x-codex-installation-id': identity.installationId,
      ...traceHeaders(request),
    },
    body: Buffer.from(JSON.stringify(compactBody(request))),
    mayCompress: false,
  };
  const prepared = await prepareRequest(draft, tools, signal);
  const outcome = await ask(prepared, { ...tools, maxRetries: provider.limits.requestMaxRetries }, signal);
  if (outcome.kind !== 'answered') throw outcome.error;
  const text = await readBody(outcome.answer, { maxBytes: MAX_ANSWER_BYTES, timeoutMs }, signal);
  const answer = parseJson(text);
  const output = isObject(answer) ? answer['output'] : undefined;
  if (!Array.isArray(output)) throw streamError('the compacted conversation cannot be read');
  return output.flatMap((value) => readItem(value) ?? []);
}
