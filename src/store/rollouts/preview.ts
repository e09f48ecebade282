import type { RolloutLine } from './line.ts';

/** Editors put what they add in front of the user's own words, and this line between. */
const REQUEST_MARKER = '## My request for Codex:';
const IMAGE_ONLY = '[Image]';

/**
 * The user's own words in a line, as titles and previews show them (spec/observability.md 2.4). Undefined where the line
 * is not the user's, or says nothing. Response items do not count: context stands there in the user's role as well.
 */
export function previewOf(line: RolloutLine): string | undefined {
  const spoken = line.type === 'event_msg' ? spokenIn(line.payload) : undefined;
  if (!spoken) return undefined;
  const marker = spoken.text.indexOf(REQUEST_MARKER);
  const text = (marker === -1 ? spoken.text : spoken.text.slice(marker + REQUEST_MARKER.length)).trim();
  if (text !== '') return text;
  return spoken.hasImage ? IMAGE_ONLY : undefined;
}

/** Whether a preview stands for pictures without words; such a one is no title. */
export const isImageOnly = (preview: string): boolean => preview === IMAGE_ONLY;

interface Spoken {
  readonly text: string;
  readonly hasImage: boolean;
}

function spokenIn(event: Readonly<Record<string, unknown>>): Spoken | undefined {
  if (event['type'] === 'user_message') {
    const { message, images, local_images: localImages } = event;
    return {
      text: typeof message === 'string' ? message : '',
      hasImage: [images, localImages].some((list) => Array.isArray(list) && list.length > 0),
    };
  }
  if (event['type'] !== 'item_completed') return undefined;
  const item = event['item'] as { readonly type?: unknown; readonly content?: unknown } | null | undefined;
  if (item?.type !== 'UserMessage' || !Array.isArray(item.content)) return undefined;
  const parts = item.content as readonly { readonly type?: unknown; readonly text?: unknown }[];
  return {
    text: parts.map(({ type, text }) => (type === 'text' && typeof text === 'string' ? text : '')).join('\n'),
    hasImage: parts.some(({ type }) => typeof type === 'string' && /image/i.test(type)),
  };
}
