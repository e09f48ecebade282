import { resolve } from 'node:path';
import { parseArguments } from '../arguments.ts';
import type { ToolSpec } from '../spec.ts';
import type { Tool, ToolContext } from '../tool.ts';
import { ToolFailure } from '../tool.ts';
import { ImageError } from './load.ts';
import type { ImageLoader } from './load.ts';
import { mayUseOriginal } from './original.ts';

export interface ViewImageOptions {
  readonly loader: ImageLoader;
  /** The feature `view_image_original_resolution` is on when the thread starts: the model is told of it. */
  readonly offersOriginal: boolean;
}

/** `view_image` (spec/agent-core.md 2.4). */
export function createViewImageTool({ loader, offersOriginal }: ViewImageOptions): Tool {
  return {
    name: 'view_image',
    spec: viewImageSpec(offersOriginal),
    parallel: true,
    async handle(call, context) {
      if (!context.model.supportsImageInput)
        throw new ToolFailure('view_image cannot be used: this model takes no images.');
      const { path: named, detail } = await parseArguments(call, (z) =>
        z.object({ path: z.string().min(1), detail: z.enum(['high', 'original']).nullish() }),
      );
      const path = resolve(context.cwd, named);
      // Asked for or not: an older model would refuse the request (trap 19).
      const isOriginal = detail !== 'high' && mayUseOriginal(context);
      const image_url = await load(loader, { path, isOriginal });
      tell(context, { callId: call.callId, path });
      return {
        content: [{ type: 'input_image', image_url, ...(isOriginal ? { detail: 'original' } : {}) }],
        success: true,
        value: { image_url, ...(isOriginal ? { details: 'original' } : {}) },
      };
    },
  };
}

async function load(
  loader: ImageLoader,
  { path, isOriginal }: { readonly path: string; readonly isOriginal: boolean },
): Promise<string> {
  try {
    return await loader.load(path, isOriginal ? 'original' : 'fit');
  } catch (error) {
    if (error instanceof ImageError) throw new ToolFailure(`view_image: ${error.message}.`);
    throw error;
  }
}

function tell(
  context: ToolContext,
  { callId, path }: { readonly callId: string; readonly path: string },
): void {
  const item = { type: 'ImageView', id: callId, path } as const;
  context.emit({ type: 'item_started', turn_id: context.turnId, item });
  context.emit({ type: 'view_image_tool_call', call_id: callId, path });
  context.emit({ type: 'item_completed', turn_id: context.turnId, item });
}

const DESCRIPTION =
  'Shows you an image file of this machine. Use it when you have to see the image, and only for files, not for images that are in the conversation already.';
const ORIGINAL_DESCRIPTION =
  ' The image comes at its full resolution. When you make an image to look at it, prefer JPEG at quality 85, unless it must be lossless; use another format where the user asks for it.';

function viewImageSpec(offersOriginal: boolean): ToolSpec {
  return {
    type: 'function',
    name: 'view_image',
    description: DESCRIPTION + (offersOriginal ? ORIGINAL_DESCRIPTION : ''),
    strict: false,
    parameters: {
      type: 'object',
      properties: {
        path: { type: 'string', description: 'The file, absolute or relative to the working directory.' },
        ...(offersOriginal
          ? {
              detail: {
                type: 'string',
                enum: ['high', 'original'],
                description: '"high" for a smaller copy where details do not matter.',
              },
            }
          : {}),
      },
      required: ['path'],
      additionalProperties: false,
    },
  };
}
