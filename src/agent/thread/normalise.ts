import type { ContentItem, InputText, ResponseItem, ToolOutputItem } from '../protocol/item.ts';
import { callIdOf, isToolCall, isToolOutput, outputFor } from '../tools/router-items.ts';

const ABORTED = 'aborted';
const NO_IMAGE_INPUT = '[An image stood here, which this model cannot see.]';

/**
 * A conversation as the API takes it: every call has an output, every output a call, and no image goes to a model
 * without eyes (spec/agent-core.md 1.5). The same items give the same result, so that a prefix stays a prefix.
 */
export function normalise(
  items: readonly ResponseItem[],
  { supportsImageInput }: { readonly supportsImageInput: boolean },
): readonly ResponseItem[] {
  const paired = pair(items);
  return supportsImageInput ? paired : paired.map((item) => replaceImages(item, NO_IMAGE_INPUT));
}

function pair(items: readonly ResponseItem[]): ResponseItem[] {
  const calls = new Set<string>();
  const answered = new Set<string>();
  for (const item of items) {
    if (isToolCall(item)) calls.add(callIdOf(item) ?? '');
    else if (isToolOutput(item)) answered.add(callIdOf(item) ?? '');
  }
  const paired: ResponseItem[] = [];
  for (const item of items) {
    if (isOrphan(item, calls)) continue;
    paired.push(item);
    if (isToolCall(item) && !answered.has(callIdOf(item) ?? ''))
      paired.push(outputFor(item, { content: ABORTED }));
  }
  return paired;
}

/** A search that the provider ran brings its own output, without an id of ours. */
const isOrphan = (item: ResponseItem, calls: ReadonlySet<string>): boolean =>
  isToolOutput(item) &&
  !(item.type === 'tool_search_output' && item.execution !== 'client') &&
  !calls.has(callIdOf(item) ?? '');

/** The item with every image replaced by words; the item itself where it has none. */
export function replaceImages(item: ResponseItem, words: string): ResponseItem {
  if (item.type === 'message' && item.content.some(isImage))
    return { ...item, content: item.content.map((part) => (isImage(part) ? asText(words) : part)) };
  if (hasImageOutput(item))
    return { ...item, output: item.output.map((part) => (isImage(part) ? asText(words) : part)) };
  return item;
}

type ListOutput = Exclude<ToolOutputItem, { readonly type: 'tool_search_output' }> & {
  readonly output: Exclude<Extract<ToolOutputItem, { readonly output: unknown }>['output'], string>;
};

const hasImageOutput = (item: ResponseItem): item is ListOutput =>
  isToolOutput(item) &&
  item.type !== 'tool_search_output' &&
  typeof item.output !== 'string' &&
  item.output.some(isImage);

const isImage = (part: ContentItem): boolean => part.type === 'input_image';
const asText = (text: string): InputText => ({ type: 'input_text', text });

/**
 * The conversation without the images of the last tool outputs, for a provider that refused one of them; undefined when
 * there are none.
 */
export function withoutLastImages(
  items: readonly ResponseItem[],
  words: string,
): readonly ResponseItem[] | undefined {
  let start = items.length;
  while (start > 0 && isToolOutput(items[start - 1] as ResponseItem)) start -= 1;
  if (!items.slice(start).some(hasImageOutput)) return undefined;
  return items.map((item, index) => (index < start ? item : replaceImages(item, words)));
}
