import { expect, test } from 'vitest';
import { capableModel, plainRequest } from '../../../../fixtures/model-request.ts';
import { httpClientMetadata, websocketClientMetadata } from './client-metadata.ts';

const FACTS = { installationId: 'install-1', windowId: 'thread-1:0' };

test('over HTTP it holds two keys, and nothing that changes by itself (trap 3)', () => {
  expect(httpClientMetadata(FACTS)).toEqual({
    'x-codex-installation-id': 'install-1',
    'x-codex-window-id': 'thread-1:0',
  });
});

test('in a frame it holds what HTTP says in headers', () => {
  const request = plainRequest({
    model: { ...capableModel, usesResponsesLite: true },
    turnMetadata: { turn_id: 'é' },
    trace: { traceparent: '00-1', tracestate: 'a=b' },
  });
  expect(websocketClientMetadata(request, { ...FACTS, sentAtMs: 7 })).toEqual({
    'x-codex-installation-id': 'install-1',
    'x-codex-window-id': 'thread-1:0',
    'x-codex-turn-metadata': String.raw`{"turn_id":"\u00e9"}`,
    ws_request_header_x_openai_internal_codex_responses_lite: 'true',
    ws_request_header_traceparent: '00-1',
    ws_request_header_tracestate: 'a=b',
    'x-codex-ws-stream-request-start-ms': '7',
  });
});

test('what a request does not have is absent', () => {
  expect(Object.keys(websocketClientMetadata(plainRequest(), { ...FACTS, sentAtMs: 7 }))).toEqual([
    'x-codex-installation-id',
    'x-codex-window-id',
    'x-codex-ws-stream-request-start-ms',
  ]);
});
