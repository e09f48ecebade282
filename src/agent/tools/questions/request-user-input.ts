import type { UserQuestion } from '../../protocol/event.ts';
import { parseArguments } from '../arguments.ts';
import type { ToolSpec } from '../spec.ts';
import type { Tool, ToolContext } from '../tool.ts';
import { ToolFailure } from '../tool.ts';

/** Feature that lets the model ask outside of Plan mode as well. */
const DEFAULT_MODE_FEATURE = 'default_mode_request_user_input';

/** What the user answered, by the id of the question; several where several options were taken. */
export type QuestionAnswers = Readonly<Record<string, readonly string[]>>;

export interface RequestUserInputOptions {
  /**
   * Opens the questions under the id of the call at once, and waits. The event that shows them is told right after. Undefined:
   * withdrawn, without an answer.
   */
  readonly ask: (
    question: { readonly callId: string; readonly questions: readonly UserQuestion[] },
    context: ToolContext,
  ) => Promise<QuestionAnswers | undefined>;
  /** Of the running turn. */
  readonly mode: () => 'default' | 'plan';
  /** Only a thread that a user talks to may ask him. */
  readonly isRoot: boolean;
}

/** `request_user_input` (spec/agent-core.md 2.5): the turn waits for the user's choice. */
export function createRequestUserInputTool({ ask, mode, isRoot }: RequestUserInputOptions): Tool {
  return {
    name: 'request_user_input',
    spec: SPEC,
    parallel: false,
    async handle(call, context) {
      if (!isRoot)
        throw new ToolFailure('request_user_input cannot be used here: no user reads this thread.');
      if (mode() !== 'plan' && !context.isFeatureOn(DEFAULT_MODE_FEATURE))
        throw new ToolFailure('request_user_input can be used in Plan mode only.');
      const asked = await parseArguments(call, (z) => {
        const text = z.string().min(1);
        const option = z.strictObject({ label: text, description: z.string() });
        const question = z.object({
          id: text,
          header: z.string(),
          question: text,
          options: z.array(option).min(1),
        });
        return z.strictObject({ questions: z.array(question).min(1) });
      });
      const ids = asked.questions.map(({ id }) => id);
      if (new Set(ids).size < ids.length)
        throw new ToolFailure('request_user_input: every question needs an id of its own.');
      // The user may always answer in his own words.
      const questions = asked.questions.map((question) => ({ ...question, isOther: true }));

      const answering = ask({ callId: call.callId, questions }, context);
      context.emit({
        type: 'request_user_input',
        call_id: call.callId,
        turn_id: context.turnId,
        questions,
      });
      const answers = await answering;
      if (!answers) throw new ToolFailure('request_user_input was withdrawn before the user answered.');
      const value = {
        answers: Object.fromEntries(Object.entries(answers).map(([id, texts]) => [id, { answers: texts }])),
      };
      return { content: JSON.stringify(value), success: true, value };
    },
  };
}

const SPEC: ToolSpec = {
  type: 'function',
  name: 'request_user_input',
  description:
    'Asks the user one to three short questions and waits for the answers. Offer two or three options that exclude each other, the one that you recommend first; the user can always answer in other words, so offer no option for that.',
  strict: false,
  parameters: {
    type: 'object',
    properties: {
      questions: {
        type: 'array',
        items: {
          type: 'object',
          properties: {
            id: { type: 'string', description: 'Names the question in the answer, in snake_case.' },
            header: { type: 'string', description: 'A title of twelve characters at most.' },
            question: { type: 'string', description: 'One sentence.' },
            options: {
              type: 'array',
              items: {
                type: 'object',
                properties: {
                  label: { type: 'string', description: 'One to five words.' },
                  description: {
                    type: 'string',
                    description: 'What follows from this choice, in a sentence.',
                  },
                },
                required: ['label', 'description'],
                additionalProperties: false,
              },
            },
          },
          required: ['id', 'header', 'question', 'options'],
          additionalProperties: false,
        },
      },
    },
    required: ['questions'],
    additionalProperties: false,
  },
};
