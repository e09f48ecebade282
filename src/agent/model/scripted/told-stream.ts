import type { ModelRequest } from '../client.ts';
import type { ModelEvent } from '../event.ts';
import { beginInference } from '../inference/inference.ts';
import type { InferenceOptions } from '../inference/inference.ts';
import { requestBody, wireBody } from '../request/body.ts';

/** As facts name what stands in for an address, and for the provider. */
const SCRIPT = {
  transport: 'scripted',
  endpoint: 'script',
  provider: { id: 'scripted', name: 'Scripted' },
} as const;
/** Nothing of a script is installed or kept anywhere. */
const NOWHERE = { installationId: '', windowId: '', storesResponses: false };
const TEXT_DELTA = 'response.output_text.delta';

/** The batches of a scripted response, told like those of any other. */
export async function* toldStream(
  batches: AsyncIterable<readonly ModelEvent[]>,
  {
    request,
    ...options
  }: Pick<InferenceOptions, 'observer' | 'clock' | 'signal'> & { readonly request: ModelRequest },
): AsyncGenerator<readonly ModelEvent[]> {
  options.signal.throwIfAborted();
  const inference = beginInference({
    ...options,
    ...SCRIPT,
    request,
    told: () => wireBody(requestBody(request, NOWHERE)),
  });
  const { response } = inference;
  try {
    for await (const batch of batches) {
      response?.arrived();
      for (const event of batch) {
        if (event.type === 'text_delta') response?.delta(TEXT_DELTA);
        response?.heard(event);
      }
      yield batch;
    }
  } catch (error) {
    inference.fail(error);
    throw error;
  } finally {
    inference.leave();
  }
}
