import { visible } from './control.ts';
import { createFinder, narrowFinder, PLACEHOLDER, WORTH_HIDING } from './find.ts';
import type { Cut, NarrowFinder } from './find.ts';
import { PERSONAL_RULES, SECRET_RULES } from './rules.ts';
import { isSecretArgument, isSecretUnderName, NAMED_RULE } from './rules/named.ts';
import { rulesForNames } from './rules/names.ts';
import type { KnownNames } from './rules/names.ts';
import type { Secret } from './secret.ts';
import { mapStrings } from './structure.ts';
import type { Place } from './structure.ts';

/**
 * Hides what must not leave this machine, and makes control characters visible. One redactor per report, so that the
 * same secret gets the same placeholder. Redacting what is redacted changes nothing.
 */
export interface Redactor {
  text(text: string): string;
  /**
   * Redacts every string in plain data, members' names included. Cycles and what is nested too deeply become a word
   * that says so; what is not plain data (functions, binary data) becomes such a word too.
   */
  value<Value>(value: Value): Value;
  /** What was hidden so far, by rule; sorted by rule. */
  ledger(): readonly { readonly rule: string; readonly count: number }[];
}

export interface RedactorOptions extends KnownNames {
  /** Shown as `~`. */
  readonly userDirectory: string;
  /** Values that are secret although no rule can tell: hidden wherever they stand, in every encoding that is looked into. */
  readonly knownSecrets?: readonly Secret[];
}

export function createRedactor(options: RedactorOptions): Redactor {
  const rules = [...SECRET_RULES, ...rulesForNames(options), ...PERSONAL_RULES];
  const find = createFinder(rules);
  const anywhere: NarrowFinder = { find, concerns: () => true };
  const placeholders = new Map<string, string>();
  const numbers = new Map<string, number>();
  const counts = new Map<string, number>();

  const shown = ({ rule, secret }: Pick<Cut, 'rule' | 'secret'>): string => {
    counts.set(rule.id, (counts.get(rule.id) ?? 0) + 1);
    if (rule.shownAs !== undefined) return rule.shownAs;
    const known = placeholders.get(secret);
    if (known !== undefined) return known;
    const number = (numbers.get(rule.id) ?? 0) + 1;
    numbers.set(rule.id, number);
    const placeholder = `<${rule.id}:${number}>`;
    placeholders.set(secret, placeholder);
    return placeholder;
  };

  const redact = (input: string, { find, concerns }: NarrowFinder): string => {
    if (!concerns(input)) return input;
    const { cuts, safe } = find(input);
    if (cuts.length === 0) return safe ? input : visible(input);
    const pieces: string[] = [];
    let position = 0;
    for (const cut of cuts) {
      pieces.push(visible(input.slice(position, cut.start)), shown(cut));
      position = cut.end;
    }
    pieces.push(visible(input.slice(position)));
    return pieces.join('');
  };

  const redactAt = (input: string, { member, before }: Place, finder: NarrowFinder): string => {
    const clean = redact(input, finder);
    const rest = clean === input && !input.includes('<') ? input : clean.replaceAll(PLACEHOLDER, '');
    const secret =
      (member !== undefined && isSecretUnderName(member, rest)) ||
      (typeof before === 'string' && isSecretArgument(rest, before));
    return secret && WORTH_HIDING.test(rest) ? shown({ rule: NAMED_RULE, secret: input }) : clean;
  };

  return {
    text: (text) => redact(text, anywhere),
    value: (input) => {
      const finder = narrowFinder({ rules, find }, stringsIn(input));
      return mapStrings(input, {
        name: (name) => redact(name, finder),
        string: (text, place) => redactAt(text, place, finder),
      }) as typeof input;
    },
    ledger: () =>
      [...counts].map(([rule, count]) => ({ rule, count })).toSorted((a, b) => (a.rule < b.rule ? -1 : 1)),
  };
}

function stringsIn(data: unknown): readonly string[] {
  const strings: string[] = [];
  const collect = (text: string): string => {
    strings.push(text);
    return text;
  };
  mapStrings(data, { name: collect, string: collect });
  return strings;
}
