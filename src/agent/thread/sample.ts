import type { TurnClient } from '../model/client.ts';
import { ModelError } from '../model/error.ts';
import type { ResponseItem } from '../protocol/item.ts';
import type { TokenUsage } from '../protocol/usage.ts';
import { createPatchPreview } from '../tools/patch/preview.ts';
import type { PatchPreview } from '../tools/patch/preview.ts';
import type { ToolRegistry } from '../tools/registry.ts';
import type { ToolRouter } from '../tools/router.ts';
import { limitsFor, modelRequest } from './core.ts';
import type { ThreadCore } from './core.ts';
import { requestMetadata } from './metadata.ts';
import type { Metadata, TurnFacts } from './metadata.ts';
import { withoutLastImages } from './normalise.ts';
import { withRetries } from './retry.ts';
import { createStreamReader } from './stream.ts';
import type { Answer } from './stream.ts';
import type { Turn } from './turn-state.ts';

/** A turn at work: the model it talks to, and the tools that it may use. */
export interface TurnRun {
  readonly core: ThreadCore;
  readonly turn: Turn;
  readonly client: TurnClient;
  readonly registry: ToolRegistry;
  readonly router: ToolRouter;
}

/** Off unless asked for: the frame `response.processed` (spec/transport.md 2.5). */
const PROCESSED_FEATURE = 'responses_websocket_response_processed';
/** Off unless asked for: `patch_apply_updated`. */
const PREVIEW_FEATURE = 'apply_patch_streaming_events';
const REFUSED_IMAGE = '[An image stood here, which the model could not read.]';

/**
 * One answer of the model to the conversation as it stands, with its calls run and recorded. Retries what is worth it.
 * @throws ModelError, or what a tool ended the turn with, or the reason of the turn's signal
 */
export async function sample(run: TurnRun): Promise<Answer> {
  const { core, turn } = run;
  // Made once: a retry repeats it, although the conversation may have grown meanwhile (spec/transport.md 1.7).
  const metadata = requestMetadata(core.facts, { kind: 'turn', turn: turnFacts(core, turn) });
  core.world.onSampling?.(turn);
  const tellEnd = tellSampling(run);
  try {
    for (;;) {
      try {
        return await withRetries(() => askOnce(run, metadata), retryOptions(run));
      } catch (error) {
        turn.signal.throwIfAborted();
        if (isRefusedImage(error) && dropRefusedImages(core)) continue;
        noteLimits(run, error);
        throw error;
      }
    }
  } finally {
    tellEnd?.();
  }
}

/** Tells the start now, and the end when it is called, or when the turn does not wait for it any more. */
function tellSampling({ core, turn }: TurnRun): (() => void) | undefined {
  const { tell, ids } = core.world;
  if (!tell) return undefined;
  const samplingId = ids.random();
  const before = turn.timer.retries;
  tell({ type: 'sampling_started', turnId: turn.id, samplingId });
  return turn.untilOver(() =>
    tell({ type: 'sampling_ended', turnId: turn.id, samplingId, retries: turn.timer.retries - before }),
  );
}

/** What every request of a turn may do when it fails. */
export function retryOptions({ core, turn, client }: TurnRun): Parameters<typeof withRetries>[1] {
  return {
    maxRetries: core.provider.limits.streamMaxRetries,
    client,
    emit: (msg) => turn.emit(msg),
    wait: core.world.wait,
    random: core.world.random,
    signal: turn.signal,
    onRetry: () => turn.timer.countRetry(),
  };
}

export const turnFacts = ({ world }: ThreadCore, turn: Turn): TurnFacts => ({
  turnId: turn.id,
  startedAtMs: turn.timer.startedAtMs,
  sandbox: world.sandboxName(turn.settings.sandboxPolicy),
  workspaces: turn.workspaces,
  clientMetadata: turn.clientMetadata,
});

