import type { MessageItem } from '../../protocol/item.ts';
import type { ModelEvent } from '../event.ts';
import type { ScriptedOutput, ScriptedResponse } from './script.ts';

/** The events of one output, as a provider sends them: begun, in pieces, done. */
export function eventsOfOutput(output: ScriptedOutput, id: string): readonly ModelEvent[] {
  if (typeof output === 'string') return eventsOfOutput([output], id);
  if (!isPieces(output)) return eventsOfItem(output);
  const begun: MessageItem = { type: 'message', id, role: 'assistant', content: [] };
  const item: MessageItem = { ...begun, content: [{ type: 'output_text', text: output.join('') }] };
  return [
    { type: 'item_added', item: begun },
    ...output.map((delta): ModelEvent => ({ type: 'text_delta', delta })),
    { type: 'item_done', item },
  ];
}

export function completed({ usage, endTurn }: ScriptedResponse, responseId: string): ModelEvent {
  return { type: 'completed', responseId, upstreamRequestId: null, usage, endTurn };
}

const isPieces = (output: ScriptedOutput): output is readonly string[] => Array.isArray(output);

function eventsOfItem(item: Exclude<ScriptedOutput, string | readonly string[]>): readonly ModelEvent[] {
  const texts = item.type === 'message' ? item.content : [];
  const deltas = texts.flatMap((part) => (part.type === 'output_text' ? [part.text] : []));
  return [
    { type: 'item_added', item },
    ...deltas.map((delta): ModelEvent => ({ type: 'text_delta', delta })),
    { type: 'item_done', item },
  ];
}
