import type { IncomingHttpHeaders } from 'node:http';
import type { JsonObject, JsonValue } from '../../host/json.ts';
import type { WireEvent } from './events.ts';

/** What the server does next while it answers. */
export type Action =
  | WireEvent
  /** As it stands: a text message over WebSocket, bytes of the stream over HTTP. */
  | { readonly text: string }
  /** A binary message over WebSocket, bytes of the stream over HTTP. */
  | { readonly bytes: Uint8Array }
  /** The first half of what carries this event. */
  | { readonly half: WireEvent }
  /** Bytes of the connection, below all messages. */
  | { readonly raw: Uint8Array }
  /** What keeps a connection alive and says nothing: a ping, or a comment. */
  | { readonly keepAlive: true }
  | { readonly pauseMs: number }
  /** A close frame over WebSocket, the regular end over HTTP. */
  | { readonly close: number; readonly reason?: string }
  /** TCP reset; end of the connection without a word; or nothing more, the connection kept. */
  | { readonly end: 'reset' | 'drop' | 'stay' };

/** Lists of actions stand where one would: `[created('r1'), message('hi'), completed('r1')]`. */
export type Actions = readonly (Action | Actions)[];

/** An HTTP answer of another status; over WebSocket an error frame. */
export interface Refusal {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** An object is written as JSON. */
  readonly body?: string | JsonObject;
}

/** No answer: the connection ends, or stays and is silent. Over HTTP not even the head of an answer is sent. */
export interface Silence {
  readonly unanswered: 'reset' | 'drop' | 'stay';
}

/** The answer to one request. Without an `end` the stream ends over HTTP, and the connection stays over WebSocket. */
export type Step =
  | Actions
  | { readonly headers: Readonly<Record<string, string>>; readonly actions: Actions }
  | Refusal
  | Silence;

/** The answer to one WebSocket upgrade. */
export type UpgradeStep =
  | (Omit<Refusal, 'status'> & {
      /** 101 accepts; any other status refuses. */
      readonly status: number;
      /** `false` accepts and then reads nothing, so that what the client writes piles up. */
      readonly reads?: boolean;
      /** With `reads: false`: when it goes on after all, from the upgrade. */
      readonly readsAfterMs?: number;
      /** Accepts with `Sec-WebSocket-Accept` for a key that nobody sent. */
      readonly accept?: 'wrong';
    })
  | 'silent'
  | 'reset'
  | 'drop';

/** A request for a response, whichever way it came. */
export interface RecordedRequest {
  readonly transport: 'http' | 'websocket';
  /** Path and query. */
  readonly url: string;
  /** Of the request, or of the upgrade that opened its connection. */
  readonly headers: IncomingHttpHeaders;
  /** As it was before any compression. */
  readonly body: JsonObject;
  /** Counts the connections of the server from 1. */
  readonly connection: number;
}

export interface RecordedUpgrade {
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
}

export type ResponsesScript = readonly Step[] | ((request: RecordedRequest) => Step | Promise<Step>);

export interface ServerScript {
  /** One for each request in order; or a function that is asked each time. */
  readonly responses?: ResponsesScript;
  /** One for each upgrade; those that follow are accepted. */
  readonly upgrades?: readonly UpgradeStep[];
  /** Requests with `generate: false` are completed at once unless the script answers them. */
  readonly prewarm?: 'automatic' | 'scripted';
  /** Answers of `POST responses/compact`; those that follow have an empty output. */
  readonly compactions?: readonly (JsonObject | Refusal)[];
  /** The answer of `GET models`. */
  readonly models?: JsonValue;
}

export const isRefusal = (step: object): step is Refusal =>
  'status' in step && typeof step.status === 'number';
