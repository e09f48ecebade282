import { basename } from 'node:path';
import { isDangerous } from '../commands/dangerous.ts';
import { isKnownSafe } from '../commands/known-safe.ts';
import { isFromSystem } from '../commands/script.ts';
import type { Script } from '../commands/script.ts';
import type { Word } from '../commands/words.ts';
import type { CommandRequest } from '../guard.ts';
import type { ApprovalPolicy } from '../policy.ts';
import { evaluate, strictestOf } from '../rules/rule-set.ts';
import type { RuleDecision, RuleMatch, RuleSet } from '../rules/rule-set.ts';
import { proposeAmendment } from './propose-amendment.ts';
import { askOr } from './verdict.ts';
import type { Verdict } from './verdict.ts';

export interface CommandCase {
  readonly request: Pick<CommandRequest, 'argv' | 'wantsEscalation' | 'justification' | 'prefixRule'>;
  /** What the command line would run; undefined when it is no script of a shell. */
  readonly script: Script | undefined;
  readonly policy: ApprovalPolicy;
  readonly rules: RuleSet;
}

/** One of the commands that a command line runs, as rules and policy see it. */
export interface JudgedCommand {
  readonly words: readonly Word[];
  /** The strictest rule that it meets. */
  readonly match: RuleMatch | undefined;
}

/** The commands of a command line, and what of it can be trusted. */
interface Reading {
  /** Every one of them must be allowed for the whole to run free. */
  readonly commands: readonly JudgedCommand[];
  /** Commands inside of what cannot be read whole: they can forbid, and never allow. */
  readonly inside: readonly JudgedCommand[];
  readonly isPlain: boolean;
}

/**
 * What policy and rules say about a command (spec/agent-core.md 3.2): the strictest rule over all of its parts, then what is known
 * of commands that no rule names.
 */
export function decideCommand(given: CommandCase): Verdict {
  const { request, policy } = given;
  if (request.wantsEscalation && !takesEscalation(policy))
    return {
      kind: 'refuse',
      message:
        'The approval policy does not take requests to leave the sandbox. Run the command without one.',
    };
  const reading = read(given);
  const all = [...reading.commands, ...reading.inside];
  const strictest = strictestOf(all.flatMap(({ match }) => match ?? []));
  if (strictest && strictest.decision !== 'allow') return byRule(strictest, given);
  if (isOutOfReach(given)) {
    const why = 'The command is too long to be held against the rules';
    return askOr(policy, 'rules', { ask: { reason: why }, why });
  }
  if (reading.commands.every(({ match }) => match !== undefined))
    return { kind: 'run', withoutSandbox: true };
  return byPolicy(reading, given);
}

/** A rule that asks or forbids must not be passed by writing more than is read. */
const isOutOfReach = ({ script, rules }: CommandCase): boolean =>
  script?.kind === 'other' && !script.isWhole && rules.prefixes.some(({ decision }) => decision !== 'allow');

/** Escalation is part of `on-request`, and of a granular policy that takes questions about the sandbox. */
const takesEscalation = (policy: ApprovalPolicy): boolean =>
  policy === 'on-request' || (typeof policy === 'object' && policy.granular.sandbox_approval);

function read({ request, script, rules }: CommandCase): Reading {
  const judged = (words: readonly Word[]): JudgedCommand => ({
    words,
    match: matchOf(
      words.map(({ text }) => text),
      rules,
    ),
  });
  const whole = judged(request.argv.map((text) => ({ text, expands: false })));
  if (!script) return { commands: [whole], inside: [], isPlain: true };
  const commands = script.commands.map(judged);
  return script.kind === 'other'
    ? { commands: [whole], inside: commands, isPlain: false }
    : { commands, inside: [], isPlain: script.kind === 'plain' };
}

/**
 * A rule that allows `git` means the system's: a program of that name that the model wrote somewhere must not run free, unless
 * the rules name its path.
 */
function matchOf(argv: readonly string[], rules: RuleSet): RuleMatch | undefined {
  const { strictest } = evaluate(rules, argv, { resolveExecutables: true });
  const path = strictest?.resolvedProgram;
  const isMeant =
    path === undefined ||
    strictest?.decision !== 'allow' ||
    isFromSystem(path) ||
    rules.executables.has(basename(path));
  return isMeant ? strictest : undefined;
}

function byRule(
  { decision, prefix, justification }: RuleMatch & { decision: RuleDecision },
  given: CommandCase,
): Verdict {
  const because = justification === undefined ? '' : `: ${justification}`;
  if (decision === 'forbidden')
    return { kind: 'refuse', message: `A rule forbids \`${prefix.join(' ')}\`${because}` };
  const why = `A rule wants \`${prefix.join(' ')}\` to be approved${because}`;
  const asked = given.request.justification;
  const reason = asked === undefined ? why : `${why} (${asked})`;
  return askOr(given.policy, 'rules', { ask: { reason }, why });
}

function byPolicy(reading: Reading, given: CommandCase): Verdict {
  const { request, policy } = given;
  const unnamed = reading.commands.filter(({ match }) => match === undefined);
  const amendment = proposeAmendment({ request, script: given.script, unnamed });
  const ask = {
    ...(request.justification !== undefined && { reason: request.justification }),
    ...(amendment && { amendment }),
  };
  const deletes = [...unnamed, ...reading.inside].some(({ words }) =>
    isDangerous(words.map(({ text }) => text)),
  );
  if (deletes)
    return askOr(policy, 'sandbox', {
      ask: { reason: 'The command deletes without a question.', ...ask },
      why: 'The command deletes without a question',
    });
  if (request.wantsEscalation)
    return askOr(policy, 'sandbox', { ask, why: 'The command asks to leave the sandbox' });
  const isSafe = reading.isPlain && unnamed.every(({ words }) => isKnownSafe(words));
  return policy === 'untrusted' && !isSafe ? { kind: 'ask', ...ask } : { kind: 'run', withoutSandbox: false };
}
