import type { ConversationItem, ConversationPart } from '../model/conversation.ts';

/** What an item says, as text. */
export const textOfItem = ({ body }: ConversationItem): string =>
  body.parts
    .map(textOfPart)
    .filter((text) => text !== '')
    .join('\n');

function textOfPart(part: ConversationPart): string {
  switch (part.type) {
    case 'text':
    case 'summary':
      return part.text;
    case 'code':
      return part.source;
    case 'json':
      return part.summary;
    case 'encoded':
      return `(${part.label}, encoded)`;
    case 'payload_ref':
      return `(${part.label}, in ${part.raw_payload_id})`;
    // What another program wrote may have parts of its own.
    default:
      return '';
  }
}

/** Who says what: `assistant message`, `function call`. */
export function nameOfItem({ kind, role, channel }: ConversationItem): string {
  const name = kind.replaceAll('_', ' ');
  const speaker = kind === 'message' ? `${role} ` : '';
  return channel === null || kind !== 'message' ? `${speaker}${name}` : `${speaker}${name} (${channel})`;
}
