import { decodeInput, joinPrompt } from './prompt.ts';

/** More than this is no prompt: no model's window holds it. */
const MAX_INPUT_BYTES = 32 * 1024 * 1024;
/** A pipe that stays silent this long is told of, since the run looks as if it hung. */
const NOTICE_AFTER_MS = 1_000;

/** Standard input as far as a prompt is concerned. */
export interface PromptInput {
  readonly isTerminal: boolean;
  /** Everything, or undefined when it is more than `maxBytes`. */
  read(maxBytes: number): Promise<Uint8Array | undefined>;
}

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
  input: PromptInput,
  notice: (text: string) => void,
): Promise<PromptRead> {
  const isForced = given === '-';
  const prompt = isForced ? undefined : given;
  if (input.isTerminal && !isForced)
    return prompt?.trim() ? { kind: 'prompt', text: prompt } : problem(NO_PROMPT);
  const timer = setTimeout(() => notice('reading the prompt from standard input …'), NOTICE_AFTER_MS);
  const bytes = await input.read(MAX_INPUT_BYTES).finally(() => clearTimeout(timer));
  if (!bytes) return problem('Standard input is larger than 32 MB. Name a file in the prompt instead.');
  const decoded = decodeInput(bytes);
  if (decoded.kind === 'undecodable')
    return problem(
      `Standard input is ${decoded.encoding}. Convert it to UTF-8 first, with iconv for example.`,
    );
  const text = prompt?.trim() ? joinPrompt(prompt, decoded.text) : decoded.text;
  return text.trim() === '' ? problem(NO_PROMPT) : { kind: 'prompt', text };
}

const NO_PROMPT = 'There is no prompt. Give one as an argument, or pipe it into standard input.';

const problem = (message: string): PromptRead => ({ kind: 'problem', message });
