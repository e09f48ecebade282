/** Hides what must not leave this machine. One redactor per report, so that the same secret gets the same placeholder. */
export interface Redactor {
  text(text: string): string;
  /** Redacts every string in plain data; keys are kept. */
  value<Value>(value: Value): Value;
  /** What was hidden so far, by rule; sorted by rule. */
  ledger(): readonly { readonly rule: string; readonly count: number }[];
}

export interface RedactorOptions {
  /** Shown as `~`. */
  readonly userDirectory: string;
}

export function createRedactor({ userDirectory }: RedactorOptions): Redactor {
  const counts = new Map<string, number>();
  const text = (input: string): string =>
    input.replaceAll(userDirectory, () => {
      counts.set('home-directory', (counts.get('home-directory') ?? 0) + 1);
      return '~';
    });
  const value = <Value>(input: Value): Value => {
    if (typeof input === 'string') return text(input) as Value;
    if (Array.isArray(input)) return input.map(value) as Value;
    if (typeof input === 'object' && input !== null)
      return Object.fromEntries(Object.entries(input).map(([key, item]) => [key, value(item)])) as Value;
    return input;
  };
  return {
    text,
    value,
    ledger: () =>
      [...counts].map(([rule, count]) => ({ rule, count })).toSorted((a, b) => (a.rule < b.rule ? -1 : 1)),
  };
}
