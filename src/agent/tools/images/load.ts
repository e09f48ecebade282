import { createHash } from 'node:crypto';
import { files } from '../../../host/files.ts';
import { fitImage } from './fit.ts';
import type { FitMode, FittedImage } from './fit.ts';

/** An image that cannot be used; the message is for whoever named its path. */
export class ImageError extends Error {
  override readonly name = 'ImageError';
}

export interface ImageLoader {
  /**
   * The image at a path, as a data URL.
   * @param path absolute
   * @throws ImageError when nothing, no file, or no image stands there
   */
  load(path: string, mode: FitMode): Promise<string>;
}

/** Providers take less in one request. */
const MAX_FILE_BYTES = 64 * 1024 * 1024;
/** A model looks at the same few pictures again while it works on them. */
const MAX_CACHED = 32;
/** Photographs at their full size would hold hundreds of megabytes, and are not worth it. */
const MAX_CACHED_BYTES = 8 * 1024 * 1024;

/** Reads images; remembers the last ones by their content. One for each process or thread. */
export function createImageLoader(): ImageLoader {
  // The order of a Map is that of use here: whoever is asked for goes to the end.
  const cache = new Map<string, FittedImage>();
  const remember = (key: string, image: FittedImage): void => {
    cache.delete(key);
    if (image.bytes.length > MAX_CACHED_BYTES) return;
    cache.set(key, image);
    const [oldest] = cache.keys();
    if (cache.size > MAX_CACHED && oldest !== undefined) cache.delete(oldest);
  };
  return {
    async load(path, mode) {
      const bytes = bytesAt(path);
      const key = `${createHash('sha1').update(bytes).digest('hex')} ${mode}`;
      const image = cache.get(key) ?? (await fitImage(bytes, mode));
      if (!image) throw new ImageError(`${path} cannot be decoded as an image (PNG, JPEG, GIF or WebP)`);
      remember(key, image);
      return `data:${image.mediaType};base64,${image.bytes.toString('base64')}`;
    },
  };
}

function bytesAt(path: string): Buffer {
  if (path.includes('\0')) throw new ImageError('no file has a name with a NUL character');
  const read = files.readBytes(path, { maxBytes: MAX_FILE_BYTES });
  switch (read.kind) {
    case 'read':
      if (read.truncated) throw new ImageError(`${path} is larger than ${MAX_FILE_BYTES} bytes`);
      return read.bytes;
    case 'wrong_type':
      throw new ImageError(`${path} is no file`);
    case 'missing':
    case 'dangling':
      throw new ImageError(`${path} does not exist`);
    case 'loop':
    case 'denied':
    case 'failed':
      throw new ImageError(`${path} cannot be read${'code' in read ? ` (${read.code})` : ''}`);
  }
}
