import { first, readHttpDate } from '../http/answer.ts';
import type { AnswerHeaders } from '../http/answer.ts';
import type { Shown } from '../http/shown.ts';
import type { UpgradeFacts } from '../outcome.ts';

/** What a report may hold of an answer 101. Of the headers that the agent reads, only that they are there. */
export function readUpgrade(
  headers: AnswerHeaders,
  { durationMs, shown }: { readonly durationMs: number; readonly shown: Shown },
): UpgradeFacts {
  const get = (name: string): string | undefined => {
    const value = first(headers, name)?.trim();
    return value ? shown(value) : undefined;
  };
  const requestId = get('x-request-id') ?? get('x-oai-request-id');
  const cfRay = get('cf-ray');
  const dateMs = readHttpDate(first(headers, 'date'));
  return {
    status: 101,
    durationMs,
    extensions: get('sec-websocket-extensions') ?? '',
    ...(requestId !== undefined && { requestId }),
    ...(cfRay !== undefined && { cfRay }),
    ...(dateMs !== undefined && { dateMs }),
    hasReasoningHeader: get('x-reasoning-included') !== undefined,
    hasServerModel: get('openai-model') !== undefined,
    hasModelsEtag: get('x-models-etag') !== undefined,
  };
}
