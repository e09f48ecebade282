import type { Clock } from '../../../host/clock.ts';
import type { AnswerHeaders } from '../../../net/http/answer.ts';
import { first } from '../../../net/http/answer.ts';
import type { ResponseItem } from '../../protocol/item.ts';
import type { JsonObject, JsonValue } from '../../../host/json.ts';
import type { ModelError } from '../error.ts';
import type { ModelEvent } from '../event.ts';
import type { ResponseTeller } from '../inference/response-teller.ts';
import { isObject, parseJson, stringAt } from '../request/json-parts.ts';
import { hiddenTexts } from '../request/hiding.ts';
import type { Hide } from '../request/hiding.ts';
import { mapWireEvent } from '../request/map-wire-event.ts';
import type { WireState } from '../request/map-wire-event.ts';
import { errorOfFrame } from './error-frame.ts';
import { isTextDelta } from './message.ts';
import type { Message } from './message.ts';
import type { CompletedExchange } from './reuse.ts';

/** What a batch of messages came to. */
export interface ReadMessages {
  readonly events: readonly ModelEvent[];
  /** Ends the response behind `events`. */
  readonly failure?: ModelError;
  /** The response is complete: these are its items. */
  readonly completed?: Pick<CompletedExchange, 'items' | 'responseId'>;
}

/** Reads the messages of one response. */
export interface ResponseReader {
  read(messages: readonly Message[]): ReadMessages;
  /** Messages that belong to no response, such as the timing that comes after the end of one. */
  passOver(messages: readonly Message[]): void;
}

export interface ResponseReaderOptions {
  /** Of the answer 101. */
  readonly headers: AnswerHeaders;
  /** As `describeUrl` shows it. */
  readonly url: string;
  /** Takes the credential of the upgrade out of what the server says. */
  readonly hide: Hide;
  /** Of the response before on this connection: told a second time, its end is not the end of this one. */
  readonly endedId?: string | undefined;
  /** Hears what comes. */
  readonly told: ResponseTeller | undefined;
  readonly clock: Clock;
}

/** What there is to tell of a message that was read as it came. */
const TEXT_DELTA = 'response.output_text.delta';

export function createResponseReader({
  headers,
  url,
  hide,
  endedId,
  told,
  clock,
}: ResponseReaderOptions): ResponseReader {
  const state: WireState = {
    transport: 'websocket',
    upstreamRequestId: null,
    serverModel: first(headers, 'openai-model'),
    hide,
  };
  const nowMs = (): number => clock.now();

  const items: ResponseItem[] = [];
  /** A server that gives every response the same id begins each of them with something else. */
  let hasBegun = false;
  let completed: ReadMessages['completed'];

  const readOne = (message: Message, events: ModelEvent[]): ModelError | undefined => {
    if (isTextDelta(message)) {
      hasBegun = true;
      events.push(message);
      told?.delta(TEXT_DELTA);
      return undefined;
    }
    const text = message.toString('utf8');
    const event = parseJson(text);
    const known = events.length;
    const failure = isObject(event) && event['type'] === 'error' ? errorOf(event, text) : map(event, events);
    if (told) {
      told.event(kindOf(event), { wire: event, error: failure?.failure.kind });
      for (const meant of events.slice(known)) told.heard(meant);
    }
    return failure;
  };
  const errorOf = (event: JsonObject, text: string): ModelError | undefined =>
    errorOfFrame(hiddenTexts(event, hide), { frame: hide(text), url, nowMs: nowMs() });
  const map = (event: JsonValue | undefined, events: ModelEvent[]): ModelError | undefined => {
    if (event === undefined) return undefined;
    const known = events.length;
    const failure = mapWireEvent(event, state, { events, nowMs });
    const last = events.length > known ? events.at(-1) : undefined;
    if (last?.type === 'item_done') items.push(last.item);
    if (last?.type === 'completed') {
      if (!hasBegun && last.responseId === endedId) events.pop();
      else completed = { items, responseId: last.responseId };
    } else if (last) hasBegun = true;
    return failure;
  };
  const passOver = (messages: readonly Message[]): void => {
    if (!told) return;
    told.arrived();
    for (const message of messages) {
      if (isTextDelta(message)) continue;
      const event = parseJson(message.toString('utf8'));
      told.event(kindOf(event), { wire: event });
    }
  };
  return {
    passOver,
    read: (messages) => {
      told?.arrived();
      const events: ModelEvent[] = [];
      let count = 0;
      for (const message of messages) {
        const failure = readOne(message, events);
        count += 1;
        if (failure) return { events, failure };
        if (completed) break;
      }
      passOver(messages.slice(count));
      return { events, ...(completed && { completed }) };
    },
  };
}

const kindOf = (event: JsonValue | undefined): string =>
  event === undefined ? 'parse_error' : (stringAt(event, 'type') ?? 'unknown');
