import parse from 'yargs-parser';
import type { Options } from 'yargs';

/** How option values are read, here and by yargs itself. */
export const PARSER_CONFIGURATION = {
  'boolean-negation': false,
  'dot-notation': false,
  'greedy-arrays': false,
  'parse-numbers': false,
  'duplicate-arguments-array': true,
} as const;

/**
 * Reads a command line in which there is nothing to explain, with the parser inside yargs. Building a whole yargs costs
 * as much time as half of a small examination, and is only needed for help and for mistakes.
 * @returns the options by name with their defaults; undefined when yargs has something to say
 */
export function parsePlainly(
  argv: readonly string[],
  options: Readonly<Record<string, Options>>,
): Record<string, unknown> | undefined {
  // The parser's time grows with every option that it knows of, so it is told of those alone that are there.
  const entries = Object.entries(options).filter(([name, { alias }]) =>
    argv.some((word) => names(word, name) || (typeof alias === 'string' && names(word, alias))),
  );
  const named = (test: (option: Options) => boolean): string[] =>
    entries.filter(([, option]) => test(option)).map(([name]) => name);
  const { argv: parsed, error } = parse.detailed([...argv], {
    alias: Object.fromEntries(
      entries.flatMap(([name, { alias }]) => (typeof alias === 'string' ? [[name, [alias]]] : [])),
    ),
    array: named((option) => option.array === true),
    boolean: named((option) => option.type === 'boolean'),
    string: named((option) => option.type !== 'boolean'),
    narg: Object.fromEntries(named((option) => option.requiresArg === true).map((name) => [name, 1])),
    configuration: { ...PARSER_CONFIGURATION, 'camel-case-expansion': false, 'strip-aliased': true },
  });
  const { _: words, ...values }: Record<string, unknown> = parsed;
  const isPlain =
    !error &&
    Array.isArray(words) &&
    words.length === 0 &&
    Object.entries(values).every(([name, value]) => isFit(value, options[name]));
  if (!isPlain) return undefined;
  const defaults = Object.entries(options).flatMap(([name, { default: value }]) =>
    value === undefined ? [] : [[name, value]],
  );
  return { ...Object.fromEntries(defaults), ...values };
}

/** Whether a word may be this option: `--home`, `--home=there`, `-c`, `-cthere`. */
const names = (word: string, name: string): boolean =>
  name.length === 1
    ? word.startsWith(`-${name}`)
    : word === `--${name}` ||
      word.startsWith(`--${name}=`) ||
      word === `-${name}` ||
      word.startsWith(`-${name}=`);

/** Whether a value needs no word of yargs: the right type, not missing, one of the choices. */
function isFit(value: unknown, option: Options | undefined): boolean {
  if (option === undefined) return false;
  if (option.type === 'boolean') return typeof value === 'boolean';
  if (option.array)
    return Array.isArray(value) && value.every((item) => typeof item === 'string' && item !== '');
  if (typeof value !== 'string' || value === '') return false;
  return option.choices === undefined || option.choices.includes(value);
}
