import type { Clock } from '../../../host/clock.ts';
import type { AnswerHeaders } from '../../../net/http/answer.ts';
import { first } from '../../../net/http/answer.ts';
import type { ModelError } from '../error.ts';
import type { ModelEvent } from '../event.ts';
import type { ModelObserver } from '../observer.ts';
import { textDeltaOf } from '../http/text-delta.ts';
import { isObject, parseJson } from '../request/json-parts.ts';
import { mapWireEvent } from '../request/map-wire-event.ts';
import type { WireState } from '../request/map-wire-event.ts';
import { errorOfFrame } from './error-frame.ts';
import { createEventTeller } from './event-teller.ts';

/** What the answer 101 told; consumers hear it with every response on that connection (trap 21). */
export function handshakeEvents(headers: AnswerHeaders): readonly ModelEvent[] {
  const model = first(headers, 'openai-model');
  const etag = first(headers, 'x-models-etag');
  const isReasoningIncluded = headers['x-reasoning-included'] !== undefined;
  return [
    ...(model === undefined ? [] : [{ type: 'server_model', model } as const]),
    ...(etag === undefined ? [] : [{ type: 'models_etag', etag } as const]),
    ...(isReasoningIncluded ? [{ type: 'server_reasoning_included' } as const] : []),
  ];
}

/** Reads the messages of one response. */
export interface ResponseReader {
  /** What messages mean, in order; a failure ends the response behind `events`. */
  read(messages: readonly Buffer[]): {
    readonly events: readonly ModelEvent[];
    readonly failure?: ModelError;
  };
  /** Messages that belong to no response, such as the timing that comes after the end of one. */
  passOver(messages: readonly Buffer[]): void;
}

export interface ResponseReaderOptions {
  /** Of the answer 101. */
  readonly headers: AnswerHeaders;
  /** As `describeUrl` shows it. */
  readonly url: string;
  /** Takes the credential of the upgrade out of what the server says. */
  readonly hide: (text: string) => string;
  readonly observer: ModelObserver;
  readonly clock: Clock;
}

export function createResponseReader({
  headers,
  url,
  hide,
  observer,
  clock,
}: ResponseReaderOptions): ResponseReader {
  const state: WireState = {
    transport: 'websocket',
    upstreamRequestId: null,
    serverModel: first(headers, 'openai-model'),
  };
  const nowMs = (): number => clock.now();
  const tell = createEventTeller(observer, clock);

  const readOne = (message: Buffer, events: ModelEvent[]): ModelError | undefined => {
    const text = message.toString('utf8');
    const delta = tell ? undefined : textDeltaOf(text);
    if (delta !== undefined) {
      events.push({ type: 'text_delta', delta });
      return undefined;
    }
    const event = parseJson(text);
    const failure =
      isObject(event) && event['type'] === 'error'
        ? errorOfFrame(event, { frame: hide(text), url, nowMs: nowMs() })
        : event === undefined
          ? undefined
          : mapWireEvent(event, state, { events, nowMs });
    tell?.(event, failure);
    return failure;
  };
  const passOver = (messages: readonly Buffer[]): void => {
    if (!tell) return;
    for (const message of messages) tell(parseJson(message.toString('utf8')));
  };
  return {
    passOver,
    read: (messages) => {
      const events: ModelEvent[] = [];
      let read = 0;
      for (const message of messages) {
        const failure = readOne(message, events);
        read += 1;
        if (failure) return { events, failure };
        if (events.at(-1)?.type === 'completed') break;
      }
      passOver(messages.slice(read));
      return { events };
    },
  };
}
