import { basename, isAbsolute } from 'node:path';

export type RuleDecision = 'allow' | 'prompt' | 'forbidden';

/** Commands that begin with these words; each place has one word or several to choose from. */
export interface PrefixRule {
  readonly pattern: readonly (readonly string[])[];
  readonly decision: RuleDecision;
  readonly justification?: string;
}

export interface NetworkRule {
  readonly host: string;
  readonly protocol: 'http' | 'https' | 'socks5_tcp' | 'socks5_udp';
  readonly decision: 'allow' | 'prompt' | 'deny';
  readonly justification?: string;
}

/** What the rules files say together, in the order of the files. */
export interface RuleSet {
  readonly prefixes: readonly PrefixRule[];
  readonly networks: readonly NetworkRule[];
  /** The paths that may stand for a program that rules name without one. */
  readonly executables: ReadonlyMap<string, readonly string[]>;
}

export const NO_RULES: RuleSet = { prefixes: [], networks: [], executables: new Map() };

export interface RuleMatch {
  readonly prefix: readonly string[];
  readonly decision: RuleDecision;
  /** The path that was taken for the name in the rule. */
  readonly resolvedProgram?: string;
  readonly justification?: string;
}

export interface Evaluation {
  readonly matches: readonly RuleMatch[];
  /** Of all matches the strictest, wherever it stands (trap 29); undefined when no rule matches. */
  readonly strictest: RuleMatch | undefined;
}

const STRICTNESS: Readonly<Record<RuleDecision, number>> = { allow: 0, prompt: 1, forbidden: 2 };

/** Every rule that the command begins with. */
export function evaluate(
  rules: RuleSet,
  argv: readonly string[],
  { resolveExecutables }: { readonly resolveExecutables: boolean },
): Evaluation {
  const exact = matchesOf(rules.prefixes, argv);
  const matches = exact.length > 0 || !resolveExecutables ? exact : resolvedMatches(rules, argv);
  return { matches, strictest: strictestOf(matches) };
}

/** Of several matches the first that no other one is stricter than: forbidden, then prompt, then allow. */
export function strictestOf(matches: readonly RuleMatch[]): RuleMatch | undefined {
  const [first, ...rest] = matches;
  if (!first) return undefined;
  return rest.reduce(
    (strictest, match) => (STRICTNESS[match.decision] > STRICTNESS[strictest.decision] ? match : strictest),
    first,
  );
}

/** Rules are joined in the order given; the paths of one program add up. */
export function joinRuleSets(sets: readonly RuleSet[]): RuleSet {
  const executables = new Map<string, readonly string[]>();
  for (const [name, paths] of sets.flatMap((set) => [...set.executables]))
    executables.set(name, [...new Set([...(executables.get(name) ?? []), ...paths])]);
  return {
    prefixes: sets.flatMap(({ prefixes }) => prefixes),
    networks: sets.flatMap(({ networks }) => networks),
    executables,
  };
}

/** The words at the start of the command that a pattern names; undefined when the command begins otherwise. */
function matchedPrefix(
  pattern: PrefixRule['pattern'],
  argv: readonly string[],
): readonly string[] | undefined {
  const isMatch =
    argv.length >= pattern.length && pattern.every((words, index) => words.includes(argv[index] ?? ''));
  return isMatch ? argv.slice(0, pattern.length) : undefined;
}

function matchesOf(prefixes: readonly PrefixRule[], argv: readonly string[]): RuleMatch[] {
  return prefixes.flatMap(({ pattern, decision, justification }) => {
    const prefix = matchedPrefix(pattern, argv);
    return prefix ? [{ prefix, decision, ...(justification !== undefined && { justification }) }] : [];
  });
}

function resolvedMatches({ prefixes, executables }: RuleSet, argv: readonly string[]): RuleMatch[] {
  const [program = '', ...rest] = argv;
  if (!isAbsolute(program)) return [];
  const name = basename(program);
  if (!(executables.get(name)?.includes(program) ?? true)) return [];
  return matchesOf(prefixes, [name, ...rest]).map((match) => ({ ...match, resolvedProgram: program }));
}
