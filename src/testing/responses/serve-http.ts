import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { JsonValue } from '../../host/json.ts';
import type { Connections } from './connections.ts';
import type { Desk } from './desk.ts';
import { playOverHttp, refuse } from './play-http.ts';
import { readBody } from './read-request.ts';
import { isRefusal } from './script.ts';

export interface HttpService {
  readonly desk: Desk;
  /** The answer of `GET models`. */
  readonly models: JsonValue;
  readonly numberOf: Connections['numberOf'];
}

/** The routes of the API that a client asks over HTTP. */
export const serveHttp =
  (service: HttpService): RequestListener =>
  (request, response) => {
    response.on('error', () => undefined);
    // A body that cannot be read is a client that left.
    answer(request, response, service).catch(() => request.socket.destroy());
  };

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { desk, models, numberOf }: HttpService,
): Promise<void> {
  const { method = '', url = '', headers, socket } = request;
  const body = await readBody(request);
  const path = `${method} ${url.replace(/\?.*$/s, '')}`;
  if (path.endsWith('/responses/compact')) {
    const next = desk.compaction(body);
    refuse(isRefusal(next) ? next : { status: 200, body: next }, response);
  } else if (path.startsWith('POST') && path.endsWith('/responses')) {
    const recorded = { transport: 'http', url, headers, body, connection: numberOf(socket) } as const;
    await playOverHttp(await desk.request(recorded), response);
  } else if (path.startsWith('GET') && path.endsWith('/models')) {
    const json = { 'content-type': 'application/json' };
    refuse({ status: 200, headers: json, body: JSON.stringify(models) }, response);
  } else refuse({ status: 404 }, response);
}
