import { imageSize } from 'image-size';

/** Photographs may carry a preview and colour profiles before the place that tells their size. */
const MAX_HEAD_CHARACTERS = 1024 * 1024;

/** Pixels of an image in a data URL, from its first bytes; undefined for anything else. */
export function measureImage(url: string): { readonly width: number; readonly height: number } | undefined {
  const start = /^data:image\/[\w.+-]+;base64,/.exec(url)?.[0].length;
  if (start === undefined) return undefined;
  try {
    const { width, height } = imageSize(Buffer.from(url.slice(start, start + MAX_HEAD_CHARACTERS), 'base64'));
    return width > 0 && height > 0 ? { width, height } : undefined;
  } catch {
    // No image that the library knows, or one without a size.
    return undefined;
  }
}
