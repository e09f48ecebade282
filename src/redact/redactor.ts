import { visibleStretches } from './control.ts';
import { createFinder, narrowFinder, WORTH_HIDING } from './find.ts';
import type { Cut, Finder, NarrowFinder } from './find.ts';
import { PLACEHOLDER } from './placeholder.ts';
import { rulesForSecrets } from './rules/known.ts';
import { PERSONAL_RULES, SECRET_RULES } from './rules.ts';
import { isSecretArgument, isSecretUnderName, NAMED_RULE } from './rules/named.ts';
import { rulesForNames } from './rules/names.ts';
import type { KnownNames } from './rules/names.ts';
import type { RedactionRule } from './rules/rule.ts';
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
  /**
   * Redacts a JSON text as the structure that it is, texts of JSON in its strings included; it stays JSON, and control
   * characters stay what they are, written out as JSON does. Undefined for what is no JSON.
   * @param indent spaces of indentation; on one line without it
   */
  json(text: string, indent?: number): string | undefined;
  /** What is to be hidden in a text, for those who replace it themselves by what {@link placeholder} gives. */
  readonly find: Finder;
  /** What stands for a cut, which is counted as hidden. */
  placeholder(cut: Pick<Cut, 'rule' | 'secret'>): string;
  /** What was hidden so far, by rule; sorted by rule. */
  ledger(): readonly { readonly rule: string; readonly count: number }[];
  /** How many of these were found by a rule that is all but never wrong. */
  confident(): number;
  /** The same redactor with a ledger of its own; what it hides stands in both. */
  branch(): Redactor;
}

export interface RedactorOptions extends KnownNames {
  /** Shown as `~`. */
  readonly userDirectory: string;
  /** Values that are secret although no rule can tell: hidden wherever they stand, in every encoding that is looked into. */
  readonly knownSecrets?: readonly Secret[];
}

/** Texts of JSON in texts of JSON; deeper ones are redacted as text. */
const MAX_JSON_DEPTH = 4;

export function createRedactor(options: RedactorOptions): Redactor {
  const rules = [
    ...rulesForSecrets(options.knownSecrets ?? []),
    ...SECRET_RULES,
    ...rulesForNames(options),
    ...PERSONAL_RULES,
  ];
  const find = createFinder(rules);
  return createBranch({ rules, find, placeholderFor: createPlaceholders() });
}

/** The same secret has the same placeholder. */
function createPlaceholders(): (cut: Pick<Cut, 'rule' | 'secret'>) => string {
  const placeholders = new Map<string, string>();
  const numbers = new Map<string, number>();
  return ({ rule, secret }) => {
    if (rule.shownAs !== undefined) return rule.shownAs;
    const known = placeholders.get(secret);
    if (known !== undefined) return known;
    const number = (numbers.get(rule.id) ?? 0) + 1;
    numbers.set(rule.id, number);
    const placeholder = `<${rule.id}:${number}>`;
    placeholders.set(secret, placeholder);
    return placeholder;
  };
}

interface BranchParts {
  readonly rules: readonly RedactionRule[];
  readonly find: Finder;
  readonly placeholderFor: (cut: Pick<Cut, 'rule' | 'secret'>) => string;
}

function createBranch(parts: BranchParts): Redactor {
  const { rules, find, placeholderFor } = parts;
  const anywhere: NarrowFinder = { find, concerns: () => true };
  const counts = new Map<string, number>();
  let confident = 0;

  const placeholder = (cut: Pick<Cut, 'rule' | 'secret'>): string => {
    counts.set(cut.rule.id, (counts.get(cut.rule.id) ?? 0) + 1);
    if (cut.rule.confident === true) confident += 1;
    return placeholderFor(cut);
  };

  const redact = (
    input: string,
    finder: NarrowFinder,
    { isShown }: { readonly isShown: boolean },
  ): string => {
    if (!finder.concerns(input)) return input;
    const { cuts, unsafe } = finder.find(input);
    const stretch = visibleStretches(input, isShown ? unsafe : []);
    if (cuts.length === 0) return stretch(0, input.length);
    const pieces: string[] = [];
    let position = 0;
    for (const cut of cuts) {
      pieces.push(stretch(position, cut.start), placeholder(cut));
      position = cut.end;
    }
    pieces.push(stretch(position, input.length));
    return pieces.join('');
  };

  const jsonWithin = (text: string, depth: number, indent?: number): string | undefined => {
    const data = parsed(text);
    if (data === undefined) return undefined;
    const mapped = mapStrings(data, {
      name: (name) => redact(name, anywhere, AS_DATA),
      string: (inner, place) => {
        const nested =
          depth < MAX_JSON_DEPTH && MAYBE_JSON.test(inner) ? jsonWithin(inner, depth + 1) : undefined;
        // What nothing was hidden in keeps the spaces that it has.
        const kept = nested === undefined || nested === JSON.stringify(parsed(inner)) ? inner : nested;
        const clean = redact(kept, anywhere, AS_DATA);
        return isHiddenAt(inner, clean, place) ? placeholder({ rule: NAMED_RULE, secret: inner }) : clean;
      },
    });
    return JSON.stringify(mapped, undefined, indent);
  };

  return {
    text: (text) => redact(text, anywhere, ON_A_SCREEN),
    value: (input) => {
      const finder = narrowFinder({ rules, find }, stringsIn(input));
      return mapStrings(input, {
        name: (name) => redact(name, finder, ON_A_SCREEN),
        string: (text, place) => {
          const clean = redact(text, finder, ON_A_SCREEN);
          return isHiddenAt(text, clean, place) ? placeholder({ rule: NAMED_RULE, secret: text }) : clean;
        },
      }) as typeof input;
    },
    json: (text, indent) => jsonWithin(text, 0, indent),
    find,
    placeholder,
    ledger: () =>
      [...counts].map(([rule, count]) => ({ rule, count })).toSorted((a, b) => (a.rule < b.rule ? -1 : 1)),
    confident: () => confident,
    branch: () => createBranch({ ...parts, placeholderFor: placeholder }),
  };
}

/** True where the place of a text says that it is secret, whatever is left of it. */
function isHiddenAt(input: string, clean: string, { member, before }: Place): boolean {
  const rest = clean === input && !input.includes('<') ? input : clean.replaceAll(PLACEHOLDER, '');
  const secret =
    (member !== undefined && isSecretUnderName(member, rest)) ||
    (typeof before === 'string' && isSecretArgument(rest, before));
  return secret && WORTH_HIDING.test(rest);
}

/** Control characters stay what they are in data, and are made visible in what is shown. */
const [AS_DATA, ON_A_SCREEN] = [{ isShown: false }, { isShown: true }];

const MAYBE_JSON = /^\s{0,64}[[{"]/;

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
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
