import { ModelError } from '../model/error.ts';
import type { ModelEvent } from '../model/event.ts';
import type { EventMsg } from '../protocol/event.ts';
import type { ImageGenerationCallItem, ResponseItem } from '../protocol/item.ts';
import type { TurnItem } from '../protocol/turn-item.ts';
import type { RateLimitSnapshot } from '../protocol/usage.ts';
import { isToolCall } from '../tools/router-items.ts';
import type { SettledCall, ToolRouter } from '../tools/router.ts';
import { completedEvents, startedEvents, turnItemOf } from './turn-items.ts';
import type { Turn } from './turn-state.ts';

/** What one response of the model came to. */
export interface Answer {
  readonly responseId: string;
  readonly usage: Extract<ModelEvent, { readonly type: 'completed' }>['usage'];
  /** The model waits for outputs, or asked for another request. */
  readonly owesFollowUp: boolean;
  readonly lastMessage: string | undefined;
}

export interface StreamReader {
  /** Takes what one read of the connection brought; resolves when all of it is recorded and announced. */
  read(batch: readonly ModelEvent[]): Promise<void>;
  /** Waits for the calls that were begun, and gives what they came to in the order of the calls. */
  settled(): Promise<readonly SettledCall[]>;
  /** @throws ModelError `stream` when the response never completed */
  answer(): Answer;
}

export interface StreamOptions {
  readonly turn: Turn;
  readonly router: ToolRouter;
  readonly newId: () => string;
  /** Keeps a generated picture and gives its path. */
  readonly saveImage: (item: ImageGenerationCallItem, id: string) => Promise<string>;
  readonly onRateLimits: (snapshot: RateLimitSnapshot) => void;
  readonly onModelsEtag: (etag: string) => void;
  /** What may be told of a call while the model still writes it; undefined for most, and where nobody wants to know. */
  readonly previewOf: (item: ResponseItem) => { push(delta: string): void } | undefined;
}

/**
 * Turns the events of a response into items and events of the thread. A long answer is thousands of deltas: those are
 * passed on in one synchronous step each, and only whole items are waited for.
 */
export function createStreamReader(options: StreamOptions): StreamReader {
  const { turn, router, newId, saveImage } = options;
  const calls: Promise<SettledCall>[] = [];
  /** The item that deltas belong to. */
  let open: { readonly id: string; readonly type: ResponseItem['type'] } | undefined;
  /** Of the item that is open. */
  let preview: ReturnType<StreamOptions['previewOf']>;
  let completed: Extract<ModelEvent, { readonly type: 'completed' }> | undefined;
  let lastMessage: string | undefined;

  const emitAll = (messages: readonly EventMsg[]): void => messages.forEach((msg) => turn.emit(msg));

  const itemAdded = (item: ResponseItem): void => {
    open = { id: item.id ?? newId(), type: item.type };
    preview = options.previewOf(item);
    const shown = turnItemOf(item, open.id);
    if (shown) emitAll(startedEvents(turn.id, shown));
  };

  const itemDone = async (item: ResponseItem): Promise<void> => {
    preview = undefined;
    if (countsAsFirstToken(item)) turn.timer.firstToken();
    if (isToolCall(item)) {
      open = undefined;
      turn.timer.countToolCall();
      calls.push((await router.begin(item)).outcome);
      return;
    }
    const wasOpen = open?.type === item.type;
    const id = wasOpen && open ? open.id : (item.id ?? newId());
    open = undefined;
    await turn.record(item);
    const shown = turnItemOf(item, id);
    if (!shown) return;
    if (!wasOpen) emitAll(startedEvents(turn.id, shown));
    if (shown.type === 'AgentMessage') {
      if (shown.text !== '') turn.timer.firstMessage();
      lastMessage = shown.text;
    }
    emitAll(
      completedEvents(turn.id, item.type === 'image_generation_call' ? await kept(item, shown) : shown),
    );
  };

  /** The picture is in the conversation; that it could not be kept beside it is worth a warning and no more. */
  const kept = async (item: ImageGenerationCallItem, shown: TurnItem): Promise<TurnItem> => {
    if (shown.type !== 'ImageGeneration') return shown;
    try {
      return { ...shown, savedPath: await saveImage(item, shown.id) };
    } catch (error) {
      const reason = error instanceof Error ? error.message : 'for an unknown reason';
      turn.emit({ type: 'warning', message: `A generated image could not be saved: ${reason}` });
      return shown;
    }
  };

  /** A promise only where something has to be waited for. */
  const accept = (event: ModelEvent): Promise<void> | undefined => {
    switch (event.type) {
      case 'text_delta':
        turn.timer.firstToken();
        turn.timer.firstMessage();
        if (open) turn.emit({ type: 'agent_message_content_delta', item_id: open.id, delta: event.delta });
        return undefined;
      case 'reasoning_summary_delta': {
        turn.timer.firstToken();
        const { delta, summaryIndex } = event;
        if (open)
          turn.emit({
            type: 'reasoning_content_delta',
            item_id: open.id,
            delta,
            summary_index: summaryIndex,
          });
        return undefined;
      }
      case 'reasoning_delta': {
        turn.timer.firstToken();
        const { delta, contentIndex } = event;
        if (open)
          turn.emit({
            type: 'reasoning_raw_content_delta',
            item_id: open.id,
            delta,
            content_index: contentIndex,
          });
        return undefined;
      }
      case 'reasoning_summary_part':
        if (open)
          turn.emit({
            type: 'agent_reasoning_section_break',
            item_id: open.id,
            summary_index: event.summaryIndex,
          });
        return undefined;
      case 'item_added':
        itemAdded(event.item);
        return undefined;
      case 'item_done':
        return itemDone(event.item);
      case 'server_model':
        turn.noteServerModel(event.model);
        return undefined;
      case 'model_verifications':
        turn.noteVerifications(event.verifications);
        return undefined;
      case 'rate_limits':
        options.onRateLimits(event.snapshot);
        return undefined;
      case 'models_etag':
        options.onModelsEtag(event.etag);
        return undefined;
      case 'completed':
        completed = event;
        return undefined;
      case 'tool_input_delta':
        preview?.push(event.delta);
        return undefined;
      case 'created':
      case 'server_reasoning_included':
      case 'turn_moderation':
        return undefined;
    }
  };

  return {
    async read(batch) {
      for (const event of batch) {
        const work = accept(event);
        if (work) await work;
      }
    },
    settled: () => Promise.all(calls),
    answer() {
      if (!completed) {
        const message = 'the stream ended before the response was complete';
        throw new ModelError({ kind: 'stream', message }, message);
      }
      const { responseId, usage, endTurn } = completed;
      return { responseId, usage, owesFollowUp: calls.length > 0 || endTurn === false, lastMessage };
    },
  };
}

/** Empty messages and thoughts are no sign of life; calls, searches, pictures and compactions are. */
function countsAsFirstToken(item: ResponseItem): boolean {
  if (item.type === 'message') return item.content.some((part) => 'text' in part && part.text !== '');
  if (item.type === 'reasoning')
    return [...item.summary, ...(item.content ?? [])].some(({ text }) => text !== '');
  return true;
}
