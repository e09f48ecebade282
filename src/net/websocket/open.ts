import type { Agent, ClientRequest, IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { ClientOptions, WebSocket } from 'ws';
import { createHttpAgent, readyToConnect } from '../dial/agent.ts';
import type { ConnectionOptions } from '../dial/agent.ts';
import { DialError } from '../dial/dial.ts';
import type { DialTrace } from '../dial/trace.ts';
import type { AnswerHeaders } from '../http/answer.ts';
import { MAX_HEAD_BYTES } from '../http/observe.ts';
import { createShown } from '../http/shown.ts';
import type { UpgradeFacts, WebSocketOutcome } from '../outcome.ts';
import type { OpenWebSocket, WebSocketRequest } from './connected.ts';
import { WebSocketError } from './error.ts';
import { outcomeOfFailedUpgrade } from './failed-upgrade.ts';
import { watchHandshake } from './handshake.ts';
import type { Handshake } from './handshake.ts';
import { readRefusal } from './refusal.ts';
import { prepareUpgrade } from './request.ts';
import { readUpgrade } from './upgrade-facts.ts';

/** Largest message that the agent takes (spec/transport.md 2.2). */
const MAX_MESSAGE_BYTES = 64 * 1024 * 1024;
/** A peer that was sent a close frame and keeps the connection is not waited for. */
const CLOSE_TIMEOUT_MS = 250;

/** Two that `ws` takes or passes on and its types do not know. */
type Options = ClientOptions & { readonly closeTimeout: number; readonly maxHeaderSize: number };

export type WebSocketDependencies = Pick<ConnectionOptions, 'routeFor' | 'trust' | 'resolver'>;

/**
 * Opens a WebSocket (RFC 6455), offering permessage-deflate as the agent does. Redirects are not followed and nothing is
 * tried twice.
 * @throws WebSocketError with what happened instead, at the moment when it is known: no close handshake is waited for
 * @throws the reason of `signal`, when that is aborted
 */
export async function openWebSocket(
  asked: WebSocketRequest,
  dependencies: WebSocketDependencies,
): Promise<OpenWebSocket<WebSocket>> {
  const { signal, timeoutMs } = asked;
  signal?.throwIfAborted();
  const request = prepareUpgrade(asked);
  if (request.kind === 'unsendable') throw new WebSocketError(request, { totalMs: 0 });
  const { url, headers } = request;
  const shown = createShown(url, asked.headers);
  // Loaded before the clock starts: the time that takes is not the network's.
  const [{ WebSocket: Client }] = await Promise.all([import('ws'), readyToConnect(url, dependencies)]);
  const startedAt = performance.now();
  const leftMs = (): number => Math.max(1, timeoutMs - (performance.now() - startedAt));

  return new Promise((resolve, reject) => {
    let trace: DialTrace = { totalMs: 0 };
    let handshake: Handshake | undefined;
    let upgrade: UpgradeFacts | undefined;
    let answerHeaders: AnswerHeaders = {};
    let isRefused = false;
    const agent = createHttpAgent({
      ...dependencies,
      url,
      timeoutMs: leftMs,
      ...(signal && { signal }),
      onDialled: (dialled) => {
        trace = dialled;
      },
    });
    const onConnected = (connection: Socket): void => {
      handshake = watchHandshake(connection, {
        // Until here the dialler keeps the time, and says which phase took it.
        timeoutMs: leftMs(),
        onSilence: (receivedBytes) =>
          end({ kind: 'silent', hop: 'endpoint', phase: 'websocket', afterMs: timeoutMs, receivedBytes }),
        onSwitch: (problem) => {
          if (!upgrade) end({ kind: 'bad_upgrade', problem });
        },
      });
    };
    const socket = new Client(url, optionsOf(asked, { agent, headers, onConnected }));

    const cleanUp = (): void => {
      handshake?.stop();
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
      answerHeaders = response.headers;
      upgrade = readUpgrade(response.headers, { durationMs: handshake?.elapsedMs() ?? 0, shown });
    });
    socket.on('unexpected-response', (_request: ClientRequest, response: IncomingMessage) => {
      isRefused = true;
      handshake?.stop();
      void readRefusal(response, { url, shown, timeoutMs: leftMs() }).then(({ answer, refusal }) =>
        fail(new WebSocketError({ kind: 'answered', answer }, trace, refusal)),
      );
    });
    // Stays for good: an error of an open socket that nobody listens to would end the process.
    socket.on('error', (error: NodeJS.ErrnoException) => {
      // What breaks after the head of a refusal only cuts its body short.
      if (isRefused) return;
      if (error instanceof DialError) fail(new WebSocketError(error.outcome, error.trace));
      else {
        const receivedBytes = handshake?.receivedBytes() ?? 0;
        end(outcomeOfFailedUpgrade(error, { hasSwitched: upgrade !== undefined, receivedBytes }));
      }
    });
    socket.on('open', () => {
      socket.pause();
      cleanUp();
      if (handshake && upgrade)
        resolve({ socket, connection: handshake.connection, upgrade, headers: answerHeaders, trace });
    });
  });
}

function optionsOf(
  { isObserver = false }: WebSocketRequest,
  {
    agent,
    headers,
    onConnected,
  }: {
    readonly agent: Agent;
    readonly headers: Readonly<Record<string, string>>;
    readonly onConnected: (connection: Socket) => void;
  },
): Options {
  return {
    agent,
    headers,
    perMessageDeflate: true,
    maxPayload: MAX_MESSAGE_BYTES,
    closeTimeout: CLOSE_TIMEOUT_MS,
    autoPong: !isObserver,
    followRedirects: false,
    maxHeaderSize: MAX_HEAD_BYTES,
    finishRequest: (request: ClientRequest) => {
      request.on('socket', onConnected);
      request.end();
    },
  };
}
