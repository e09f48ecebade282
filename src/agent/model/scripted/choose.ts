import type { ResponseItem } from '../../protocol/item.ts';
import type { Script, ScriptedCondition, ScriptedResponse } from './script.ts';

/** The texts of a request that a script goes by. */
export interface LastTexts {
  readonly userText: string;
  readonly toolOutput: string;
}

/** The user's last message, and the last output of a tool since then. */
export function lastTexts(input: readonly ResponseItem[]): LastTexts {
  const asked = input.findLastIndex((item) => item.type === 'message' && item.role === 'user');
  const output = input.slice(asked + 1).findLast((item) => textOfOutput(item) !== undefined);
  return {
    userText: textOfMessage(input[asked]),
    toolOutput: (output && textOfOutput(output)) ?? '',
  };
}

/** Which response answers, as an index; undefined when the script has none left for this request. */
export function chooseResponse(
  { responses }: Script,
  texts: LastTexts,
  isUsed: (index: number) => boolean,
): number | undefined {
  const index = responses.findIndex(
    (response, at) => (response.repeat === true || !isUsed(at)) && fits(response, texts),
  );
  return index === -1 ? undefined : index;
}

function fits({ when }: ScriptedResponse, texts: LastTexts): boolean {
  const isContained = (name: keyof ScriptedCondition): boolean => texts[name].includes(when?.[name] ?? '');
  return isContained('userText') && isContained('toolOutput');
}

function textOfMessage(item: ResponseItem | undefined): string {
  if (item?.type !== 'message') return '';
  return item.content.map((part) => (part.type === 'input_image' ? '' : part.text)).join('');
}

function textOfOutput(item: ResponseItem): string | undefined {
  if (item.type === 'tool_search_output') return JSON.stringify(item.tools);
  if (item.type !== 'function_call_output' && item.type !== 'custom_tool_call_output') return undefined;
  if (typeof item.output === 'string') return item.output;
  return item.output.map((part) => (part.type === 'input_text' ? part.text : '')).join('');
}
