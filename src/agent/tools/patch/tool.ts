import { parseArguments } from '../arguments.ts';
import type { Tool } from '../tool.ts';
import { ToolFailure } from '../tool.ts';
import type { PatchRunner } from './run.ts';
import { applyPatchSpec } from './spec.ts';

/** `apply_patch` (spec/agent-core.md 2.3), in the form that the model was trained on. Both forms of a call are understood. */
export function createApplyPatchTool({
  form,
  runner,
}: {
  readonly form: 'freeform' | 'function';
  readonly runner: PatchRunner;
}): Tool {
  return {
    name: 'apply_patch',
    spec: applyPatchSpec(form),
    parallel: false,
    async handle(call, context) {
      const { callId, payload } = call;
      if (payload.kind === 'search') throw new ToolFailure('apply_patch takes a patch.');
      const patch =
        payload.kind === 'custom'
          ? payload.input
          : (await parseArguments(call, (z) => z.strictObject({ input: z.string() }))).input;
      return runner.run({ callId, patch, cwd: context.cwd }, context);
    },
  };
}
