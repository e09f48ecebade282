import type { InputImage, InputText, MessageItem } from '../protocol/item.ts';
import type { UserInput } from '../protocol/op.ts';

/** Reads an image of the user's, made fit for the model; rejects with words for the user when it cannot. */
export type LoadImage = (path: string) => Promise<InputImage>;

/** What a user put in, as the message that the model reads. An image that cannot be read becomes a note, not a failure. */
export async function promptItem(inputs: readonly UserInput[], loadImage: LoadImage): Promise<MessageItem> {
  const content = await Promise.all(inputs.map((input) => contentOf(input, loadImage)));
  return { type: 'message', role: 'user', content };
}

async function contentOf(input: UserInput, loadImage: LoadImage): Promise<InputText | InputImage> {
  switch (input.type) {
    case 'text':
      return { type: 'input_text', text: input.text };
    case 'image':
      return {
        type: 'input_image',
        image_url: input.imageUrl,
        ...(input.detail && { detail: input.detail }),
      };
    case 'local_image':
      try {
        return await loadImage(input.path);
      } catch (error) {
        const reason = error instanceof Error ? error.message : 'it cannot be read';
        return { type: 'input_text', text: `[The image ${input.path} is missing here: ${reason}]` };
      }
  }
}

/** Nothing to say: no input at all, or only blank text. */
export const isEmptyInput = (inputs: readonly UserInput[]): boolean =>
  inputs.every((input) => input.type === 'text' && input.text.trim() === '');

/** What `user_message` shows of it. */
export function shownInput(inputs: readonly UserInput[]): {
  readonly message: string;
  readonly images: string[];
  readonly local_images: string[];
} {
  return {
    message: inputs.flatMap((input) => (input.type === 'text' ? [input.text] : [])).join('\n'),
    images: inputs.flatMap((input) => (input.type === 'image' ? [input.imageUrl] : [])),
    local_images: inputs.flatMap((input) => (input.type === 'local_image' ? [input.path] : [])),
  };
}
