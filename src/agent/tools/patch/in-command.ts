import { resolve } from 'node:path';
import { parsePatch } from './parse.ts';

/** A patch inside of a command that a shell tool was asked to run. */
export type PatchInCommand =
  | { readonly kind: 'patch'; readonly patch: string; /** Absolute. */ readonly cwd: string }
  /** Nothing but a patch, without the command that takes it. `message` is for the model. */
  | { readonly kind: 'misuse'; readonly message: string };

export interface CommandLook {
  /** As it would be executed, such as `['/bin/bash', '-lc', script]`. */
  readonly argv: readonly string[];
  /** Absolute. */
  readonly cwd: string;
  /** The patch of a script whose only statement is `apply_patch` with a here-document (`heredocPatch`). */
  readonly soleHeredoc: (
    argv: readonly string[],
  ) => Promise<{ readonly patch: string; readonly cwd?: string } | undefined>;
}

const NAMES: ReadonlySet<string> = new Set(['apply_patch', 'applypatch']);
const BEGIN = '*** Begin Patch';

/**
 * Whether a command is nothing but a patch (spec/agent-core.md 2.2, 2.3, trap 28): `apply_patch PATCH`, or a script with one
 * here-document for it, perhaps behind `cd DIR &&`. Undefined for an ordinary command.
 */
export async function patchInCommand({
  argv,
  cwd,
  soleHeredoc,
}: CommandLook): Promise<PatchInCommand | undefined> {
  const [program = '', patch] = argv;
  if (NAMES.has(program) && patch !== undefined && argv.length === 2) return { kind: 'patch', patch, cwd };
  const script = argv.at(-1) ?? '';
  if (script.trimStart().startsWith(BEGIN) && parsePatch(script).kind === 'parsed')
    return { kind: 'misuse', message: 'This is a patch and no command. Call the tool apply_patch with it.' };
  const found = await soleHeredoc(argv);
  return found && { kind: 'patch', patch: found.patch, cwd: resolve(cwd, found.cwd ?? '') };
}
