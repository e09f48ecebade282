import type { JsonValue } from '../../host/json.ts';
import type { PayloadReference } from '../event/payload.ts';
import type { TerminalResult } from '../model/terminal.ts';
import type { Mutable } from './draft.ts';
import { TraceFault } from './fault.ts';
import { memberOf, numberAt, textAt } from '../read-json.ts';

/** What came of something that was typed, from the result of its call. */
export function resultOf(payload: JsonValue, reference: PayloadReference): Mutable<TerminalResult> {
  switch (textAt(payload, 'type')) {
    case 'direct_response':
      return told(outputText(memberOf(memberOf(payload, 'response_item'), 'output')));
    case 'code_mode_response': {
      const value = memberOf(payload, 'value');
      if (typeof value === 'string') return told(value);
      return {
        ...told(textAt(value, 'output') ?? JSON.stringify(value ?? null)),
        exit_code: numberAt(value, 'exit_code') ?? null,
        original_token_count: numberAt(value, 'original_token_count') ?? null,
        chunk_id: textAt(value, 'chunk_id') ?? null,
      };
    }
    case 'error': {
      const text = textAt(payload, 'error') ?? '';
      return { ...NOTHING, stderr: text, formatted_output: text };
    }
    default:
      throw malformed(reference, 'result of a call');
  }
}

const told = (text: string): Mutable<TerminalResult> => ({
  ...NOTHING,
  stdout: text,
  formatted_output: text,
});

const NOTHING: TerminalResult = {
  exit_code: null,
  stdout: '',
  stderr: '',
  formatted_output: null,
  original_token_count: null,
  chunk_id: null,
};

function outputText(output: JsonValue | undefined): string {
  if (typeof output === 'string') return output;
  if (Array.isArray(output))
    return (output as readonly JsonValue[]).flatMap((part) => textAt(part, 'text') ?? []).join('\n');
  return JSON.stringify(output ?? null);
}

export const malformed = ({ raw_payload_id: id }: PayloadReference, what: string): TraceFault =>
  new TraceFault('malformed_payload', `${id} has no ${what} as the format has it`);
