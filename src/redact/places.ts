import { visible, visibleInOneLine } from './control.ts';
import { findSecrets } from './find.ts';
import { isHarmless, isIdentifier, isOpaque } from './opaque.ts';
import { isSecretArgument, isSecretName } from './rules/named.ts';
import { partsOfUrls } from './rules/urls.ts';

const ARGUMENT = '<argument>';
const HEADER_VALUE = '<header value>';

/** Flags whose argument is a header or an assignment: its name is shown, its value is judged by that name. */
const FLAGS_WITH_PAIRS = /^(?:-H|--header|-e|--env|--build-arg)$/;
/** Flags whose argument is `name:password`. */
const FLAGS_WITH_CREDENTIALS = /^(?:-u|-U|--user|--proxy-user)$/;

/**
 * Arguments as a report may show them: flags, names, words, paths and packages stay; the values of flags with a
 * secret's name and whatever looks made by a machine become `<argument>`.
 */
export function describeArguments(args: readonly string[]): string[] {
  return args.map((argument, index) => {
    const before = args[index - 1];
    if (before === undefined) return describeArgument(argument, { isPair: false });
    const isCredential = FLAGS_WITH_CREDENTIALS.test(before) && argument.includes(':');
    if (isCredential || isSecretArgument(argument, before)) return ARGUMENT;
    return describeArgument(argument, { isPair: FLAGS_WITH_PAIRS.test(before) });
  });
}

function describeArgument(argument: string, { isPair }: { readonly isPair: boolean }): string {
  const pair = /^(?<name>-{0,2}[A-Za-z_][\w.-]*)(?<separator>=|:\s*)(?<value>[^]*)$/.exec(argument)?.groups;
  const { name = '', separator = '', value = '' } = pair ?? {};
  if (pair && value !== '' && !value.startsWith('//') && (separator === '=' || isPair)) {
    // Some tokens have a `=` inside.
    if (isOpaque(name) || hideSecrets(name, ARGUMENT) !== name) return ARGUMENT;
    const secret = isSecretName(name) || /^(?:proxy-)?authorization$|cookie$/i.test(name);
    const clean = secret && !isHarmless(value) ? ARGUMENT : describeWord(value);
    return `${visibleInOneLine(name)}${separator}${clean}`;
  }
  return describeWord(argument);
}

function describeWord(word: string): string {
  if (word.includes('://')) return visibleInOneLine(hideSecrets(describeUrl(word), ARGUMENT));
  const hidden = hideSecrets(word, ARGUMENT);
  if (hidden !== word) return visibleInOneLine(hidden);
  return isOpaque(word) || isIdentifier(word) ? ARGUMENT : visibleInOneLine(word);
}

function hideSecrets(text: string, shown: string): string {
  let position = 0;
  const pieces: string[] = [];
  for (const { start, end } of findSecrets(text)) {
    // What stands for a hidden part is itself the value of some name.
    const isShown = /^<[a-z ]+>$/.test(text.slice(start, end));
    pieces.push(text.slice(position, start), isShown ? text.slice(start, end) : shown);
    position = end;
  }
  return [...pieces, text.slice(position)].join('');
}

/** Headers by name, with `<header value>` for each value and `<empty>` for none. */
export function describeHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  return describeMembers(headers, { set: HEADER_VALUE });
}

/** Variables by name, with `<set>` or `<empty>`; those that are undefined are left out. */
export function describeEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  return describeMembers(environment, { set: '<set>' });
}

function describeMembers(
  members: Readonly<Record<string, string | undefined>>,
  words: { readonly set: string },
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(members)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [
        visibleInOneLine(hideSecrets(name, '<name>')),
        value === '' ? '<empty>' : words.set,
      ]),
  );
}

const URL_PARTS = { credentials: '<user info>', value: '<value>', fragment: '<fragment>' } as const;

/**
 * A URL with scheme, host, port, path and parameter names; user name, password, values and fragment are hidden. Takes
 * any text: what has no scheme or is no URL at all comes back with what is secret in it hidden.
 */
export function describeUrl(url: string): string {
  const withScheme = url.includes('://') ? url : `none://${url}`;
  const addedLength = withScheme.length - url.length;
  const pieces: string[] = [];
  let position = addedLength;
  for (const { start, end, kind } of partsOfUrls(withScheme)) {
    if (start < position) continue;
    pieces.push(withScheme.slice(position, start), URL_PARTS[kind]);
    position = end;
  }
  pieces.push(withScheme.slice(position));
  return visible(hideSecrets(pieces.join(''), '<secret>'));
}
