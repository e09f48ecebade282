import type { HttpAsk, HttpObservation } from '../../net/network.ts';
import { classify } from '../../net/classify/classify.ts';
import { collectorWords } from './collector-words.ts';
import { RETRYABLE_CLASSES } from './sender.ts';
import type { ExportFailure, OtlpSender } from './sender.ts';
import type { OtlpSettings } from './settings.ts';

export interface HttpSenderOptions {
  readonly ask: (ask: HttpAsk) => Promise<HttpObservation>;
  readonly close: () => Promise<void>;
  readonly userAgent: string;
}

/** An answer holds a few words about what was rejected. */
const MAX_ANSWER_BYTES = 64 * 1024;
const RETRYABLE_STATUSES: readonly number[] = [429, 502, 503, 504];

/** OTLP over HTTP, in either encoding. Redirects are not followed: headers are meant for the place that was named. */
export function createHttpSender(
  settings: OtlpSettings,
  { ask, close, userAgent }: HttpSenderOptions,
): OtlpSender {
  const { protocol, endpoint, headers, compression } = settings;
  const own = {
    'user-agent': userAgent,
    ...headers,
    'content-type': protocol === 'http/json' ? 'application/json' : 'application/x-protobuf',
    ...(compression === 'gzip' && { 'content-encoding': 'gzip' }),
  };
  const show = collectorWords(settings);
  return {
    send: async (bytes, timeoutMs) => {
      const body = compression === 'gzip' ? await packed(bytes) : bytes;
      const observation = await ask({
        url: endpoint,
        method: 'POST',
        headers: own,
        body,
        timeoutMs,
        readBody: { maxBytes: MAX_ANSWER_BYTES },
      });
      const failure = failureOf(observation);
      if (!failure) return { kind: 'accepted', response: observation.body ?? new Uint8Array() };
      const words = wordsOf(observation);
      return { kind: 'refused', failure: { ...failure, ...(words && { words: show(words) }) } };
    },
    close,
  };
}

async function packed(bytes: Uint8Array): Promise<Uint8Array> {
  const { gzip } = process.getBuiltinModule('node:zlib');
  const { promisify } = process.getBuiltinModule('node:util');
  return promisify(gzip)(bytes);
}

function failureOf({ outcome, trace }: HttpObservation): ExportFailure | undefined {
  const meaning = classify(outcome, 'http', trace);
  switch (meaning.kind) {
    case 'fine':
      return undefined;
    case 'bad_trust':
      return { class: 'trust_unusable', message: meaning.error.message, isRetryable: false };
    case 'bad_proxy':
      return {
        class: 'proxy_unusable',
        message: `${meaning.variable} cannot be used: ${meaning.problem}`,
        isRetryable: false,
      };
    case 'bad_request':
      return { class: 'unsendable', message: meaning.problem, isRetryable: false };
    case 'failed': {
      const { class: failureClass, message, httpStatus, retryAfterMs } = meaning.failure;
      return {
        class: failureClass,
        message,
        ...(httpStatus !== undefined && { httpStatus }),
        ...(retryAfterMs !== undefined && { retryAfterMs }),
        isRetryable:
          httpStatus === undefined
            ? RETRYABLE_CLASSES.includes(failureClass)
            : RETRYABLE_STATUSES.includes(httpStatus),
      };
    }
  }
}

/** A refusal holds a `Status` in the encoding of the request, a gateway says it in plain words. */
function wordsOf({ outcome, body }: HttpObservation): string | undefined {
  if (outcome.kind !== 'answered' || !body) return undefined;
  const { kind } = outcome.answer.body;
  const text = body.toString('utf8');
  if (kind === 'text') return text.trim();
  if (kind !== 'json' && kind !== 'json_error') return undefined;
  try {
    const { message, error } = JSON.parse(text) as { readonly message?: unknown; readonly error?: unknown };
    return [message, error].find((words) => typeof words === 'string');
  } catch {
    return undefined;
  }
}