async function askOnce(run: TurnRun, metadata: Metadata): Promise<Answer> {
  const { core, turn, client, registry, router } = run;
  const { settings, signal, outputSchema, trace } = turn;
  const input = core.history.forModel(settings.model);
  const request = modelRequest(core, {
    settings,
    input,
    tools: registry.specs,
    metadata,
    outputSchema,
    trace,
  });
  const reader = createStreamReader({
    turn,
    router,
    newId: () => core.world.ids.random(),
    saveImage: core.world.saveImage,
    onRateLimits: (snapshot) => core.usage.noteRateLimits(snapshot),
    onModelsEtag: (etag) => core.provider.noteModelsEtag(etag),
    previewOf: (item) => patchPreview(run, item),
  });
  turn.timer.countRequest();
  turn.timer.enter('sampling');
  const heard = await attempt(async () => {
    for await (const batch of client.stream(request, signal)) await reader.read(batch);
    const answer = reader.answer();
    core.world.onAnswer?.(turn, answer.responseId);
    noteUsage(run, answer.usage);
    if (core.config.isFeatureOn(PROCESSED_FEATURE)) await client.processed(answer.responseId);
    return answer;
  });
  // Calls that were begun end, and are recorded, also when the stream broke behind them.
  turn.timer.enter('tools');
  const calls = await reader.settled();
  turn.timer.enter('betweenSampling');
  await turn.record(...calls.flatMap(({ output, note }) => (note ? [output, note] : [output])));
  if (heard.kind === 'answered' || signal.aborted) turn.emit(tokenCount(run));
  signal.throwIfAborted();
  const fatal = calls.find((call) => call.fatal)?.fatal;
  if (fatal) throw fatal;
  if (heard.kind === 'failed') throw heard.error;
  return heard.value;
}

/** What a response has used counts for the thread and for the turn. */
export function noteUsage(
  { core, turn }: Pick<TurnRun, 'core' | 'turn'>,
  usage: TokenUsage | undefined,
): void {
  core.usage.note(usage);
  turn.timer.countUsage(usage);
}

/** A patch in free text can be shown while it is written. */
function patchPreview({ core, turn }: TurnRun, item: ResponseItem): PatchPreview | undefined {
  if (item.type !== 'custom_tool_call' || item.name !== 'apply_patch') return undefined;
  if (!core.config.isFeatureOn(PREVIEW_FEATURE)) return undefined;
  return createPatchPreview({
    callId: item.call_id,
    cwd: turn.settings.cwd,
    clock: core.world.clock,
    emit: (msg) => turn.emit(msg),
  });
}

type Attempt<Value> =
  | { readonly kind: 'answered'; readonly value: Value }
  | { readonly kind: 'failed'; readonly error: unknown };

async function attempt<Value>(work: () => Promise<Value>): Promise<Attempt<Value>> {
  try {
    return { kind: 'answered', value: await work() };
  } catch (error) {
    return { kind: 'failed', error };
  }
}

const isRefusedImage = (error: unknown): boolean =>
  error instanceof ModelError && error.failure.kind === 'invalid_image';

/** False when there was nothing to take out: asking again would bring the same answer. */
function dropRefusedImages({ history }: ThreadCore): boolean {
  const without = withoutLastImages(history.items, REFUSED_IMAGE);
  if (without) history.replace(without);
  return without !== undefined;
}

/** What a failure says about limits is told before the failure itself (trap 47). */
export function noteLimits(run: TurnRun, error: unknown): void {
  if (!(error instanceof ModelError)) return;
  const { failure } = error;
  if (failure.kind === 'usage_limit_reached' && failure.rateLimits)
    run.core.usage.noteRateLimits(failure.rateLimits);
  else if (failure.kind === 'context_window_exceeded')
    run.core.usage.fill(limitsFor(run.core, run.turn.settings.model).window ?? 0);
  else return;
  run.turn.emit(tokenCount(run));
}

export const tokenCount = ({ core, turn }: TurnRun): ReturnType<ThreadCore['usage']['tokenCount']> =>
  core.usage.tokenCount(limitsFor(core, turn.settings.model).window);
