import { unlessAborted } from '../../../host/unless-aborted.ts';
import { first } from '../../../net/http/answer.ts';
import { outcomeOfError } from '../../../net/http/failed.ts';
import type { ModelRequest } from '../client.ts';
import type { ModelEvent } from '../event.ts';
import type { ModelError } from '../error.ts';
import { beginInference } from '../inference/inference.ts';
import type { Inference, InferenceOptions } from '../inference/inference.ts';
import type { AttemptFacts } from '../../../telemetry/facts/attempt.ts';
import { upstreamRequestIdOf } from '../request/answer-ids.ts';
import { bodyText, requestBody, wireBody } from '../request/body.ts';
import { streamError } from '../request/failure.ts';
import { headEvents } from '../request/head-events.ts';
import { streamHeaders } from '../request/headers.ts';
import type { RequestContext } from '../request/headers.ts';
import { rateLimitsOfHeaders } from '../request/rate-limits.ts';
import { TURN_STATE } from '../request/turn-state.ts';
import { ask } from './ask.ts';
import type { AttemptOutcome } from './attempt.ts';
import { eventStream } from './event-stream.ts';
import { prepareRequest } from './prepare.ts';
import type { Draft } from './prepare.ts';
import { recoverOnce } from '../recover.ts';
import type { RequestTools } from './transport.ts';

const UNAUTHORIZED = 401;

/** `POST responses`, and the events of its answer. */
export async function* streamResponse(
  request: ModelRequest,
  context: RequestContext,
  tools: RequestTools,
  signal: AbortSignal,
): AsyncGenerator<readonly ModelEvent[], void, undefined> {
  const { provider, identity, compressesRequests } = tools;
  signal.throwIfAborted();
  const { installationId } = identity;
  const facts = { installationId, windowId: context.windowId, storesResponses: provider.isAzure };
  const body = requestBody(request, facts);
  const { answer, hide, inference } = await authorized(
    {
      request,
      told: () => wireBody(body),
      draft: {
        path: 'responses',
        headers: streamHeaders(request, context),
        body: Buffer.from(bodyText(body)),
        mayCompress: compressesRequests,
      },
    },
    tools,
    signal,
  );
  context.turnState.offer(first(answer.headers, TURN_STATE));
  yield* eventStream(answer, {
    first: headEvents(answer.headers, rateLimitsOfHeaders(answer.headers)),
    state: {
      transport: 'http',
      upstreamRequestId: upstreamRequestIdOf(answer.headers),
      serverModel: first(answer.headers, 'openai-model'),
      hide,
    },
    idleTimeoutMs: provider.limits.streamIdleTimeoutMs,
    inference,
    clock: tools.clock,
    errorOf: (error) => (signal.aborted ? signal.reason : errorOfBreak(error)),
  });
}

type Answered = Extract<AttemptOutcome, { readonly kind: 'answered' }> & { readonly inference: Inference };

interface Asking {
  readonly request: ModelRequest;
  readonly draft: Draft;
  readonly told: InferenceOptions['told'];
}

/** Sends until the answer is none that asks for another login: each 401 takes one step of a fresh recovery. */
async function authorized(
  { request, draft, told }: Asking,
  tools: RequestTools,
  signal: AbortSignal,
): Promise<Answered> {
  const { provider, observer, clock } = tools;
  const recovery = provider.recovery();
  const maxRetries = provider.limits.requestMaxRetries;
  let followed: AttemptFacts['recovery'];
  for (;;) {
    const prepared = await prepareRequest(draft, tools, signal);
    const { url, endpoint } = prepared;
    const inference = beginInference({
      observer,
      clock,
      request,
      transport: 'http',
      endpoint,
      provider,
      url,
      told,
      signal,
    });
    const outcome = await ask(
      { ...prepared, inference, ...(followed && { recovery: followed }) },
      { ...tools, maxRetries },
      signal,
    );
    if (outcome.kind === 'answered') return { ...outcome, inference };
    if (outcome.kind === 'failed' || outcome.answer.status !== UNAUTHORIZED) throw outcome.error;
    const { scope } = inference;
    followed = await unlessAborted(recoverOnce(recovery, outcome, { observer, scope }), signal);
  }
}

/** What an error means that came in the middle of an answer: whatever it is, asking again may help. */
function errorOfBreak(error: unknown): ModelError {
  const outcome = outcomeOfError(error, { hop: 'endpoint', receivedBytes: 0 });
  const code = 'code' in outcome ? outcome.code : outcome.kind;
  return streamError(`the connection ended before the response was complete (${code})`);
}
