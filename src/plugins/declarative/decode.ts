import { nearest } from '../../target/config/suggest.ts';
import { quoted } from './issue.ts';
import { declaredCheckSchema, KEYS } from './vocabulary.ts';
import type { CheckSpec, Kind } from './vocabulary.ts';

/** What keeps a declaration from being followed. */
export interface Problem {
  /** One sentence without a final stop. */
  readonly problem: string;
  /** What was probably meant. */
  readonly suggestion?: string;
}

export type Decoded =
  | { readonly kind: 'check'; readonly spec: CheckSpec }
  | { readonly kind: 'faulty'; readonly problems: readonly Problem[] };

type Table = Readonly<Record<string, unknown>>;

/** Gives a table of `[[check]]` its meaning, or says in words what it says wrong. Nothing in it is passed over. */
export function decodeCheck(table: Table): Decoded {
  const kind = kindOf(table);
  if (typeof kind !== 'string') return { kind: 'faulty', problems: [kind] };
  const parsed = declaredCheckSchema.safeParse(table);
  if (parsed.success) return { kind: 'check', spec: parsed.data };
  return {
    kind: 'faulty',
    problems: parsed.error.issues.flatMap((issue) => problemsOf(issue, { table, kind })),
  };
}

/** A key says how it is spelt only where it is known what is declared. */
function kindOf(table: Table): Kind | Problem {
  const known = Object.keys(KEYS) as Kind[];
  const { kind } = table;
  if (kind === undefined) return { problem: `there is no \`kind\`; known are ${known.join(', ')}` };
  const found = known.find((name) => name === kind);
  if (found !== undefined) return found;
  return {
    problem: `\`kind\` is ${shown(kind)}; known are ${known.join(', ')}`,
    ...(typeof kind === 'string' && suggestion(kind, known)),
  };
}

type ZodIssue = NonNullable<ReturnType<typeof declaredCheckSchema.safeParse>['error']>['issues'][number];

function problemsOf(issue: ZodIssue, { table, kind }: { table: Table; kind: Kind }): Problem[] {
  const path = issue.path.map(String);
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({
      problem: `a check of kind ${kind} knows no key \`${shownKey(key)}\``,
      ...suggestion(key, KEYS[kind]),
    }));
  const name = path.join('.');
  const value = valueAt(table, path);
  if (value === undefined && issue.code !== 'custom') return [{ problem: `there is no \`${name}\`` }];
  const isTold = value === undefined ? 'is not given' : `is ${shown(value)}`;
  if (issue.code === 'invalid_value') {
    const known = issue.values.map(String);
    return [
      {
        problem: `\`${name}\` ${isTold}; known are ${known.join(', ')}`,
        ...(typeof value === 'string' && suggestion(value, known)),
      },
    ];
  }
  return [{ problem: `\`${name}\` ${isTold}; expected is ${expectedBy(issue)}` }];
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  record: 'a table',
};

function expectedBy(issue: ZodIssue): string {
  if (issue.code === 'invalid_type') return TYPE_WORDS[issue.expected] ?? issue.expected;
  if (issue.code === 'invalid_union')
    return [...new Set(issue.errors.flat().map((one) => expectedBy(one)))].join(', or ');
  return issue.message;
}

const MAX_SHOWN_KEY = 60;
const shownKey = (key: string): string => key.slice(0, MAX_SHOWN_KEY);

/** A text as it is written; of anything else what it is. */
function shown(value: unknown): string {
  if (typeof value === 'string') return quoted(value);
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint')
    return String(value);
  if (Array.isArray(value)) return 'a list';
  return value instanceof Date ? 'a date' : 'a table';
}

function valueAt(table: Table, path: readonly string[]): unknown {
  let value: unknown = table;
  for (const part of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined;
    value = (value as Table)[part];
  }
  return value;
}

function suggestion(word: string, known: readonly string[]): Pick<Problem, 'suggestion'> {
  const near = nearest(word, known);
  return near === undefined ? {} : { suggestion: near };
}
