import type { CallToolResult } from '@modelcontextprotocol/client';
import type { InputImage, InputText } from '../protocol/item.ts';
import type { JsonObject, JsonValue } from '../../host/json.ts';
import type { McpToolResult } from '../protocol/turn-item.ts';

/** A server's answer in the core's own form, every part as it came. */
export function resultOf({ content, structuredContent, isError, _meta }: CallToolResult): McpToolResult {
  return {
    content: content as unknown as readonly JsonValue[],
    structuredContent: (structuredContent ?? null) as JsonValue,
    isError: isError === true,
    ...(_meta && { _meta: _meta as JsonObject }),
  };
}

interface ContentOptions {
  readonly wallTimeMs: number;
  /** The model can look at images. */
  readonly showsImages: boolean;
}

/**
 * What the model is told of an answer: how long it took, then structured content as JSON where there is any, otherwise
 * texts and images, and everything else as JSON (spec/agent-core.md 2.6).
 */
export function contentOf(
  { content, structuredContent }: McpToolResult,
  { wallTimeMs, showsImages }: ContentOptions,
): readonly (InputText | InputImage)[] {
  const head = `Wall time: ${(wallTimeMs / 1000).toFixed(4)} seconds\nOutput:\n`;
  if (structuredContent !== null) return [textItem(head + JSON.stringify(structuredContent))];
  const items = content.map((item) => itemOf(item, showsImages));
  const [first, ...rest] = items;
  return first?.type === 'input_text' ? [textItem(head + first.text), ...rest] : [textItem(head), ...items];
}

const textItem = (text: string): InputText => ({ type: 'input_text', text });

function itemOf(item: JsonValue, showsImages: boolean): InputText | InputImage {
  const { type, text, data, mimeType } = (
    typeof item === 'object' && item !== null ? item : {}
  ) as JsonObject;
  if (type === 'text' && typeof text === 'string') return textItem(text);
  if (type !== 'image' || typeof data !== 'string' || typeof mimeType !== 'string')
    return textItem(JSON.stringify(item));
  return showsImages
    ? { type: 'input_image', image_url: `data:${mimeType};base64,${data}` }
    : textItem('[an image, which this model cannot look at]');
}
