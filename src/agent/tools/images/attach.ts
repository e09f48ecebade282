import type { InputImage } from '../../protocol/item.ts';
import type { ImageLoader } from './load.ts';

/**
 * Images that a user attaches: always fitted, whatever the model (spec/agent-core.md 2.4).
 * @returns what gives the item for an absolute path, and rejects with an `ImageError` for the user
 */
export function createLocalImages(loader: ImageLoader): (path: string) => Promise<InputImage> {
  return async (path) => ({ type: 'input_image', image_url: await loader.load(path, 'fit') });
}
