import type { IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { zstdDecompressSync } from 'node:zlib';
import type { JsonObject } from '../../host/json.ts';

/** The body of a request, decompressed and parsed; empty where there is none. */
export async function readBody(request: IncomingMessage): Promise<JsonObject> {
  const received = await buffer(request);
  const isCompressed = request.headers['content-encoding'] === 'zstd';
  const text = (isCompressed ? zstdDecompressSync(received) : received).toString('utf8');
  return text === '' ? {} : (JSON.parse(text) as JsonObject);
}
