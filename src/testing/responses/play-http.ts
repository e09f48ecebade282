import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { WireEvent } from './events.ts';
import { isRefusal } from './script.ts';
import type { Action, Actions, Refusal, Step } from './script.ts';

/** Answers a request for a response as server-sent events. */
export async function playOverHttp(step: Step, response: ServerResponse): Promise<void> {
  if (isRefusal(step)) return refuse(step, response);
  if ('unanswered' in step) return finish(response, step.unanswered);
  const { headers, actions } = 'actions' in step ? step : { headers: {}, actions: step };
  response.writeHead(200, { 'content-type': 'text/event-stream', ...headers });
  response.flushHeaders();
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  for (const action of flat(actions)) {
    if (gone.signal.aborted) return;
    const { isOver } = await play(action, response, gone.signal);
    if (isOver) return;
  }
  response.end();
}

export function refuse({ status, headers = {}, body = '' }: Refusal, response: ServerResponse): void {
  const isJson = typeof body !== 'string';
  response.writeHead(status, { ...(isJson && { 'content-type': 'application/json' }), ...headers });
  response.end(isJson ? JSON.stringify(body) : body);
}

export const flat = (actions: Actions): readonly Action[] =>
  actions.flatMap((action) => (isList(action) ? flat(action) : [action]));

const isList = (action: Action | Actions): action is Actions => Array.isArray(action);

const MORE = { isOver: false };
const OVER = { isOver: true };

async function play(
  action: Action,
  response: ServerResponse,
  gone: AbortSignal,
): Promise<{ readonly isOver: boolean }> {
  if ('type' in action) await write(response, serverSentEvent(action));
  else if ('pauseMs' in action) await pause(action.pauseMs, gone);
  else if ('half' in action) {
    const whole = serverSentEvent(action.half);
    await write(response, whole.slice(0, whole.length >> 1));
  } else if ('keepAlive' in action) await write(response, ': keep-alive\n\n');
  else if ('raw' in action) response.socket?.write(action.raw);
  else if ('text' in action) await write(response, action.text);
  else if ('bytes' in action) await write(response, action.bytes);
  else if ('close' in action) response.end();
  else finish(response, action.end);
  return 'close' in action || 'end' in action ? OVER : MORE;
}

/** Resolves when it was written, so that an end of the connection does not overtake it; a lost client is no matter. */
const write = (response: ServerResponse, data: string | Uint8Array): Promise<void> =>
  new Promise((resolve) => {
    response.write(data, () => resolve());
  });

function finish({ socket }: ServerResponse, how: 'reset' | 'drop' | 'stay'): void {
  if (how === 'reset') socket?.resetAndDestroy();
  else if (how === 'drop') socket?.destroy();
}

/** A pause that ends early when the client is gone; who plays looks. */
export async function pause(durationMs: number, gone: AbortSignal): Promise<void> {
  await sleep(durationMs, undefined, { signal: gone }).catch(() => undefined);
}

const serverSentEvent = (event: WireEvent): string =>
  `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
