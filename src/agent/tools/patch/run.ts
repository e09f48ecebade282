import type { Guard } from '../../policy/guard.ts';
import { isWritable, writableArea } from '../../policy/writable.ts';
import type { FileChange } from '../../protocol/turn-item.ts';
import type { ToolContext, ToolResult } from '../tool.ts';
import { ToolFailure } from '../tool.ts';
import { applyChanges, failureText, successText } from './apply.ts';
import { NO_HUNKS } from './command.ts';
import { describeChanges } from './diff.ts';
import { patchFiles } from './disk.ts';
import { parsePatch } from './parse.ts';
import type { Hunk } from './patch.ts';
import { planPatch } from './plan.ts';
import type { PlannedChange } from './plan.ts';
import type { DiffTracker } from './tracker.ts';

/** A patch that some tool was asked to apply: `apply_patch` itself, or a shell command that is nothing else. */
export interface PatchRequest {
  readonly callId: string;
  readonly patch: string;
  /** Absolute. */
  readonly cwd: string;
}

export interface PatchRunner {
  /**
   * Checks a patch against the files, asks the guard, writes.
   * @throws ToolFailure for a patch that cannot be read or does not fit (nothing is written then), a refusal, and a write that
   *   fails (its text lists what was written before)
   */
  run(request: PatchRequest, context: ToolContext): Promise<ToolResult>;
}

export interface PatchRunnerOptions {
  readonly guard: Pick<Guard, 'permitPatch'>;
  /** The tracker of a turn, such as `createTurnDiffs()`. */
  readonly diffs: (turn: Pick<ToolContext, 'turnId' | 'cwd'>) => DiffTracker;
  /** Decides where temporary folders are (`writableArea`). */
  readonly env: Readonly<Record<string, string | undefined>>;
}

export function createPatchRunner({ guard, diffs, env }: PatchRunnerOptions): PatchRunner {
  return {
    async run({ callId, patch, cwd }, context) {
      const hunks = hunksOf(patch);
      const planned = planNow(hunks, cwd);
      const changes = await describeChanges(planned);
      const events = eventsOf({ callId, context, changes });

      const permission = await guard.permitPatch({ callId, changes }, context);
      context.signal.throwIfAborted();
      if (permission.kind !== 'run') {
        events.begin({ autoApproved: false });
        events.end({ status: 'declined', stdout: '', stderr: permission.message });
        throw new ToolFailure(permission.message);
      }
      // Somebody may have thought about it for minutes: only what was shown is written.
      if (JSON.stringify(planNow(hunks, cwd)) !== JSON.stringify(planned))
        throw new ToolFailure(
          'The files changed while the patch waited for its approval. Nothing was written.',
        );
      if (!permission.wasAsked)
        holdArea(planned, writableArea(permission.sandbox, { cwd: context.cwd, env }));

      events.begin({ autoApproved: !permission.wasAsked });
      const { applied, failure } = applyChanges(planned);
      const tracker = diffs(context);
      tracker.record(applied);
      const unified_diff = await tracker.unifiedDiff();
      if (failure === undefined)
        events.end({ status: 'completed', stdout: successText(applied), stderr: '' });
      else events.end({ status: 'failed', stdout: '', stderr: failureText({ applied, failure }) });
      if (applied.length > 0) context.emit({ type: 'turn_diff', unified_diff });
      if (failure !== undefined) throw new ToolFailure(failureText({ applied, failure }));
      return { content: successText(applied), success: true, value: {} };
    },
  };
}

function hunksOf(text: string): readonly Hunk[] {
  const patch = parsePatch(text);
  if (patch.kind === 'invalid') throw unverified(patch.message);
  if (patch.hunks.length === 0) throw new ToolFailure(NO_HUNKS);
  return patch.hunks;
}

function planNow(hunks: readonly Hunk[], cwd: string): readonly PlannedChange[] {
  const plan = planPatch(hunks, { cwd, files: patchFiles() });
  if (plan.kind === 'impossible') throw unverified(plan.message);
  return plan.changes;
}

const unverified = (message: string): ToolFailure =>
  new ToolFailure(`apply_patch verification failed: ${message}\nNothing was written.`);

/** No program runs here that a sandbox could hold, so the patch itself keeps to its area. */
function holdArea(changes: readonly PlannedChange[], area: ReturnType<typeof writableArea>): void {
  const outside = changes
    .flatMap(({ operations }) => operations)
    .find(({ target }) => !isWritable(area, target));
  if (outside)
    throw new ToolFailure(`The sandbox does not let ${outside.target} be written. Nothing was written.`);
}

function eventsOf({
  callId,
  context,
  changes,
}: {
  readonly callId: string;
  readonly context: ToolContext;
  readonly changes: readonly FileChange[];
}) {
  const { turnId } = context;
  const item = { type: 'FileChange', id: callId, changes } as const;
  const common = { call_id: callId, turn_id: turnId, changes };
  return {
    begin: ({ autoApproved }: { readonly autoApproved: boolean }): void => {
      context.emit({ type: 'item_started', turn_id: turnId, item: { ...item, status: 'in_progress' } });
      context.emit({ type: 'patch_apply_begin', auto_approved: autoApproved, ...common });
    },
    end: (outcome: {
      readonly status: 'completed' | 'failed' | 'declined';
      readonly stdout: string;
      readonly stderr: string;
    }): void => {
      const success = outcome.status === 'completed';
      context.emit({ type: 'item_completed', turn_id: turnId, item: { ...item, status: outcome.status } });
      context.emit({ type: 'patch_apply_end', success, ...outcome, ...common });
    },
  };
}
