import { joinAddress } from '../../../target/provider/address.ts';
import { ask } from '../../auth/ask.ts';
import type { ClientSoftware } from '../../auth/ask.ts';
import type { ResolvedProvider } from '../../provider/provider.ts';
import type { Clock } from '../../../host/clock.ts';
import type { Network, RequestHeaders } from '../../../net/network.ts';
import { ModelError } from '../error.ts';
import type { ModelObserver } from '../observer.ts';
import type { AnswerIds } from '../../../telemetry/facts/attempt.ts';
import { answerIds } from '../request/answer-ids.ts';
import { credentialFacts } from '../request/credential-facts.ts';
import { hiddenHeaders, hidingOf } from '../request/hiding.ts';
import { mergeHeaders, revealed } from '../request/headers.ts';
import type { ModelFacts } from './known.ts';
import { readModels } from './read-models.ts';

/** The whole call, from the look-up to the last byte (spec/transport.md 1.10). */
export const MODELS_TIMEOUT_MS = 5_000;
/** A real answer brings the instructions of each model along. */
const MAX_ANSWER_BYTES = 8 * 1024 * 1024;
const ENDPOINT = '/models';

export interface ModelsAnswer {
  readonly models: ReadonlyMap<string, ModelFacts>;
  readonly etag: string | undefined;
}

export interface ModelsAsking {
  readonly network: Network;
  readonly clock: Clock;
  readonly client: ClientSoftware;
  readonly observer?: Pick<ModelObserver, 'attempt'> | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs: number;
}

/** Asks for the model list, once. Undefined where none came; the observer hears why. Never throws. */
export async function askForModels(
  resolved: ResolvedProvider,
  { network, clock, client, observer, signal, timeoutMs }: ModelsAsking,
): Promise<ModelsAnswer | undefined> {
  const startedAt = clock.elapsed();
  const tell = (
    outcome: Pick<Parameters<ModelObserver['attempt']>[0], 'httpStatus' | 'error' | 'success'>,
    ids: AnswerIds = {},
  ): void => {
    observer?.attempt({
      kind: 'http',
      endpoint: ENDPOINT,
      attempt: 0,
      durationMs: Math.round(clock.elapsed() - startedAt),
      ...credentialFacts(resolved.auth),
      retryAfterUnauthorized: false,
      ...ids,
      ...outcome,
    });
  };
  try {
    const url = withVersion(
      joinAddress(resolved.baseUrl, 'models', resolved.queryParameters),
      client.version,
    );
    const headers = await headersOf(url, resolved, client);
    const answer = await ask(network, {
      url,
      method: 'GET',
      headers: revealed(headers),
      timeoutMs,
      maxBytes: MAX_ANSWER_BYTES,
      signal,
    });
    const isSuccess = answer.status === 200;
    tell(
      {
        httpStatus: answer.status,
        success: isSuccess,
        ...(!isSuccess && { error: `http ${answer.status}` }),
      },
      isSuccess ? {} : answerIds(hiddenHeaders(Object.fromEntries(answer.headers), hidingOf(url, headers))),
    );
    if (!isSuccess || answer.json === undefined) return undefined;
    return { models: readModels(answer.json), etag: answer.headers.get('etag') ?? undefined };
  } catch (error) {
    // The words of a client may quote the address.
    tell({ success: false, error: error instanceof ModelError ? error.message : 'no answer' });
    return undefined;
  }
}

async function headersOf(
  url: string,
  resolved: ResolvedProvider,
  client: ClientSoftware,
): Promise<RequestHeaders> {
  const merged = mergeHeaders(resolved, { accept: '*/*' }, { ...client, installationId: '' });
  const headers = Object.fromEntries(merged);
  const { sign } = resolved.auth;
  // Whoever signs a request has no list, so that nothing of the signature is looked for in answers.
  return sign ? sign({ method: 'GET', url, headers: revealed(headers), body: new Uint8Array() }) : headers;
}

const withVersion = (url: string, version: string): string =>
  `${url}${url.includes('?') ? '&' : '?'}client_version=${encodeURIComponent(version)}`;
