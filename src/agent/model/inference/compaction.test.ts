import { expect, test } from 'vitest';
import { neverAborted } from '../../../../fixtures/model-thread.ts';
import { plainRequest } from '../../../../fixtures/model-request.ts';
import { factsOf, toldModelAt } from '../../../../fixtures/told-model.ts';
import { startResponsesServer } from '../../../testing/index.ts';
import { ModelError } from '../error.ts';

const request = plainRequest({ turnId: 'turn-1' });

test('a compaction by the provider is an inference', async () => {
  const compaction = { type: 'compaction', encrypted_content: 'short' };
  await using server = await startResponsesServer({
    compactions: [
      { id: 'resp_c', output: [compaction] },
      { status: 500, headers: { 'x-request-id': 'c2' } },
    ],
  });
  await using told = toldModelAt(server.baseUrl, { provider: { name: 'OpenAI' } });
  await told.client.compact?.(request, neverAborted());
  await expect(told.client.compact?.(request, neverAborted())).rejects.toBeInstanceOf(ModelError);
  const [start] = factsOf(told, 'inference_started');
  expect(start).toMatchObject({ purpose: 'compaction', endpoint: '/responses/compact', transport: 'http' });
  expect(JSON.parse(JSON.stringify(start?.request()))).toEqual(server.compactions[0]);
  expect(factsOf(told, 'inference_ended')).toMatchObject([
    { status: 'completed', responseId: 'resp_c', items: [compaction] },
    { status: 'failed', error: 'http 500', upstreamRequestId: 'c2' },
  ]);
});
