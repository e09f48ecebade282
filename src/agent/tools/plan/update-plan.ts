import { parseArguments } from '../arguments.ts';
import type { ToolSpec } from '../spec.ts';
import type { Tool } from '../tool.ts';
import { ToolFailure } from '../tool.ts';

export interface UpdatePlanOptions {
  /** Of the running turn. In Plan mode the plan is the answer itself, and this list would compete with it. */
  readonly mode: () => 'default' | 'plan';
}

/** `update_plan` (spec/agent-core.md 2.5): the model's list of steps, for whoever watches. */
export function createUpdatePlanTool({ mode }: UpdatePlanOptions): Tool {
  return {
    name: 'update_plan',
    spec: SPEC,
    parallel: false,
    async handle(call, context) {
      if (mode() === 'plan') throw new ToolFailure('update_plan cannot be used in Plan mode.');
      const { explanation, plan } = await parseArguments(call, (z) =>
        z.strictObject({
          explanation: z.string().nullish(),
          plan: z.array(z.strictObject({ step: z.string(), status: z.enum(STATUSES) })),
        }),
      );
      context.emit({ type: 'plan_update', ...(explanation == null ? {} : { explanation }), plan });
      return { content: 'Plan updated', success: true, value: {} };
    },
  };
}

const STATUSES = ['pending', 'in_progress', 'completed'] as const;

const SPEC: ToolSpec = {
  type: 'function',
  name: 'update_plan',
  description:
    'Shows your plan for the task, whole each time: short steps, of which at most one is in progress. Use it for work of several steps, and again whenever a step is done or the plan changes.',
  strict: false,
  parameters: {
    type: 'object',
    properties: {
      explanation: { type: 'string', description: 'Why the plan changed.' },
      plan: {
        type: 'array',
        items: {
          type: 'object',
          properties: { step: { type: 'string' }, status: { type: 'string', enum: STATUSES } },
          required: ['step', 'status'],
          additionalProperties: false,
        },
      },
    },
    required: ['plan'],
    additionalProperties: false,
  },
};
