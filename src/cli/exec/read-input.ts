import { readInput } from '../standard-input.ts';
import type { StandardInput } from '../standard-input.ts';

/** More than this is no prompt: no model's window holds it. */
const MAX_INPUT_BYTES = 32 * 1024 * 1024;

export type PromptRead =
  | { readonly kind: 'prompt'; readonly text: string }
  /** One sentence, with what to do. */
  | { readonly kind: 'problem'; readonly message: string };

/**
 * The prompt from the command line and standard input together (spec/agent-core.md 1.7).
 * @param notice told once, when standard input keeps the run waiting
 */
export async function readPrompt(
  given: string | undefined,
  input: StandardInput,
  notice: (text: string) => void,
): Promise<PromptRead> {
  const isForced = given === '-';
  const prompt = isForced || !given?.trim() ? undefined : given;
  if (input.isTerminal && !isForced)
    return prompt === undefined ? NO_PROMPT : { kind: 'prompt', text: prompt };
  const piped = await readInput(input, {
    what: prompt === undefined ? 'the prompt' : 'what belongs to the prompt',
    maxBytes: MAX_INPUT_BYTES,
    notice,
  });
  if (piped.kind === 'problem') return piped;
  const text = prompt === undefined ? piped.text : joinPrompt(prompt, piped.text);
  return text.trim() === '' ? NO_PROMPT : { kind: 'prompt', text };
}

const NO_PROMPT: PromptRead = {
  kind: 'problem',
  message: 'There is no prompt. Give one as an argument, or pipe it into standard input.',
};

/** A prompt with what was piped in beside it, in a block of its own. */
function joinPrompt(prompt: string, piped: string): string {
  return piped.trim() === '' ? prompt : `${prompt}\n\n<stdin>\n${piped.trimEnd()}\n</stdin>`;
}
