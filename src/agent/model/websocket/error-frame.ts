import type { JsonObject, JsonValue } from '../../../host/json.ts';
import type { ModelError } from '../error.ts';
import { streamError } from '../request/failure.ts';
import { isObject, numberAt, objectAt, stringAt } from '../request/json-parts.ts';
import { errorOfStatus } from '../request/status-error.ts';

/** Connections end after an hour; it comes with a status that would make it fatal (trap 13). */
const CONNECTION_LIMIT = 'websocket_connection_limit_reached';

/**
 * What an `error` frame means. Those without a status, or with one of success, mean nothing (spec/transport.md 2.4,
 * trap 12). Recovery from a 401 and the fallback of a 426 belong to the upgrade alone (trap 11).
 * @param event without what the upgrade carried, as is `frame`: its text, whole, the body that the status is read with (trap 14)
 */
export function errorOfFrame(
  event: JsonObject,
  { frame, url, nowMs }: { readonly frame: string; readonly url: string; readonly nowMs: number },
): ModelError | undefined {
  const error = objectAt(event, 'error');
  if (stringAt(error, 'code') === CONNECTION_LIMIT)
    return streamError(
      stringAt(error, 'message') ??
        'the provider ends WebSockets of this age; the next request opens another',
    );
  const status = numberAt(event, 'status') ?? numberAt(event, 'status_code');
  if (status === undefined || (status >= 200 && status <= 299)) return undefined;
  return errorOfStatus({ status, headers: headersOf(event['headers']), body: frame, url }, nowMs);
}

function headersOf(headers: JsonValue | undefined): Record<string, string> {
  if (!isObject(headers)) return {};
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
        ? [[name.toLowerCase(), String(value)]]
        : [],
    ),
  );
}
