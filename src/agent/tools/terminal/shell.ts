import { posix, win32 } from 'node:path';
import type { Files } from '../../../host/files.ts';
import { ToolFailure } from '../tool.ts';

/** Shells whose language a model writes; `fish` and others read scripts of their own kind. */
const SHELLS: ReadonlySet<string> = new Set(['bash', 'zsh', 'sh', 'dash', 'ksh']);
const FALLBACKS = ['/bin/bash', '/usr/bin/bash', '/bin/sh'];
const WINDOWS_SHELL = 'powershell.exe';
const WINDOWS_SHELLS: ReadonlySet<string> = new Set(['powershell.exe', 'pwsh.exe', 'powershell', 'pwsh']);

/**
 * The shell that the user's commands run in: `$SHELL`, the account's, bash, sh; the first that exists and reads scripts as
 * a model writes them.
 */
export function userShell({
  env,
  accountShell,
  files,
  platform = process.platform,
}: {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Of the account database. */
  readonly accountShell: string | undefined;
  readonly files: Pick<Files, 'look'>;
  readonly platform?: NodeJS.Platform;
}): string {
  if (platform === 'win32') return WINDOWS_SHELL;
  const isUsable = (path: string | undefined): path is string =>
    path !== undefined &&
    posix.isAbsolute(path) &&
    SHELLS.has(posix.basename(path)) &&
    files.look(path).kind === 'found';
  return [env['SHELL'], accountShell, ...FALLBACKS].find(isUsable) ?? '/bin/sh';
}

/**
 * The words that run a script in a shell.
 * @param login reads the user's profile first
 * @throws ToolFailure for a program that is no shell: whatever it is, `-c` means something else to it
 */
export function shellArguments(
  shell: string,
  { script, login }: { readonly script: string; readonly login: boolean },
): string[] {
  const name = win32.basename(shell).toLowerCase();
  if (WINDOWS_SHELLS.has(name))
    return [shell, ...(login ? [] : ['-NoProfile']), '-NonInteractive', '-Command', script];
  if (!SHELLS.has(posix.basename(shell)))
    throw new ToolFailure(
      `${shell} is no shell that can be used here; take one of ${[...SHELLS].join(', ')}.`,
    );
  return [shell, login ? '-lc' : '-c', script];
}
