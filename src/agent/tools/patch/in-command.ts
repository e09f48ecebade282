import { resolve } from 'node:path';
import { heredocPatch } from '../../policy/commands/heredoc-patch.ts';
import type { ToolCall, ToolContext, ToolResult } from '../tool.ts';
import { ToolFailure } from '../tool.ts';
import { parsePatch } from './parse.ts';
import type { PatchRunner } from './run.ts';

/** A patch inside of a command that a shell tool was asked to run. */
export type PatchInCommand =
  | { readonly kind: 'patch'; readonly patch: string; /** Absolute. */ readonly cwd: string }
  /** Nothing but a patch, without the command that takes it. `message` is for the model. */
  | { readonly kind: 'misuse'; readonly message: string };

const NAMES: ReadonlySet<string> = new Set(['apply_patch', 'applypatch']);
const BEGIN = '*** Begin Patch';

/**
 * Whether a command is nothing but a patch (spec/agent-core.md 2.2, 2.3, trap 28): `apply_patch PATCH`, or a script with one
 * here-document for it, perhaps behind `cd DIR &&`. Undefined for an ordinary command.
 * @param argv as it would be executed, such as `['/bin/bash', '-lc', script]`
 * @param cwd absolute
 */
export async function patchInCommand(
  argv: readonly string[],
  cwd: string,
): Promise<PatchInCommand | undefined> {
  const [program = '', patch] = argv;
  if (NAMES.has(program) && patch !== undefined && argv.length === 2) return { kind: 'patch', patch, cwd };
  const script = argv.at(-1) ?? '';
  if (script.trimStart().startsWith(BEGIN) && parsePatch(script).kind === 'parsed')
    return { kind: 'misuse', message: 'This is a patch and no command. Call the tool apply_patch with it.' };
  const found = await heredocPatch(argv);
  return found && { kind: 'patch', patch: found.patch, cwd: resolve(cwd, found.cwd ?? '') };
}

/** Runs a command that is nothing but a patch as that patch; undefined for every other one. */
export type PatchInterceptor = (
  argv: readonly string[],
  cwd: string,
  call: Pick<ToolCall, 'callId'>,
  context: ToolContext,
) => Promise<ToolResult | undefined>;

/** For the shell tools (`interceptPatch`). Fails as the runner does, and for a patch without its command. */
export function createPatchInterceptor(runner: PatchRunner): PatchInterceptor {
  return async (argv, cwd, { callId }, context) => {
    const found = await patchInCommand(argv, cwd);
    if (found?.kind === 'misuse') throw new ToolFailure(found.message);
    return found && runner.run({ callId, patch: found.patch, cwd: found.cwd }, context);
  };
}
