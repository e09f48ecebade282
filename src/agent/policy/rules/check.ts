import { evaluate, joinRuleSets } from './rule-set.ts';
import type { RuleMatch, RuleSet } from './rule-set.ts';

/** What `execpolicy check` prints (spec/agent-core.md 3.2). */
export interface RulesCheck {
  readonly matchedRules: readonly { readonly prefixRuleMatch: PrefixRuleMatch }[];
  /** Absent when no rule matches. */
  readonly decision?: RuleMatch['decision'];
}

interface PrefixRuleMatch {
  readonly matchedPrefix: readonly string[];
  readonly decision: RuleMatch['decision'];
  readonly resolvedProgram?: string;
  readonly justification?: string;
}

/** Tells which rules a command meets and what follows. */
export function checkRules(
  sets: readonly RuleSet[],
  argv: readonly string[],
  options: { readonly resolveExecutables: boolean },
): RulesCheck {
  const { matches, strictest } = evaluate(joinRuleSets(sets), argv, options);
  return {
    matchedRules: matches.map(({ prefix, decision, resolvedProgram, justification }) => ({
      prefixRuleMatch: {
        matchedPrefix: prefix,
        decision,
        ...(resolvedProgram !== undefined && { resolvedProgram }),
        ...(justification !== undefined && { justification }),
      },
    })),
    ...(strictest && { decision: strictest.decision }),
  };
}
