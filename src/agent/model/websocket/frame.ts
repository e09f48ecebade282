import type { ModelRequest } from '../client.ts';
import { wireInput } from '../request/body.ts';
import type { RequestBody } from '../request/body.ts';
import { websocketClientMetadata } from '../request/client-metadata.ts';
import type { Continuation } from './reuse.ts';

type FramedRequest = Pick<ModelRequest, 'turnMetadata' | 'model' | 'trace'>;

export interface FrameFacts {
  readonly continuation: Continuation | undefined;
  /** False for a request that only makes the server ready. */
  readonly generates: boolean;
  readonly installationId: string;
  readonly windowId: string;
  /** Wall time just before the frame is written. */
  readonly sentAtMs: number;
}

/** A `response.create` frame (spec/transport.md 2.3). Ids of items are never written here. */
export function createFrame(request: FramedRequest, body: RequestBody, facts: FrameFacts): object {
  const { continuation, generates } = facts;
  return {
    type: 'response.create',
    ...body,
    input: wireInput(continuation?.input ?? body.input, { keepsIds: false }),
    ...(continuation && { previous_response_id: continuation.previousResponseId }),
    ...(!generates && { generate: false }),
    client_metadata: websocketClientMetadata(request, facts),
  };
}

/** The text of a `response.processed` frame (2.5). */
export const processedFrame = (responseId: string): string =>
  JSON.stringify({ type: 'response.processed', response_id: responseId });
