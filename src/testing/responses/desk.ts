import type { IncomingHttpHeaders } from 'node:http';
import type { JsonObject } from '../../host/json.ts';
import { completed, created } from './events.ts';
import type { RecordedRequest, RecordedUpgrade, Refusal, ServerScript, Step, UpgradeStep } from './script.ts';

/** Remembers what a server was asked, and knows from the script what it answers. */
export interface Desk {
  readonly requests: readonly RecordedRequest[];
  readonly upgrades: readonly RecordedUpgrade[];
  readonly compactions: readonly JsonObject[];
  readonly processed: readonly string[];
  request(request: RecordedRequest): Promise<Step>;
  upgrade(url: string, headers: IncomingHttpHeaders): UpgradeStep;
  compaction(body: JsonObject): JsonObject | Refusal;
  noteProcessed(responseId: string): void;
}

const EXHAUSTED: Step = {
  status: 500,
  body: { error: { code: 'script_exhausted', message: 'The script has no response left.' } },
};

/** @param tell called whenever something was remembered */
export function createDesk(script: ServerScript, tell: () => void): Desk {
  const { responses = [], prewarm = 'automatic' } = script;
  const requests: RecordedRequest[] = [];
  const upgrades: RecordedUpgrade[] = [];
  const compactions: JsonObject[] = [];
  const processed: string[] = [];
  let answered = 0;
  return {
    requests,
    upgrades,
    compactions,
    processed,
    request: async (request) => {
      requests.push(request);
      tell();
      if (prewarm === 'automatic' && request.body['generate'] === false) {
        const id = `warm_${requests.length}`;
        return [created(id), completed(id)];
      }
      if (typeof responses === 'function') return responses(request);
      answered += 1;
      return responses[answered - 1] ?? EXHAUSTED;
    },
    upgrade: (url, headers) => {
      upgrades.push({ url, headers });
      tell();
      return script.upgrades?.[upgrades.length - 1] ?? { status: 101 };
    },
    compaction: (body) => {
      compactions.push(body);
      tell();
      return script.compactions?.[compactions.length - 1] ?? { output: [] };
    },
    noteProcessed: (responseId) => {
      processed.push(responseId);
      tell();
    },
  };
}
