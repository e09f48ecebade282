import type { Script } from '../commands/script.ts';
import type { CommandRequest } from '../guard.ts';
import type { ExecPolicyAmendment } from '../policy.ts';
import { isOverBroad } from '../rules/amendment.ts';
import type { JudgedCommand } from './command.ts';

/** A rule that repeats a whole script is worth a line, and not a page. */
const MAX_SCRIPT_LENGTH = 500;

/**
 * The rule that whoever approves a command may add: the model's own proposal where that would have allowed the whole command,
 * otherwise the first command that no rule names, as it stands. Nothing that would allow far more than was asked for, and
 * nothing for a here-document, whose text no rule sees (spec/agent-core.md 3.2).
 */
export function proposeAmendment({
  request,
  script,
  unnamed,
}: {
  readonly request: Pick<CommandRequest, 'argv' | 'prefixRule'>;
  readonly script: Script | undefined;
  readonly unnamed: readonly JudgedCommand[];
}): ExecPolicyAmendment | undefined {
  if (script?.kind === 'heredoc') return undefined;
  if (script?.kind === 'other') return offered(isShort(request.argv) ? request.argv : undefined);
  const { prefixRule } = request;
  const proposal =
    prefixRule && unnamed.every(({ words }) => prefixRule.every((word, index) => words[index]?.text === word))
      ? offered(prefixRule)
      : undefined;
  const [first] = unnamed;
  // What the shell puts in place of a `*` differs from run to run; a rule with it would match a file of that name.
  const literal = first?.words.some(({ expands }) => expands) === true ? undefined : first?.words;
  return proposal ?? offered(literal?.map(({ text }) => text));
}

const isShort = (argv: readonly string[]): boolean => argv.join(' ').length <= MAX_SCRIPT_LENGTH;

const offered = (prefix: readonly string[] | undefined): ExecPolicyAmendment | undefined =>
  prefix === undefined || isOverBroad(prefix) ? undefined : { prefix };
