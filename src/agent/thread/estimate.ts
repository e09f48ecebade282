import type { ContentItem, InputImage, ResponseItem, ToolOutputContent } from '../protocol/item.ts';
import { isToolOutput } from '../tools/router-items.ts';

/** No tokeniser is at hand; four bytes of what is sent count as one token (spec/agent-core.md 1.6). */
const BYTES_PER_TOKEN = 4;
/** What a resized image costs, whatever its size. */
const RESIZED_IMAGE_BYTES = 7373;
/** Only images at their original size are counted by the squares that the model cuts them into (trap 20). */
const PATCH_PIXELS = 32;
const MAX_PATCHES = 10_000;
/** A token for each square. */
const BYTES_PER_PATCH = BYTES_PER_TOKEN;

/** Pixels of an image; undefined when they cannot be told. */
export type MeasureImage = (
  dataUrl: string,
) => { readonly width: number; readonly height: number } | undefined;

/** About how many tokens an item costs. An estimate, rounded up. */
export function estimateTokens(item: ResponseItem, measure: MeasureImage): number {
  const images = imagesOf(item);
  let bytes = Buffer.byteLength(JSON.stringify(item));
  for (const image of images) bytes += imageBytes(image, measure) - Buffer.byteLength(image.image_url);
  return Math.ceil(Math.max(0, bytes) / BYTES_PER_TOKEN);
}

function imageBytes({ detail, image_url }: InputImage, measure: MeasureImage): number {
  const size = detail === 'original' ? measure(image_url) : undefined;
  if (!size) return RESIZED_IMAGE_BYTES;
  const patches = Math.ceil(size.width / PATCH_PIXELS) * Math.ceil(size.height / PATCH_PIXELS);
  return Math.min(patches, MAX_PATCHES) * BYTES_PER_PATCH;
}

function imagesOf(item: ResponseItem): readonly InputImage[] {
  if (item.type === 'message') return onlyImages(item.content);
  return isToolOutput(item) && item.type !== 'tool_search_output' ? onlyImages(item.output) : [];
}

function onlyImages(content: ToolOutputContent | readonly ContentItem[]): readonly InputImage[] {
  if (typeof content === 'string') return [];
  const parts: readonly ContentItem[] = content;
  return parts.filter((part) => part.type === 'input_image');
}
