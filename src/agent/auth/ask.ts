import type { Network } from '../../net/network.ts';

/** How the program introduces itself; goes with every request. */
export interface ClientSoftware {
  readonly originator: string;
  readonly userAgent: string;
  /** Sent as `version` and `client_version`. */
  readonly version: string;
}

/** The headers by which a server knows the program. */
export const introduction = ({ originator, userAgent }: ClientSoftware): Record<string, string> => ({
  originator,
  'user-agent': userAgent,
});

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** Undefined where the body is no JSON, or too large. */
  readonly json: unknown;
}

export interface Asking {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** From the look-up of the name to the last byte. */
  readonly timeoutMs: number;
  readonly maxBytes: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * One small question to a server of JSON, outside of a turn. No redirect is followed, because a credential goes with it.
 * @throws whatever `fetch` rejects with, when no whole answer came
 */
export async function ask(network: Network, asking: Asking): Promise<Answer> {
  const { url, method, headers, body, timeoutMs, maxBytes, signal } = asking;
  const send = await network.fetch();
  const limit = AbortSignal.timeout(timeoutMs);
  const response = await send(url, {
    method,
    headers,
    redirect: 'manual',
    signal: signal ? AbortSignal.any([signal, limit]) : limit,
    ...(body !== undefined && { body }),
  });
  return { status: response.status, headers: response.headers, json: await readJson(response, maxBytes) };
}

async function readJson(response: Response, maxBytes: number): Promise<unknown> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > maxBytes) return undefined;
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    return undefined;
  }
}
