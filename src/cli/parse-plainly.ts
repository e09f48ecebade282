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
  const entries = Object.entries(options);
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
    default: Object.fromEntries(
      entries.flatMap(([name, { default: value }]) => (value === undefined ? [] : [[name, value]])),
    ),
    configuration: { ...PARSER_CONFIGURATION, 'camel-case-expansion': false, 'strip-aliased': true },
  });
  const { _: words, ...values }: Record<string, unknown> = parsed;
  const isPlain =
    !error &&
    Array.isArray(words) &&
    words.length === 0 &&
    Object.entries(values).every(([name, value]) => isFit(value, options[name]));
  return isPlain ? values : undefined;
}

/** Whether a value needs no word of yargs: the right type, not missing, one of the choices. */
function isFit(value: unknown, option: Options | undefined): boolean {
  if (option === undefined) return false;
  if (option.type === 'boolean') return typeof value === 'boolean';
  if (option.array)
    return Array.isArray(value) && value.every((item) => typeof item === 'string' && item !== '');
  if (typeof value !== 'string' || value === '') return false;
  return option.choices === undefined || option.choices.includes(value);
}
