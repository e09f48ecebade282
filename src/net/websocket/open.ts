import type { ClientRequest, IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { ClientOptions, WebSocket } from 'ws';
import { createHttpAgent } from '../dial/agent.ts';
import type { ConnectionOptions } from '../dial/agent.ts';
import { DialError } from '../dial/dial.ts';
import type { DialTrace } from '../dial/trace.ts';
import { MAX_HEAD_BYTES } from '../http/observe.ts';
import { createShown } from '../http/shown.ts';
import type { RequestHeaders } from '../network.ts';
import type { UpgradeFacts, WebSocketOutcome } from '../outcome.ts';
import { watchAnswerHead } from './answer-head.ts';
import type { AnswerHead } from './answer-head.ts';
import { WebSocketError } from './error.ts';
import { outcomeOfFailedUpgrade } from './failed-upgrade.ts';
import { readRefusal } from './refusal.ts';
import { prepareUpgrade } from './request.ts';
import { readUpgrade } from './upgrade-facts.ts';

/** Largest message that the agent takes (spec/transport.md 2.2). */
const MAX_MESSAGE_BYTES = 64 * 1024 * 1024;
/** A peer that was sent a close frame and keeps the connection is not waited for. */
const CLOSE_TIMEOUT_MS = 250;

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

export interface OpenWebSocket {
  /** Paused, so that no frame is lost before its listeners are there: call `resume()`. */
  readonly socket: WebSocket;
  /** What lies below: its `error` tells a reset from a connection that was closed without a close frame. */
  readonly connection: Socket;
  readonly upgrade: UpgradeFacts;
  readonly trace: DialTrace;
}

/** Two that `ws` takes or passes on and its types do not know. */
type Options = ClientOptions & { readonly closeTimeout: number; readonly maxHeaderSize: number };

export type WebSocketDependencies = Pick<ConnectionOptions, 'routeFor' | 'trust'>;

/**
 * Opens a WebSocket (RFC 6455), offering permessage-deflate as the agent does. Redirects are not followed and nothing is
 * tried twice.
 * @throws WebSocketError with what happened instead, at the moment when it is known: no close handshake is waited for
 * @throws the reason of `signal`, when that is aborted
 */
export async function openWebSocket(
  asked: WebSocketRequest,
  { routeFor, trust }: WebSocketDependencies,
): Promise<OpenWebSocket> {
  const { signal } = asked;
  signal?.throwIfAborted();
  const request = prepareUpgrade(asked);
  if (request.kind === 'unsendable') throw new WebSocketError(request, { totalMs: 0 });
  const { url, headers } = request;
  const shown = createShown(url, asked.headers);
  // Loaded before the clock starts: the time that takes is not the network's.
  const { WebSocket: Client } = await import('ws');
  const startedAt = performance.now();
  const leftMs = (): number => Math.max(1, asked.timeoutMs - (performance.now() - startedAt));

  return new Promise((resolve, reject) => {
    let trace: DialTrace = { totalMs: 0 };
    let sent: { readonly connection: Socket; readonly atMs: number; readonly head: AnswerHead } | undefined;
    let upgrade: UpgradeFacts | undefined;
    let isRefused = false;
    let timer: NodeJS.Timeout | undefined;
    const sinceSentMs = (): number => Math.round(performance.now() - (sent?.atMs ?? startedAt));

    const agent = createHttpAgent({
      url,
      routeFor,
      trust,
      timeoutMs: leftMs,
      ...(signal && { signal }),
      onDialled: (dialled) => {
        trace = dialled;
      },
    });
    const onConnected = (connection: Socket): void => {
      const head = watchAnswerHead(connection, (text) => {
        if (!upgrade) end({ kind: 'bad_upgrade', problem: problemOfSwitch(text) });
      });
      sent = { connection, atMs: performance.now(), head };
      // Until here the dialler keeps the time, and says which phase took it.
      timer = setTimeout(() => {
        const { receivedBytes } = head;
        const afterMs = asked.timeoutMs;
        end({ kind: 'silent', hop: 'endpoint', phase: 'websocket', afterMs, receivedBytes });
      }, leftMs());
    };
    const options: Options = {
      agent,
      headers,
      perMessageDeflate: true,
      maxPayload: MAX_MESSAGE_BYTES,
      closeTimeout: CLOSE_TIMEOUT_MS,
      autoPong: asked.isObserver !== true,
      followRedirects: false,
      maxHeaderSize: MAX_HEAD_BYTES,
      finishRequest: (upgradeRequest: ClientRequest) => {
        upgradeRequest.on('socket', onConnected);
        upgradeRequest.end();
      },
    };
    const socket = new Client(url, options);

    const cleanUp = (): void => {
      clearTimeout(timer);
      sent?.head.stop();
      signal?.removeEventListener('abort', abort);
    };
    const fail = (reason: Error): void => {
      cleanUp();
      reject(reason);
      socket.terminate();
    };
    const end = (outcome: WebSocketOutcome): void => fail(new WebSocketError(outcome, trace));
    const abort = (): void => fail(signal?.reason instanceof Error ? signal.reason : new Error('aborted'));
    signal?.addEventListener('abort', abort);

    socket.on('upgrade', (response: IncomingMessage) => {
      upgrade = readUpgrade(response.headers, { durationMs: sinceSentMs(), shown });
    });
    socket.on('unexpected-response', (_request: ClientRequest, response: IncomingMessage) => {
      isRefused = true;
      clearTimeout(timer);
      void readRefusal(response, { url, shown, timeoutMs: leftMs() }).then((answer) =>
        end({ kind: 'answered', answer }),
      );
    });
    // Stays for good: an error of an open socket that nobody listens to would end the process.
    socket.on('error', (error: NodeJS.ErrnoException) => {
      // What breaks after the head of a refusal only cuts its body short.
      if (isRefused) return;
      if (error instanceof DialError) fail(new WebSocketError(error.outcome, error.trace));
      else
        end(
          outcomeOfFailedUpgrade(error, {
            hasSwitched: upgrade !== undefined,
            receivedBytes: sent?.head.receivedBytes ?? 0,
          }),
        );
    });
    socket.on('open', () => {
      socket.pause();
      cleanUp();
      if (sent && upgrade) resolve({ socket, connection: sent.connection, upgrade, trace });
    });
  });
}

/** Why Node's parser did not take a 101 for an upgrade: it wants both headers. */
function problemOfSwitch(head: string): string {
  return /^upgrade:/im.test(head)
    ? 'the answer 101 has no header Connection: Upgrade'
    : 'the answer 101 has no Upgrade header';
}
