import type { ModelRequest } from '../client.ts';
import type { BodyFacts } from './body.ts';
import { TURN_METADATA, asciiJson } from './turn-metadata.ts';

type Facts = Pick<BodyFacts, 'installationId' | 'windowId'>;

/** `client_metadata` of an HTTP request; part of the logical request, so it holds nothing that changes by itself. */
export const httpClientMetadata = ({ installationId, windowId }: Facts): Record<string, string> => ({
  'x-codex-installation-id': installationId,
  'x-codex-window-id': windowId,
});

/**
 * `client_metadata` of a `response.create` frame (spec/transport.md 2.3). Never compared with that of an earlier request
 * (trap 3).
 * @param sentAtMs wall time just before the frame is written
 */
export function websocketClientMetadata(
  request: Pick<ModelRequest, 'turnMetadata' | 'model' | 'trace'>,
  { sentAtMs, ...facts }: Facts & { readonly sentAtMs: number },
): Record<string, string> {
  const { turnMetadata, model, trace } = request;
  return {
    ...httpClientMetadata(facts),
    ...(turnMetadata && { [TURN_METADATA]: asciiJson(turnMetadata) }),
    ...(model.usesResponsesLite && { ws_request_header_x_openai_internal_codex_responses_lite: 'true' }),
    ...(trace && { ws_request_header_traceparent: trace.traceparent }),
    ...(trace?.tracestate !== undefined && { ws_request_header_tracestate: trace.tracestate }),
    'x-codex-ws-stream-request-start-ms': String(sentAtMs),
  };
}
