type Environment = Readonly<Record<string, string | undefined>>;

export interface EffectiveLocale {
  readonly variable: string;
  readonly value: string;
}

/** What decides how bytes become characters: the first of the three that is not empty, as POSIX ranks them. */
export function characterLocale(env: Environment): EffectiveLocale | undefined {
  return firstSet(env, ['LC_ALL', 'LC_CTYPE', 'LANG']);
}

export const isUtf8Locale = ({ value }: EffectiveLocale): boolean => /utf-?8/i.test(value);

/**
 * The language that programs speak, as a tag such as `de-DE`. `LANGUAGE` lists preferences and counts only where the
 * locale is not the untranslated one (gettext).
 */
export function languageTag(env: Environment): string | undefined {
  const locale = firstSet(env, ['LC_ALL', 'LC_MESSAGES', 'LANG']);
  if (!locale) return undefined;
  const plain = languageOf(locale.value);
  if (plain === 'C' || plain === 'POSIX') return plain;
  const [preferred] = (env['LANGUAGE'] ?? '').split(':').filter((entry) => entry !== '');
  return languageOf(preferred ?? locale.value);
}

/** `de_DE.UTF-8@euro` without encoding and variant, in the spelling of language tags. */
const languageOf = (locale: string): string => (locale.split(/[.@]/)[0] ?? '').replaceAll('_', '-');

function firstSet(env: Environment, names: readonly string[]): EffectiveLocale | undefined {
  for (const variable of names) {
    const value = env[variable];
    if (value) return { variable, value };
  }
  return undefined;
}
