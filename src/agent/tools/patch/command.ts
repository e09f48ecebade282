import { applyChanges, failureText, successText } from './apply.ts';
import { patchFiles } from './disk.ts';
import { parsePatch } from './parse.ts';
import { planPatch } from './plan.ts';
import type { PlannedChange } from './plan.ts';

export interface PatchCommand {
  /** Behind the name of the program. */
  readonly argv: readonly string[];
  /** Read when there are no arguments. */
  readonly stdin: () => Promise<string>;
  /** Absolute. */
  readonly cwd: string;
}

export interface PatchCommandResult {
  /** 0: applied; 1: failed, perhaps after some files; 2: wrong usage. */
  readonly exitCode: 0 | 1 | 2;
  readonly stdout: string;
  readonly stderr: string;
}

const USAGE = "Usage: apply_patch 'PATCH'\n       echo 'PATCH' | apply_patch\n";

/**
 * `apply_patch` as a program of its own: hunk by hunk, so that a hunk that does not fit leaves the ones before it applied
 * (spec/agent-core.md 2.3 and 9, row 24). It asks nobody: whoever starts it decided that it may run.
 */
export async function runApplyPatchCommand({ argv, stdin, cwd }: PatchCommand): Promise<PatchCommandResult> {
  if (argv.length > 1) return wrongUsage(`apply_patch takes one argument, not ${argv.length}.\n${USAGE}`);
  const text = argv[0] ?? (await stdin());
  if (text.trim() === '') return wrongUsage(USAGE);
  const patch = parsePatch(text);
  if (patch.kind === 'invalid') return failed(`Invalid patch: ${patch.message}`);
  if (patch.hunks.length === 0) return failed(NO_HUNKS);
  const files = patchFiles();
  const applied: PlannedChange[] = [];
  for (const hunk of patch.hunks) {
    const plan = planPatch([hunk], { cwd, files });
    if (plan.kind === 'impossible') return failed(failureText({ applied, failure: plan.message }));
    const { failure } = applyChanges(plan.changes);
    if (failure !== undefined) return failed(failureText({ applied, failure }));
    applied.push(...plan.changes);
  }
  return { exitCode: 0, stdout: successText(applied), stderr: '' };
}

export const NO_HUNKS = 'The patch has no hunks: no files were modified.';

const failed = (message: string): PatchCommandResult => ({ exitCode: 1, stdout: '', stderr: `${message}\n` });
const wrongUsage = (message: string): PatchCommandResult => ({ exitCode: 2, stdout: '', stderr: message });
