import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../../../host/clock.ts';
import { systemClock } from '../../../host/clock.ts';
import type { ModelClient, ModelRequest, TurnClient } from '../client.ts';
import { ModelError } from '../error.ts';
import type { ModelEvent } from '../event.ts';
import type { ModelObserver } from '../observer.ts';
import { chooseResponse, lastTexts } from './choose.ts';
import { completed, eventsOfOutput } from './play.ts';
import type { Script, ScriptedResponse } from './script.ts';
import { toldStream } from './told-stream.ts';

/** A model that is played from a script, without network or key, and remembers what it was asked. */
export interface ScriptedModel extends ModelClient {
  /** Every request in order, as it stood when it was made. */
  readonly requests: readonly ModelRequest[];
  /** Ids of the responses that were reported as processed. */
  readonly processed: readonly string[];
  /** Indices of the responses that nobody asked for; a script that tells everything leaves none. */
  unused(): readonly number[];
}

export interface ScriptedModelOptions {
  /** Stands in for the connection that is made before the first turn. */
  readonly prewarm?: ModelClient['prewarm'];
  readonly compact?: ModelClient['compact'];
  /** Hears of each response that is asked for. */
  readonly observer?: ModelObserver;
  readonly clock?: Pick<Clock, 'elapsed'>;
}

const nobodyListens: ModelObserver = { attempt: () => undefined, recovery: () => undefined };

/** A request for which nothing is left in the script ends as `fatal`, with the texts that nothing fits. */
export function createScriptedModel(script: Script, options: ScriptedModelOptions = {}): ScriptedModel {
  const { observer = nobodyListens, clock = systemClock } = options;
  const requests: ModelRequest[] = [];
  const processed: string[] = [];
  const used = new Set<number>();
  const take = (request: ModelRequest): { response: ScriptedResponse; number: number } => {
    requests.push({ ...request, input: [...request.input] });
    const texts = lastTexts(request.input);
    const index = chooseResponse(script, texts, (at) => used.has(at));
    const response = index === undefined ? undefined : script.responses[index];
    if (index === undefined || !response) throw nothingLeft(texts);
    used.add(index);
    return { response, number: requests.length };
  };
  const startTurn = (): TurnClient => ({
    transport: 'scripted',
    stream: (request, signal) =>
      toldStream(
        stream(() => take(request), signal),
        { observer, clock, request, signal },
      ),
    processed: async (responseId) => void processed.push(responseId),
    fallBackToHttp: () => false,
    close: () => undefined,
  });
  return {
    requests,
    processed,
    unused: () => script.responses.flatMap((_response, index) => (used.has(index) ? [] : [index])),
    startTurn,
    prewarm: options.prewarm ?? (async () => 'not_scheduled'),
    advanceWindow: () => undefined,
    compact: options.compact,
    close: () => undefined,
  };
}

async function* stream(
  take: () => { readonly response: ScriptedResponse; readonly number: number },
  signal: AbortSignal,
): AsyncGenerator<readonly ModelEvent[]> {
  signal.throwIfAborted();
  const { response, number } = take();
  if (response.delayMs !== undefined) await pause(response.delayMs, signal);
  yield [{ type: 'created' }];
  for (const [index, output] of (response.output ?? []).entries()) {
    signal.throwIfAborted();
    yield eventsOfOutput(output, `msg_${number}_${index}`);
  }
  signal.throwIfAborted();
  if (response.fails) {
    const { message = `The script ends this response with ${response.fails.kind}.` } = response.fails;
    throw new ModelError(response.fails, message);
  }
  yield [completed(response, `resp_${number}`)];
}

async function pause(delayMs: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(delayMs, undefined, { signal });
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
}

function nothingLeft({ userText, toolOutput }: ReturnType<typeof lastTexts>): ModelError {
  const asked = toolOutput === '' ? `the prompt ${short(userText)}` : `the tool output ${short(toolOutput)}`;
  const message = `The script has no response left for ${asked}.`;
  return new ModelError({ kind: 'fatal', message }, message);
}

const SHOWN_LENGTH = 60;
const short = (text: string): string =>
  JSON.stringify(text.length > SHOWN_LENGTH ? `${text.slice(0, SHOWN_LENGTH)}…` : text);
