import { createParser } from 'eventsource-parser';
import type { EventSourceMessage } from 'eventsource-parser';
import type { Clock } from '../../../host/clock.ts';
import type { ModelError } from '../error.ts';
import type { ModelEvent } from '../event.ts';
import type { Inference } from '../inference/inference.ts';
import { streamError } from '../request/failure.ts';
import { parseJson } from '../request/json-parts.ts';
import { mapWireEvent } from '../request/map-wire-event.ts';
import type { WireState } from '../request/map-wire-event.ts';
import { textDeltaOf } from '../request/text-delta.ts';
import { createBatches } from './batches.ts';
import type { Exchange } from './exchange.ts';

/** No event is larger; as much as a WebSocket message may have (spec/transport.md 2.2). */
const MAX_EVENT_CHARACTERS = 64 * 1024 * 1024;
/**
 * After `completed` only the end of the body is missing. Waiting for it that long keeps the connection for the next
 * request; the consumer does not wait.
 */
const TAIL_TIMEOUT_MS = 1_000;

/** What there is to tell of an event that was read without parsing it. */
const TEXT_DELTA = 'response.output_text.delta';

export interface EventStreamOptions {
  readonly state: WireState;
  /** What the head of the answer told. */
  readonly first: readonly ModelEvent[];
  /** Longest time from one parsed event to the next; comments do not count (trap 15). */
  readonly idleTimeoutMs: number;
  /** Hears what comes and how it ends. */
  readonly inference: Pick<Inference, 'response' | 'fail' | 'leave'>;
  readonly clock: Clock;
  /** Says what a broken connection means. */
  readonly errorOf: (error: unknown) => unknown;
}

/**
 * The events of one answer, in batches of what one read of the connection brought (spec/transport.md 1.4, 1.5). Ends
 * after `completed`, without waiting for the end of the body. A failure that the stream tells of is thrown when the body
 * ends (trap 16). Leaving the loop ends the connection.
 * @throws ModelError, or what `errorOf` makes of the end of the connection
 */
export function eventStream(
  answer: Exchange,
  options: EventStreamOptions,
): AsyncIterable<readonly ModelEvent[]> {
  const { state, first, idleTimeoutMs, inference, clock, errorOf } = options;
  const told = inference.response;
  const nowMs = (): number => clock.now();
  let remembered: ModelError | undefined;
  let isOver = false;
  let isRestarting = false;
  let isPaused = false;
  if (told) for (const event of first) told.heard(event);

  const end = (error?: unknown): void => {
    if (isOver) return;
    isOver = true;
    clearTimeout(idle);
    if (error === undefined) inference.leave();
    else inference.fail(error, { isTold: error === remembered });
    batches.end(error);
  };
  const idle = setTimeout(() => {
    // A consumer that is slow is no server that is silent.
    if (isPaused) return void idle.refresh();
    told?.arrived();
    told?.event('unknown', { error: 'idle timeout' });
    end(streamError(`the provider sent no event for ${idleTimeoutMs} ms`));
    answer.abort();
  }, idleTimeoutMs);
  const batches = createBatches<ModelEvent>({
    first,
    pause: () => {
      isPaused = true;
      answer.pause();
    },
    resume: () => {
      if (isOver) return;
      isPaused = false;
      idle.refresh();
      answer.resume();
    },
    leave: () => {
      if (!isOver) answer.abort();
      end();
    },
  });

  // Once for all events of a read: a provider puts each into a chunk of its own.
  const restartIdle = (): void => {
    if (isRestarting) return;
    isRestarting = true;
    queueMicrotask(() => {
      isRestarting = false;
      if (!isOver) idle.refresh();
    });
  };
  const complete = (): void => {
    end();
    answer.resume();
    setTimeout(() => answer.abort(), TAIL_TIMEOUT_MS).unref();
  };
  const onEvent = ({ event: kind, data }: EventSourceMessage): void => {
    if (isOver) return;
    restartIdle();
    const delta = textDeltaOf(data);
    if (delta !== undefined) {
      told?.delta(TEXT_DELTA);
      batches.current().push({ type: 'text_delta', delta });
      return;
    }
    const event = parseJson(data);
    if (event === undefined) return told?.event('parse_error', { error: 'not JSON' });
    const events = batches.current();
    const known = events.length;
    const failure = mapWireEvent(event, state, { events, nowMs });
    if (told) {
      told.event(kind ?? 'unknown', { wire: event, error: failure?.failure.kind });
      for (const meant of events.slice(known)) told.heard(meant);
    }
    remembered = failure ?? remembered;
    if (events.at(-1)?.type === 'completed') complete();
  };
  const parser = createParser({
    onEvent,
    maxBufferSize: MAX_EVENT_CHARACTERS,
    onError: ({ type }) => {
      if (type !== 'max-buffer-size-exceeded') return;
      end(streamError(`an event of the stream is longer than ${MAX_EVENT_CHARACTERS} characters`));
      answer.abort();
    },
  });
  const decoder = new TextDecoder();
  answer.receive({
    data: (chunk) => {
      if (isOver) return;
      told?.arrived();
      parser.feed(decoder.decode(chunk, { stream: true }));
      batches.deliver();
    },
    end: () => end(remembered ?? streamError('the stream ended before the response was complete')),
    fail: (error) => end(errorOf(error)),
  });
  return batches;
}
