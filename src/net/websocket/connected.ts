import type { Socket } from 'node:net';
import type { DialTrace } from '../dial/trace.ts';
import type { AnswerHeaders } from '../http/answer.ts';
import type { RequestHeaders } from '../network.ts';
import type { UpgradeFacts } from '../outcome.ts';

export interface WebSocketRequest {
  /** `ws:` or `wss:`. May hold a credential; never shown. */
  readonly url: string;
  readonly headers: RequestHeaders;
  /** From the first look-up to the answer to the upgrade. */
  readonly timeoutMs: number;
  /** Whoever only watches sends nothing, not even the answer to a ping. */
  readonly isObserver?: boolean;
  readonly signal?: AbortSignal;
}

/** A WebSocket of `ws`, as far as it is used here: whoever imports stethos may lack the types of that package. */
export interface ConnectedSocket {
  readonly isPaused: boolean;
  on(event: 'message', listener: (data: Buffer, isBinary: boolean) => void): unknown;
  on(event: 'error', listener: (error: NodeJS.ErrnoException) => void): unknown;
  on(event: 'close', listener: (code: number) => void): unknown;
  send(text: string, done: (error?: Error | null) => void): void;
  pause(): void;
  resume(): void;
  terminate(): void;
}

export interface OpenWebSocket<Connected extends ConnectedSocket = ConnectedSocket> {
  /** Paused, so that no frame is lost before its listeners are there: call `resume()`. */
  readonly socket: Connected;
  /** What lies below: its `error` tells a reset from a connection that was closed without a close frame. */
  readonly connection: Socket;
  readonly upgrade: UpgradeFacts;
  /** Of the answer 101, names in lower case. May hold anything: not for reports. */
  readonly headers: AnswerHeaders;
  readonly trace: DialTrace;
}
