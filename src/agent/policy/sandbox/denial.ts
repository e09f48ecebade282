/** How the system and usual programs say that they were not let. */
const WORDS =
  /operation not permitted|permission denied|read-only file ?system|network is unreachable|could not resolve host|name resolution|\b(?:EPERM|EACCES|EROFS|ENETUNREACH|EAI_AGAIN)\b|seccomp|landlock|sandbox/i;
/** A shell found no such command, or no program in it: no sandbox has a part in that. */
const CODES_OF_SHELLS: ReadonlySet<number> = new Set([126, 127]);
/** The end of the output says why a command failed; what it printed before may hold any word. */
const MAX_TAIL = 16 * 1024;

/**
 * Whether a command that failed inside of a sandbox looks as if the sandbox had stopped it. A guess: programs tell in
 * words only. It decides no more than whether the question of running without a sandbox is asked.
 */
export function isSandboxDenial(exitCode: number, output: string): boolean {
  if (exitCode === 0 || CODES_OF_SHELLS.has(exitCode)) return false;
  return WORDS.test(output.slice(-MAX_TAIL));
}
